"""Where postings could lie: a table of SQLite, LMDB, or chains in a mapped file.

    python -m benchmarks.filter.stores --postings 1000000 16000000

Each keeps the same keys of the same made-up articles, 55 an article, most of them
found nowhere else, in transactions of 200 articles, and is asked for articles that
it has not seen. LMDB is measured if it is installed.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.filter.rivals import PostingTable
from dedup.index.posting_file import PostingFile

Keys = NDArray[np.uint64]

_KEYS = 55
_SHARED = 12
_CHUNK = 200
_ASKED = 2000


class Store(Protocol):
    """What is measured."""

    def add(self, first: int, articles: Keys, /) -> None:
        """Keep the keys of articles, of shape (n, 55), in one transaction."""

    def ask(self, keys: Keys) -> int:
        """Return how many postings there are under the keys."""

    def size(self) -> int:
        """Return the bytes on disk."""


class Table(PostingTable):
    """A posting table: ``WITHOUT ROWID``, in WAL mode."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "table.db")


class Lmdb:
    """LMDB with duplicate keys, synced as SQLite's NORMAL."""

    def __init__(self, folder: Path) -> None:
        import lmdb

        self._path = folder / "lmdb"
        self._db = lmdb.open(str(self._path), map_size=1 << 36, max_dbs=1, sync=False)
        self._table = self._db.open_db(b"posting", dupsort=True, dupfixed=True)

    def add(self, first: int, articles: Keys) -> None:
        """Keep the keys of articles."""
        with self._db.begin(write=True, db=self._table) as change:
            for number, keys in enumerate(articles, first):
                packed = number.to_bytes(4, "big")
                raw = keys.astype(">u8").tobytes()
                pairs = [(raw[at : at + 8], packed) for at in range(0, len(raw), 8)]
                change.cursor().putmulti(pairs)

    def ask(self, keys: Keys) -> int:
        """Return how many postings there are under the keys."""
        raw = keys.astype(">u8").tobytes()
        asked = [raw[at : at + 8] for at in range(0, len(raw), 8)]
        with self._db.begin(db=self._table) as reading:
            return len(reading.cursor().getmulti(asked, dupdata=True))

    def size(self) -> int:
        """Return the bytes on disk."""
        return sum(file.stat().st_blocks * 512 for file in self._path.iterdir())


class Chains:
    """Chains in a mapped file, the index's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._generation = 0
        self._file = PostingFile.create(folder / "chains-0", b"0" * 16)

    def add(self, first: int, articles: Keys) -> None:
        """Keep the keys of articles."""
        for number, keys in enumerate(articles, first):
            if not self._file.has_room(len(keys)):
                self._generation += 1
                small = self._file
                larger = self._folder / f"chains-{self._generation}"
                self._file = small.larger(larger, len(keys))
                small.discard()
            self._file.append(keys, number, len(keys) - 1)

    def ask(self, keys: Keys) -> int:
        """Return how many articles share enough of the keys."""
        return len(self._file.find(keys).numbers)

    def size(self) -> int:
        """Return the bytes on disk."""
        return self._file.bytes_on_disk


def keys_of(count: int, seed: int) -> Iterator[Keys]:
    """Yield keys: most are an article's own, some are of phrases that many use."""
    draw = np.random.default_rng(seed)
    phrases = draw.integers(0, 1 << 61, 1 << 20, np.uint64)
    while count > 0:
        size = min(_CHUNK, count)
        keys = draw.integers(0, 1 << 61, (size, _KEYS), np.uint64)
        picked = (len(phrases) * draw.random((size, _SHARED)) ** 3).astype(np.int64)
        keys[:, -_SHARED:] = phrases[picked]
        yield keys & ~np.uint64(3) | np.uint64(2)
        count -= size


def measure(store: Store, sizes: list[int]) -> Iterator[dict[str, object]]:
    """Fill a store; yield its figures at each size."""
    number = 1
    for size in sizes:
        seconds, before = 0.0, number
        for keys in keys_of(size // _KEYS - number, seed=number):
            start = time.perf_counter()
            store.add(number, keys)
            seconds += time.perf_counter() - start
            number += len(keys)
        times = []
        for chunk in keys_of(_ASKED, seed=-size & 0xFFFF):
            for keys in chunk:
                start = time.perf_counter_ns()
                store.ask(keys)
                times.append(time.perf_counter_ns() - start)
        times.sort()
        yield {
            "store": type(store).__name__,
            "postings": (number - 1) * _KEYS,
            "articles_in_per_second": round((number - before) / seconds),
            "ask_p50_us": times[len(times) // 2] / 1000,
            "ask_p99_us": times[len(times) * 99 // 100] / 1000,
            "bytes_a_posting": round(store.size() / ((number - 1) * _KEYS), 1),
        }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--postings", type=int, nargs="+", default=[1_000_000, 4_000_000])
    parser.add_argument("--out", type=Path, help="append the figures to this file too")
    options = parser.parse_args()
    for kind in (Chains, Table, Lmdb):
        with tempfile.TemporaryDirectory() as folder:
            try:
                store = kind(Path(folder))
            except ImportError:
                continue
            for row in measure(store, sorted(options.postings)):
                print(json.dumps(row), flush=True)
                if options.out:
                    with options.out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
