"""Measure `dedup explore` at scale: ``python -m benchmarks.report.explore [CLUSTERS]``.

The result is put together, not detected: what is measured is writing the result
file, and how long a page takes.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dedup.article import Article
from dedup.batch import Deduplication, Tally
from dedup.boilerplate.learned import Boilerplate
from dedup.cluster import Member, Members
from dedup.fingerprint import Recipe
from dedup.match import Match, Matches, Policy, compare
from dedup.reports.report import write_result
from dedup.reports.stored_result import StoredResult

_START = datetime(2026, 8, 1, tzinfo=UTC)
_SENTENCE = "Clerk {0} of ward {1} told the council that ferry {2} would run every hour from June. "


def _text(number: int, copy: int) -> str:
    story = "".join(_SENTENCE.format(number * 31 + n, number % 97 + n, n) for n in range(16))
    return story + f"Copy {copy} of it ends here." * copy


def main() -> None:
    """Print one JSON object of what was measured."""
    clusters = int(sys.argv[1]) if len(sys.argv) > 1 else 333_334
    result = _result(clusters)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "result.dedup")
        write = _seconds(lambda: write_result(result, _article, path))
        stored = StoredResult(path)
        asked: dict[str, Callable[[], object]] = {
            "shell": lambda: stored.shell,
            "index": lambda: stored.index,
            "first page": stored.listed,
            "page 1000 by lag": lambda: stored.listed(sort="lag", page=1000),
            "search": lambda: stored.listed(words=["harbour", "99731"]),
            "filter": lambda: stored.listed(source=3, kind=0, sort="weakest"),
            "cluster": lambda: stored.fragment(f"/cluster/{clusters // 2:07d}-0"),
            "pair": lambda: stored.fragment(f"/pair/{clusters // 2:07d}-0/{clusters // 2:07d}-1"),
        }
        figures = {
            "articles": len(result.members),
            "clusters": len(result.clusters),
            "megabytes": round(path.stat().st_size / 1e6),
            "write_seconds": round(write, 1),
            "milliseconds": {name: round(_seconds(ask) * 1000) for name, ask in asked.items()},
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        stored.close()
    print(json.dumps(figures))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _article(identity: str, text: str | None = None) -> Article:
    number, copy = map(int, identity.split("-"))
    return Article(
        identity,
        _text(number, copy) if text is None else text,
        title=f"Harbour ferry report {number} as carried {copy}",
        url=f"https://outlet{(number + copy) % 50}.example/{identity}",
        source=f"Outlet {(number + copy) % 50}",
        published=_START + timedelta(minutes=number % 40_000 + copy * (number % 600)),
    )


def _result(clusters: int) -> Deduplication:
    pattern = compare(_article("0000000-0"), _article("0000000-1"))
    members: list[Member] = []
    matches: list[Match] = []
    for number in range(clusters):
        ids = [f"{number:07d}-{copy}" for copy in range(3)]
        for one in ids:
            members.append(Member(_article(one, ""), len(members), 200.0, 220.0))
        matches += [Match(ids[0], other, pattern.relation, pattern.evidence) for other in ids[1:]]
    tally = Tally(len(members), 0, 0, len(matches), 0, 0)
    pairs = Matches.of(matches, Policy())
    return Deduplication(
        pairs,
        Members.of(members),
        Boilerplate(),
        Recipe(),
        Policy(),
        "earliest",
        "components",
        tally,
    )


if __name__ == "__main__":
    main()
