"""Megabytes a second from files to articles, beside the parser alone."""

import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from benchmarks.floors import Figure
from dedup.formats import read_articles
from dedup.formats.page import extract_page

__all__ = ["archives", "throughput"]

_RUNS = 3
_PAGES = 60


def throughput(data: Path) -> tuple[list[str], list[Figure]]:
    """Return a line for each format: CPU seconds of one thread, best of three."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "articles.jsonl")
        raw = gzip.decompress((data / "reuters" / "articles.jsonl.gz").read_bytes())
        lines.write_bytes(raw)
        rows = [orjson.loads(line) for line in raw.splitlines()]
        table = pa.Table.from_pylist(rows)
        parquet.write_table(table, Path(folder, "articles.parquet"), compression="zstd")
        names = list(rows[0])
        import csv

        with Path(folder, "articles.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        Path(folder, "articles.json").write_bytes(orjson.dumps(rows))
        count, megabytes = len(rows), len(raw) / 1e6
        del rows, raw, table

        def parsed(parse: Callable[[bytes], object]) -> Iterator[object]:
            with lines.open("rb") as stream:
                yield from map(parse, stream)

        ways: dict[str, Callable[[], Iterator[object]]] = {
            "orjson.loads alone, .jsonl": lambda: parsed(orjson.loads),
            "json.loads alone, .jsonl": lambda: parsed(json.loads),
            "dedup, .jsonl": lambda: read_articles(lines),
            "dedup, .parquet": lambda: read_articles(Path(folder, "articles.parquet")),
            "dedup, .csv": lambda: read_articles(Path(folder, "articles.csv")),
            "dedup, .json (one array)": lambda: read_articles(Path(folder, "articles.json")),
        }
        said = [
            f"throughput: {count:,} articles, {megabytes:.0f} MB of JSON Lines; MB a CPU second"
        ]
        rates = {}
        for name, start in ways.items():
            seconds = min(_cpu_seconds(start) for _ in range(_RUNS))
            each = 1e6 * seconds / count
            rates[name] = megabytes / seconds
            said.append(f"  {name:30} {rates[name]:6.0f} MB/s {each:6.1f} us an article")
    parser = rates["json.loads alone, .jsonl"]
    return said, [
        Figure("throughput", "JSON Lines, MB a CPU second", rates["dedup, .jsonl"]),
        Figure("throughput", "JSON Lines, times json.loads alone", rates["dedup, .jsonl"] / parser),
        Figure("throughput", "Parquet, MB a CPU second", rates["dedup, .parquet"]),
        Figure("throughput", "Parquet, times json.loads alone", rates["dedup, .parquet"] / parser),
    ]


def _cpu_seconds(start: Callable[[], Iterator[object]]) -> float:
    began = time.process_time()
    for _ in start():
        pass
    return time.process_time() - began


def archives(data: Path) -> tuple[list[str], list[Figure]]:
    """Return how much of reading a web archive is extraction."""
    import tarfile

    with tarfile.open(data / "webpages" / "scrapinghub.tar.gz") as archive:
        members = [m for m in archive.getmembers() if m.name.endswith(".html.gz")][:_PAGES]
        pages = [gzip.decompress(f.read()) for m in members if (f := archive.extractfile(m))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pages.warc")
        path.write_bytes(b"".join(map(_response, pages)))
        extract_page("", pages[0], extract="fast")
        alone = min(_cpu_seconds(lambda: _extracted(pages)) for _ in range(_RUNS))
        whole = min(_cpu_seconds(lambda: read_articles(path, extract="fast")) for _ in range(_RUNS))
    return [
        (
            f"web archive: {len(pages)} pages; CPU ms a page: extraction alone, fast "
            f"{1000 * alone / len(pages):.1f}, reading the archive {1000 * whole / len(pages):.1f}"
        )
    ], [Figure("throughput", "web archive, times extraction alone", whole / alone)]


def _extracted(pages: list[bytes]) -> Iterator[object]:
    return (extract_page("", page, extract="fast", encoding="utf-8") for page in pages)


def _response(page: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"
