"""Kill writers at random points; count what was acknowledged and is not there.

    python -m benchmarks.filter.kills --kills 1000

Two writers admit articles, one by one and many at a time; each reports an article
once its verdict has come back. They are killed (SIGKILL) after a random time; what
they reported is then looked for in the index, whose every row and posting is
verified. Indexes are small and new after some kills, so that posting files often
grow and sites are often learned while somebody is being killed.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.filter.stories import make_story
from dedup.index import open_index
from dedup.index.copying import forget
from dedup.index.names import id_key
from dedup.stream import DuplicateFilter

_WRITERS = 2
_KILLS_AN_INDEX = 20
_LONGEST_SECONDS = 0.2


def write(url: str, writer: int, round_number: int, pipe: int) -> None:
    """Admit articles until killed; report each that is acknowledged."""
    draw = random.Random(f"{writer}/{round_number}")
    number = 0
    with open_index(url, create=False) as index:
        gate = DuplicateFilter(index)
        while True:
            count = draw.choice((1, 1, 1, 8, 40))
            seed = 1 + 2 * round_number + writer
            articles = [make_story(number + n, sentences=6, seed=seed) for n in range(count)]
            number += count
            gate.admit_many(articles)
            os.write(pipe, b"".join(f"{article.id}\n".encode() for article in articles))
            if draw.random() < 0.05:
                index.compact()


def kill_once(url: str, round_number: int, draw: random.Random) -> list[str]:
    """Let writers run, kill them, return the ids they reported."""
    pipes, children = [], []
    for writer in range(_WRITERS):
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                write(url, writer, round_number, theirs)
            finally:
                os._exit(1)
        os.close(theirs)
        pipes.append(ours)
        children.append(child)
    time.sleep(draw.uniform(0.0, _LONGEST_SECONDS))
    for child in children:
        os.kill(child, signal.SIGKILL)
    died = [os.WTERMSIG(os.waitpid(child, 0)[1]) for child in children]
    if died != [signal.SIGKILL] * _WRITERS:
        raise SystemExit("a writer ended by itself: see its traceback above")
    return [one for pipe in pipes for one in _reported(pipe)]


def _reported(pipe: int) -> Iterator[str]:
    with os.fdopen(pipe, "rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield line[:-1].decode()


def check(url: str, acknowledged: set[str]) -> tuple[int, list[str], float]:
    """Return how many are lost, what does not hold, and how long opening took."""
    start = time.perf_counter()
    with open_index(url, create=False) as index:
        seconds = time.perf_counter() - start
        with index.snapshot():
            lost = sum(
                not any(row.id == one for row in index.rows(index.numbers_of(id_key(one), 99)))
                for one in acknowledged
            )
        return lost, list(index.problems()), seconds


def run(kills: int, folder: Path, seed: int) -> dict[str, object]:
    """Kill so many times; return the tally."""
    draw = random.Random(seed)
    total = lost = 0
    broken: list[str] = []
    slowest = 0.0
    acknowledged: set[str] = set()
    url = ""
    with open_index("memory:") as warm:
        DuplicateFilter(warm).admit_many(make_story(n) for n in range(20))
    for number in range(kills):
        if number % _KILLS_AN_INDEX == 0:
            url, acknowledged = f"sqlite:///{folder}/kills-{number}.db", set()
            open_index(url).close()
        reported = kill_once(url, number, draw)
        total += len(reported)
        acknowledged.update(reported)
        missing, problems, seconds = check(url, acknowledged)
        lost += missing
        broken += problems
        slowest = max(slowest, seconds)
        if number % _KILLS_AN_INDEX == _KILLS_AN_INDEX // 2:
            _forget_some(url, acknowledged)
    return {
        "kills": kills * _WRITERS,
        "acknowledged": total,
        "lost": lost,
        "inconsistent": len(broken),
        "first": broken[:3],
        "slowest_reopen_seconds": round(slowest, 3),
    }


def _forget_some(url: str, acknowledged: set[str]) -> None:
    gone = set(sorted(acknowledged)[::5])
    with open_index(url, create=False) as index:
        forget(index, lambda row: row.id in gone)
    acknowledged -= gone


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=500, help="rounds of two kills each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(options.kills, Path(folder), options.seed)
    print(json.dumps(tally))
    sys.exit(bool(tally["lost"] or tally["inconsistent"]))


if __name__ == "__main__":
    main()
