"""Kill writers, moves and servers at random points; count what was acknowledged and is lost.

    python -m benchmarks.filter.kills --kills 500
    python -m benchmarks.filter.kills moves --kills 200 --index redis
    python -m benchmarks.filter.kills servers --kills 200 --index postgres

``writers``: two admit articles, one by one and many at a time, compact, close and open;
each reports an article once its verdict has come back. ``moves``: one writes while another
merges an index, of the same recipe or of another, into the same index. They are killed
(SIGKILL) after a random time. ``servers``: the server is killed, with all of its processes,
and started again. What was reported is then looked for in the index, whose every row and
posting is verified. Indexes are small and new after some kills, so that posting files
often grow and sites are often learned while somebody is being killed.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.filter.killed_servers import Server, server_of
from benchmarks.filter.stories import make_story
from dedup.errors import StoredIndexError
from dedup.fingerprint import Recipe
from dedup.index import Settings, create_index, open_index
from dedup.index.copying import forget
from dedup.index.names import id_key
from dedup.stream import DuplicateFilter
from dedup.stream.merging import merge_index

#: What a process does until it is killed, reporting to a pipe.
Work = Callable[[int], object]

_WRITERS = 2
#: Articles of an index that is moved.
_MOVED = 900
_KILLS_AN_INDEX = 20
_LONGEST_SECONDS = 0.2


def write(url: str, writer: int, round_number: int, pipe: int) -> None:
    """Admit articles until killed; report each that is acknowledged."""
    draw = random.Random(f"{writer}/{round_number}")
    number = 0
    while True:
        # To close it moves what waits in the log.
        with open_index(url, create=False) as index:
            gate = DuplicateFilter(index)
            for _ in range(draw.randrange(1, 30)):
                count = draw.choice((1, 1, 8, 40, 100, 100))
                seed = 1 + 2 * round_number + writer
                articles = [make_story(number + n, sentences=6, seed=seed) for n in range(count)]
                number += count
                gate.admit_many(articles)
                os.write(pipe, b"".join(f"{article.id}\n".encode() for article in articles))
                if draw.random() < 0.05:
                    index.compact()


def move(source: str, into: str, pipe: int) -> None:
    """Merge an index into another; report its articles when that is done."""
    with open_index(source, create=False) as whole, open_index(into, create=False) as target:
        merge_index(whole, target)
        os.write(pipe, b"".join(f"{row.id}\n".encode() for row in whole.scan()))
    time.sleep(_LONGEST_SECONDS)


def kill_once(works: Sequence[Work], seconds: float) -> list[str]:
    """Let processes run, kill them, return the ids they reported."""
    children = [start(work) for work in works]
    time.sleep(seconds)
    for child, _ in children:
        os.kill(child, signal.SIGKILL)
    died = [os.WTERMSIG(os.waitpid(child, 0)[1]) for child, _ in children]
    if died != [signal.SIGKILL] * len(works):
        raise SystemExit("a writer ended by itself: see its traceback above")
    return [one for _, pipe in children for one in _reported(pipe)]


def kill_server(server: Server, works: Sequence[Work], seconds: float) -> list[str]:
    """Let processes run, kill their server, start it; return the ids they reported."""
    children = [start(work, is_server_killed=True) for work in works]
    time.sleep(seconds)
    server.kill()
    for child, _ in children:
        os.waitpid(child, 0)
    server.start()
    return [one for _, pipe in children for one in _reported(pipe)]


def start(work: Work, *, is_server_killed: bool = False) -> tuple[int, int]:
    """Start a process; return its number and the pipe it reports to."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(theirs)
        except StoredIndexError as error:
            if not is_server_killed:
                print(error, file=sys.stderr)
        finally:
            os._exit(1)
    os.close(theirs)
    return child, ours


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


def run(what: str, kind: str, kills: int, folder: Path, seed: int) -> dict[str, object]:
    """Kill so many times; return the tally."""
    draw = random.Random(seed)
    total = lost = killed = 0
    broken: list[str] = []
    slowest = 0.0
    acknowledged: set[str] = set()
    url = ""
    sources = _warm_up(folder)
    with server_of(kind, folder) as server:
        for number in range(kills):
            if number % _KILLS_AN_INDEX == 0 or kind == "redis":
                # Who is killed in Redis keeps its turn for ten seconds.
                url, acknowledged = server.url(f"kills{number}"), set()
                open_index(url).close()
            works: list[Work] = [partial(write, url, n, number) for n in range(_WRITERS)]
            if what == "moves":
                works[-1] = partial(move, sources[number % len(sources)], url)
            seconds = draw.uniform(0.0, _LONGEST_SECONDS)
            if what == "servers":
                reported = kill_server(server, works, 2 * seconds)
            else:
                reported = kill_once(works, seconds)
            killed += 1 if what == "servers" else len(works)
            total += len(reported)
            acknowledged.update(reported)
            missing, problems, seconds = check(url, acknowledged)
            lost += missing
            broken += problems
            slowest = max(slowest, seconds)
            if what == "writers" and number % _KILLS_AN_INDEX == _KILLS_AN_INDEX // 2:
                _forget_some(url, acknowledged)
    for source in sources:
        missing, problems, _ = check(source, {make_story(n, seed=-1).id for n in range(_MOVED)})
        lost += missing
        broken += problems
    return {
        "what": what,
        "index": kind,
        "kills": killed,
        "acknowledged": total,
        "lost": lost,
        "inconsistent": len(broken),
        "first": broken[:3],
        "slowest_reopen_seconds": round(slowest, 3),
    }


def _warm_up(folder: Path) -> list[str]:
    """Load what all processes use; make the indexes that are moved, of two recipes."""
    made = []
    for seed in (0, 5):
        made.append(f"sqlite:///{folder}/moved-{seed}.db")
        with create_index(made[-1], Settings(recipe=Recipe(seed=seed))) as index:
            DuplicateFilter(index).admit_many(make_story(n, seed=-1) for n in range(_MOVED))
    return made


def _forget_some(url: str, acknowledged: set[str]) -> None:
    gone = set(sorted(acknowledged)[::5])
    with open_index(url, create=False) as index:
        forget(index, lambda row: row.id in gone)
    acknowledged -= gone


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "what", nargs="?", default="writers", choices=["writers", "moves", "servers"]
    )
    parser.add_argument("--index", default="sqlite", choices=["sqlite", "redis", "postgres"])
    parser.add_argument("--kills", type=int, default=500, help="rounds; two are killed in each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="append the tally to this file too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        tally = run(options.what, options.index, options.kills, Path(folder), options.seed)
    if options.out:
        with options.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(tally) + "\n")
    print(json.dumps(tally))
    sys.exit(bool(tally["lost"] or tally["inconsistent"]))


if __name__ == "__main__":
    main()
