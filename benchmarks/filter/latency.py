"""How long checks and admissions take as an index grows, and how many bytes it does.

    python -m benchmarks.filter.latency --source articles.jsonl.gz --sizes 10000,100000,1000000

Articles are generated from the source (see ``benchmarks.corpus``), or invented; one family
in 400 has a copy on every site, 140 of them: ``--most-copies`` leaves out what goes beyond
so many of one family. ``--as-is`` takes the source's articles as they come.

The way to each size is ``admit_many``, 200 at a time; the same keys of the same articles go
into a plain posting table of SQLite (up to ``--table-up-to``), and the articles into gaoya,
rensa and datasketch (up to ``--peers-up-to``). At each size unseen articles are checked, by
all, then admitted one by one; a new process opens the index and tells how long its first
verdict took and what memory it holds. ``--results`` keeps the figures and draws them, after
each size: a run that is stopped has kept those before. How far it is goes to standard error.

A source is used again and again with other words, so that there are articles for any size:
``--sizes 10000,100000,1000000,3000000`` takes 35 GB of disk (10 kB an article, and the posting
file beside a larger copy while it grows; ``--folder`` says where), up to 4 GB of memory for the
posting file's pages, and some 20 minutes, of which making up the articles, one by one as they
are admitted, takes six. Other packages take 3 to 8 GB of memory for a million; what they and
the posting table hold is given back when they have enough.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import orjson

from benchmarks.corpus import Settings, generate
from benchmarks.filter.drawing import growth
from benchmarks.filter.rivals import Peer, PostingTable, peers
from benchmarks.filter.stories import make_story
from benchmarks.speed.runs import environment, results_folder
from dedup import Article, DuplicateFilter, open_index, read_articles
from dedup.index import Settings as IndexSettings
from dedup.index.sqlite import SqliteIndex
from dedup.shingles import Hashes

_CHUNK = 200
#: Matches above which a check is of a large family: those are told apart in the figures.
_LARGE_FAMILY = 20
#: How far it is is said whenever so many more articles are kept.
_TOLD = 50_000
#: Families whose copies are counted at a time: the articles of one come near each other.
_FAMILIES = 1 << 19
_FIRST_VERDICT = """
import json, sys, time
from dedup import Article, DuplicateFilter, open_index
texts = json.load(sys.stdin)
def kilobytes(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))
with open_index("memory:") as warm:
    DuplicateFilter(warm).admit_many([Article(str(n), "A few words to compile by. " * (9 + n))
                                      for n in range(9)])
before = kilobytes("RssAnon")
start = time.perf_counter()
with open_index(sys.argv[1], create=False) as index:
    gate = DuplicateFilter(index)
    gate.check(Article("x", texts[0]))
    seconds = time.perf_counter() - start
    for number, text in enumerate(texts):
        gate.check(Article(str(number), text))
    print(json.dumps({
        "first_verdict_seconds": seconds,
        "own_memory_bytes": (kilobytes("RssAnon") - before) * 1024,
        "mapped_memory_bytes": kilobytes("RssFile") * 1024,
    }))
"""


class Recorded(SqliteIndex):
    """An index that tells which keys it was given."""

    keys: list[Hashes]

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        self.keys.append(keys)
        return super().add(row, keys, samples, text)

    def sizes(self) -> dict[str, float]:
        """Return what an article takes, without reading them all."""
        with self.snapshot():
            articles, postings = self.last_number, self._postings.current
            size = self._tables.size_bytes + postings.bytes_on_disk
            return {
                "postings_an_article": round(postings.count / articles, 1),
                "disk_bytes_an_article": round(size / articles),
            }


def articles(options: argparse.Namespace, count: int) -> Iterator[Article]:
    """Yield articles that come in."""
    if options.plain:
        yield from (make_story(number, sentences=20) for number in range(count))
    elif options.as_is:
        yield from islice(read_articles(options.source), count)
    else:
        yield from islice(_generated(options), count)


def _generated(options: argparse.Namespace) -> Iterator[Article]:
    families: dict[str, int] = {}
    sources = [] if options.source is None else [options.source]
    # More than are asked for: some are left out.
    for piece in generate(Settings(1 << 40, seed=11), sources):
        families[piece.cluster] = copies = families.get(piece.cluster, 0) + 1
        if len(families) > _FAMILIES:
            del families[next(iter(families))]
        if copies <= options.most_copies:
            yield Article(piece.id, piece.text, url=piece.url, source=piece.source,
                          published=piece.published)  # fmt: skip


def timed(work: Callable[[Article], object], asked: Iterable[Article]) -> list[float]:
    """Return how long each call took, in microseconds."""
    times = []
    for article in asked:
        start = time.perf_counter_ns()
        work(article)
        times.append((time.perf_counter_ns() - start) / 1000)
    return times


def summary(times: Sequence[float]) -> dict[str, float]:
    """Return the median, the 99th percentile and the rate."""
    ordered = sorted(times)
    return {
        "p50_us": round(ordered[len(ordered) // 2], 1),
        "p99_us": round(ordered[len(ordered) * 99 // 100], 1),
        "per_second": round(len(ordered) / sum(ordered) * 1e6),
    }


class Fill:
    """Seconds that it took each to keep the articles so far."""

    def __init__(
        self,
        index: Recorded,
        table: PostingTable,
        others: dict[str, Peer],
        peers_up_to: int,
        table_up_to: int,
    ) -> None:
        self.index, self.table, self.others = index, table, others
        self.gate = DuplicateFilter(index)
        self.peers_up_to = peers_up_to
        self.table_up_to = table_up_to
        self.count = 0

    def to(self, size: int, coming: Iterator[Article]) -> dict[str, float]:
        """Keep articles until there are so many; return articles a second."""
        seconds: Counter[str] = Counter()
        kept: Counter[str] = Counter()
        while chunk := list(islice(coming, min(_CHUNK, size - self.count))):
            self.index.keys = []
            for name, add in self._taking_part():
                seconds[name] += _took(partial(add, chunk))
                kept[name] += len(chunk)
            before, self.count = self.count, self.count + len(chunk)
            if before // _TOLD < self.count // _TOLD:
                rate = kept["admit_many"] / seconds["admit_many"]
                print(f"{self.count:,} kept, {rate:,.0f} a second", file=sys.stderr, flush=True)
        if self.count < size:
            sys.exit(f"the source has {self.count:,} articles, {size:,} were asked for")
        return {name: round(kept[name] / spent) for name, spent in seconds.items()}

    def give_back(self) -> None:
        """Give back what those hold that take part no more."""
        if self.count >= self.peers_up_to:
            self.others.clear()
        if self.count >= self.table_up_to:
            self.table.remove()

    def _taking_part(self) -> Iterator[tuple[str, Callable[[list[Article]], object]]]:
        yield "admit_many", self.gate.admit_many
        if self.count < self.table_up_to:
            yield "posting_table", lambda _: self.table.add(self.count + 1, self.index.keys)
        if self.count < self.peers_up_to:
            for name, peer in self.others.items():
                yield name, peer.add


def _took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(fill: Fill, asked: list[Article], url: str) -> dict[str, object]:
    """Measure one size."""
    half = len(asked) // 2
    gate, checked = fill.gate, asked[:half]
    gate.check(asked[0])
    found: list[int] = []
    times = timed(lambda article: found.append(len(gate.check(article).matches)), checked)
    row: dict[str, object] = {"articles": fill.count, "check": summary(times)}
    small = [spent for spent, n in zip(times, found, strict=True) if n <= _LARGE_FAMILY]
    row["check_small_families"] = summary(small)
    row["large_family_share"] = round(1 - len(small) / len(times), 4)
    row["matches_a_check"] = round(sum(found) / len(found), 2)
    if fill.count <= fill.peers_up_to:
        for name, peer in fill.others.items():
            row[f"{name}_check"] = summary(timed(peer.check, checked))
    fill.index.keys = []
    row["admit"] = summary(timed(gate.admit, asked[half:]))
    row.update(fill.index.sizes())
    texts = json.dumps([article.text for article in checked])
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_VERDICT, url], input=texts, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return row | json.loads(done.stdout)


def main() -> None:
    """Run from the command line."""
    options = _options()
    total = options.sizes[-1] + options.asked * len(options.sizes)
    coming = articles(options, total)
    about = environment([])
    rows: list[dict[str, object]] = []
    with open_index("memory:") as warm:
        # Loops are compiled once for a machine; that is not what is measured.
        DuplicateFilter(warm).admit_many(make_story(number) for number in range(40))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder, "seen.db")
        others = {} if options.peers_up_to <= 0 else dict(peers())
        table = PostingTable(Path(folder, "table.db"))
        with Recorded(path, IndexSettings(), synchronous=options.synchronous) as index:
            fill = Fill(index, table, others, options.peers_up_to, options.table_up_to)
            for size in options.sizes:
                rates = fill.to(size, coming)
                asked = list(islice(coming, options.asked))
                row = measure(fill, asked, f"sqlite:///{path}")
                fill.count += len(asked) - len(asked) // 2
                fill.give_back()
                rows.append({"size": size, "articles_a_second": rates, **row})
                print(json.dumps(rows[-1]), flush=True)
                if options.results:
                    _keep(results_folder(options.results), about, rows, options.name)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.filter.latency", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--source", type=Path, help="a feed; without one articles are invented")
    parser.add_argument(
        "--sizes", type=lambda text: sorted(map(int, text.split(","))), default=[10_000, 100_000],
        help="comma-separated; by default 10000,100000",
    )  # fmt: skip
    parser.add_argument("--asked", type=int, default=4000, help="checked and admitted at each size")
    parser.add_argument("--as-is", action="store_true", help="the source's articles as they come")
    parser.add_argument("--plain", action="store_true", help="invented articles, none a copy")
    parser.add_argument("--most-copies", type=int, default=1 << 30, help="of one family")
    parser.add_argument(
        "--peers-up-to", type=int, default=100_000,
        help="other packages keep so many articles at most: a million take them 3 to 8 GB",
    )  # fmt: skip
    parser.add_argument(
        "--table-up-to", type=int, default=200_000,
        help="the posting table keeps so many articles' keys at most: a million take half an hour",
    )  # fmt: skip
    parser.add_argument("--synchronous", default="normal", choices=["normal", "full"])
    parser.add_argument("--folder", type=Path, help="where the index is made")
    parser.add_argument("--results", type=Path, help="keep the figures in DATE-MACHINE/ in there")
    parser.add_argument("--name", default="filter-latency", help="of the kept files")
    return parser.parse_args()


def _keep(folder: Path, about: dict[str, object], rows: list[dict[str, object]], name: str) -> None:
    content = orjson.dumps({**about, "points": rows}, option=orjson.OPT_INDENT_2)
    (folder / f"{name}.json").write_bytes(content + b"\n")
    note = f"commit {about['commit']}; {about['command']}"
    (folder / f"{name}.svg").write_text(growth(rows, note), "utf-8")
    print(f"kept in {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
