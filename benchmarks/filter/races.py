"""Processes race with the same articles: exactly one may be told that each is new.

    python -m benchmarks.filter.races --processes 8 --articles 1000

Half of the articles are the very same for all, the other half differ by a word or
two from process to process.
"""

import argparse
import json
import os
import sys
import tempfile

from benchmarks.filter.stories import make_story, near_copy
from dedup.index import open_index
from dedup.stream import DuplicateFilter


def run(url: str, processes: int, articles: int) -> dict[str, object]:
    """Let processes race; return how many articles were accepted by how many."""
    with open_index(url) as warm:
        gate = DuplicateFilter(warm)
        gate.check(make_story(-1))
    start_read, start_write = os.pipe()
    pipes = []
    children = []
    for worker in range(processes):
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(start_write)
            os.read(start_read, 1)
            _race(url, worker, articles, theirs)
            os._exit(0)
        os.close(theirs)
        pipes.append(ours)
        children.append(child)
    os.close(start_write)
    accepted = [0] * articles
    for pipe in pipes:
        with os.fdopen(pipe, "rb") as stream:
            for line in stream:
                accepted[int(line)] += 1
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    return {
        "processes": processes,
        "articles": articles,
        "accepted_once": accepted.count(1),
        "accepted_more": sum(count > 1 for count in accepted),
        "accepted_never": accepted.count(0),
        "failed_processes": len(failed),
    }


def _race(url: str, worker: int, articles: int, pipe: int) -> None:
    with open_index(url, create=False) as index:
        gate = DuplicateFilter(index)
        for number in range(articles):
            article = make_story(number)
            if number % 2:
                article = near_copy(article, worker)
            if gate.admit(article).is_new:
                os.write(pipe, f"{number}\n".encode())


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--index", help="an empty index; by default SQLite in a temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.index or f"sqlite:///{folder}/race.db"
        tally = run(url, options.processes, options.articles)
    print(json.dumps(tally))
    sys.exit(tally["accepted_once"] != options.articles)


if __name__ == "__main__":
    main()
