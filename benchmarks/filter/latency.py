"""How long a check and an admission take as an index grows, beside gaoya in memory.

    python -m benchmarks.filter.latency --stored 10000 100000 1000000 --source articles.jsonl.gz

Articles are generated (see ``benchmarks.corpus``) from the source, or invented. At
each size the same unseen articles are checked, then admitted one by one; the way
there is ``admit_many``. gaoya, if it is installed, keeps the same articles in memory
and is asked the same; its answers are estimates without evidence, and are lost with
the process. ``--table`` fills a plain posting table of SQLite with as many keys, 200
articles a transaction. Each figure is one JSON object a line.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.corpus import Settings, generate
from benchmarks.filter.stores import Table, keys_of
from benchmarks.filter.stories import make_story
from dedup.article import Article
from dedup.index import Index, open_index
from dedup.stream import DuplicateFilter

_CHUNK = 200
_GAOYA_MOST = 100_000
_FIRST_VERDICT = """
import sys, time
from dedup.article import Article
from dedup.index import open_index
from dedup.stream import DuplicateFilter
with open_index("memory:") as warm:
    DuplicateFilter(warm).admit_many([Article(str(n), "A few words to compile by. " * (9 + n))
                                      for n in range(9)])
start = time.perf_counter()
with open_index(sys.argv[1], create=False) as index:
    DuplicateFilter(index).check(Article("x", sys.stdin.read()))
    print(time.perf_counter() - start)
"""


def articles(count: int, sources: Iterable[Path], *, is_plain: bool = False) -> Iterator[Article]:
    """Generate articles, some of them copies of others; plain: all of them new."""
    if is_plain:
        yield from (make_story(number, sentences=20) for number in range(count))
        return
    for piece in generate(Settings(count, seed=11), sources):
        yield Article(piece.id, piece.text, url=piece.url, source=piece.source,
                      published=piece.published)  # fmt: skip


def timed(work: Callable[[Article], object], asked: Iterable[Article]) -> dict[str, float]:
    """Return the median and the 99th percentile of single calls, in microseconds."""
    times = []
    for article in asked:
        start = time.perf_counter_ns()
        work(article)
        times.append(time.perf_counter_ns() - start)
    times.sort()
    return {
        "p50_us": times[len(times) // 2] / 1000,
        "p99_us": times[len(times) * 99 // 100] / 1000,
        "per_second": len(times) / sum(times) * 1e9,
    }


def fill(gate: DuplicateFilter, coming: Iterator[Article], count: int) -> float:
    """Admit so many; return articles a second, without what making them cost."""
    seconds, done = 0.0, 0
    while chunk := list(islice(coming, min(_CHUNK, count - done))):
        start = time.perf_counter()
        gate.admit_many(chunk)
        seconds += time.perf_counter() - start
        done += len(chunk)
    return done / seconds if seconds else 0.0


def fill_table(table: Table, first: int, count: int) -> float:
    """Keep as many articles' keys in a plain posting table; return articles a second."""
    seconds, number = 0.0, first
    for keys in keys_of(count, seed=first):
        start = time.perf_counter()
        table.add(number, keys)
        seconds += time.perf_counter() - start
        number += len(keys)
    return (number - first) / seconds if seconds else 0.0


def first_verdict(url: str, text: str) -> float:
    """Return the seconds from opening to the first verdict in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_VERDICT, url], input=text, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return float(done.stdout)


def measure(index: Index, gate: DuplicateFilter, asked: list[Article]) -> dict[str, object]:
    """Measure one size."""
    half = len(asked) // 2
    gate.check(asked[0])
    row: dict[str, object] = {"check": timed(gate.check, asked[:half])}
    row["admit"] = timed(gate.admit, asked[half:])
    # The size is of the files; counting the rows is another matter.
    info = index.info()
    row["articles"] = info.articles
    row["postings_an_article"] = info.postings / info.articles
    row["bytes_an_article"] = (info.bytes_on_disk or info.bytes_in_memory) / info.articles
    row["first_verdict_seconds"] = first_verdict(index.url, asked[0].text)
    return row


class Gaoya:
    """The fastest peer, set up as its documentation does."""

    def __init__(self) -> None:
        from gaoya.minhash import MinHashStringIndex

        self._index = MinHashStringIndex(
            hash_size=32, jaccard_threshold=0.7, num_bands=16, band_size=8, num_hashes=128,
            analyzer="word", lowercase=True, ngram_range=(3, 3),
        )  # fmt: skip
        self._count = 0

    def add(self, article: Article) -> None:
        """Keep an article."""
        self._index.insert_document(self._count, article.text)
        self._count += 1

    def check(self, article: Article) -> object:
        """Ask for an article."""
        return self._index.query(article.text)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--stored", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--asked", type=int, default=4000)
    parser.add_argument("--source", type=Path, action="append", default=[])
    parser.add_argument("--plain", action="store_true", help="articles without any copies")
    parser.add_argument("--synchronous", default="normal", choices=["normal", "full"])
    parser.add_argument("--folder", type=Path, help="where the index is made")
    parser.add_argument(
        "--table", action="store_true", help="fill a plain posting table of SQLite beside it"
    )
    parser.add_argument("--out", type=Path, help="append the figures to this file too")
    options = parser.parse_args()
    total = max(options.stored) + options.asked * len(options.stored)
    coming = articles(total + len(options.stored), options.source, is_plain=options.plain)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        url = f"sqlite:///{folder}/seen.db?synchronous={options.synchronous}"
        with open_index(url) as index:
            gate = DuplicateFilter(index)
            table = Table(Path(folder)) if options.table else None
            _run(index, gate, coming, table, options)


def _run(
    index: Index,
    gate: DuplicateFilter,
    coming: Iterator[Article],
    table: Table | None,
    options: argparse.Namespace,
) -> None:
    try:
        peer: Gaoya | None = Gaoya()
    except ImportError:
        peer = None
    stored = 0
    for size in sorted(options.stored):
        kept: list[Article] = []
        if peer and size <= _GAOYA_MOST:
            kept = list(islice(coming, size - stored))
            for article in kept:
                peer.add(article)
        rate = fill(gate, iter(kept) if kept else coming, size - stored)
        asked = list(islice(coming, options.asked))
        row = {"size": size, "synchronous": options.synchronous, "admit_many_per_second": rate}
        if table:
            row["posting_table_per_second"] = fill_table(table, stored + 1, size - stored)
        row |= measure(index, gate, asked)
        if peer and size <= _GAOYA_MOST:
            row["gaoya_check"] = timed(peer.check, asked[: len(asked) // 2])
        row |= {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": platform.processor() or platform.machine(),
            "python": platform.python_version(),
        }
        stored = size
        line = json.dumps(row)
        print(line, flush=True)
        if options.out:
            with options.out.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


if __name__ == "__main__":
    main()
