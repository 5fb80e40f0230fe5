"""What a gate is measured beside: posting keys in a plain table, and peers in memory.

Peers are set up as for `benchmarks.speed`: word 3-shingles, 128 permutations, 16 bands
of 8 rows, threshold 0.7. Their answers are estimates without evidence, and are lost
with the process.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from dedup import Article
from dedup.shingles import Hashes

__all__ = ["Peer", "PostingTable", "peers"]

_THRESHOLD, _PERMUTATIONS, _BANDS, _ROWS, _WORDS = 0.7, 128, 16, 8, 3
_WORD = re.compile(r"\w+")


class PostingTable:
    """Keys in a table of SQLite ``WITHOUT ROWID``, in WAL mode: no rows, no texts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "CREATE TABLE posting (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) "
            "WITHOUT ROWID"
        )

    def add(self, first: int, articles: Sequence[Hashes]) -> None:
        """Keep the keys of articles, in one transaction."""
        numbers = np.repeat(
            np.arange(first, first + len(articles)), [len(keys) for keys in articles]
        )
        keys = np.concatenate(articles).view(np.int64).tolist()
        self._db.execute("BEGIN IMMEDIATE")
        rows = zip(keys, numbers.tolist(), strict=True)
        self._db.executemany("INSERT OR IGNORE INTO posting VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    def ask(self, keys: Hashes) -> int:
        """Return how many postings there are under the keys."""
        marks = ",".join("?" * len(keys))
        query = f"SELECT number FROM posting WHERE key IN ({marks})"
        return len(self._db.execute(query, keys.view(np.int64).tolist()).fetchall())

    def remove(self) -> None:
        """Give the disk back."""
        self._db.close()
        for file in self._path.parent.glob(f"{self._path.name}*"):
            file.unlink()

    def size(self) -> int:
        """Return the bytes on disk."""
        return sum(file.stat().st_size for file in self._path.parent.glob(f"{self._path.name}*"))


class Peer(Protocol):
    """An index of another package, in memory."""

    def add(self, articles: Sequence[Article]) -> None:
        """Keep articles."""

    def check(self, article: Article) -> object:
        """Ask for an article."""


class Gaoya:
    """Shingles, signatures and bands in Rust."""

    def __init__(self) -> None:
        from gaoya.minhash import MinHashStringIndex

        self._index = MinHashStringIndex(
            hash_size=32, jaccard_threshold=_THRESHOLD, num_bands=_BANDS, band_size=_ROWS,
            analyzer="word", lowercase=True, ngram_range=(_WORDS, _WORDS), id_container="smallvec",
        )  # fmt: skip
        self._count = 0

    def add(self, articles: Sequence[Article]) -> None:
        """Keep articles."""
        numbers = list(range(self._count, self._count + len(articles)))
        self._index.par_bulk_insert_docs(numbers, [article.text for article in articles])
        self._count += len(articles)

    def check(self, article: Article) -> object:
        """Ask for an article."""
        return self._index.query(article.text)


class Rensa:
    """Signatures and bands in Rust, over shingles cut in Python."""

    def __init__(self) -> None:
        from rensa import RMinHash, RMinHashLSH

        self._sketch = RMinHash.from_token_sets
        self._index = RMinHashLSH(_THRESHOLD, _PERMUTATIONS, _BANDS)
        self._count = 0

    def add(self, articles: Sequence[Article]) -> None:
        """Keep articles."""
        tokens = [list(_shingles(article.text)) for article in articles]
        sketches = self._sketch(tokens, num_perm=_PERMUTATIONS, seed=1)
        self._index.insert_many(sketches, self._count)
        self._count += len(articles)

    def check(self, article: Article) -> object:
        """Ask for an article."""
        tokens = [list(_shingles(article.text))]
        return self._index.query(self._sketch(tokens, num_perm=_PERMUTATIONS, seed=1)[0])


class Datasketch:
    """Signatures by NumPy, bands in dictionaries."""

    def __init__(self) -> None:
        from datasketch import MinHash, MinHashLSH
        from xxhash import xxh32_intdigest

        self._sketch = MinHash
        self._hash: Callable[[bytes], int] = xxh32_intdigest
        self._index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
        self._count = 0

    def add(self, articles: Sequence[Article]) -> None:
        """Keep articles."""
        for article in articles:
            self._index.insert(self._count, self._sketched(article), check_duplication=False)
            self._count += 1

    def check(self, article: Article) -> object:
        """Ask for an article."""
        return self._index.query(self._sketched(article))

    def _sketched(self, article: Article) -> object:
        sketch = self._sketch(num_perm=_PERMUTATIONS, hashfunc=self._hash)
        sketch.update_batch([shingle.encode() for shingle in _shingles(article.text)])
        return sketch


def peers() -> Iterator[tuple[str, Peer]]:
    """Yield those that are installed, by name."""
    for kind in (Gaoya, Rensa, Datasketch):
        try:
            yield kind.__name__.lower(), kind()
        except ImportError:
            continue


def _shingles(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    return {" ".join(words[at : at + _WORDS]) for at in range(max(len(words) - _WORDS + 1, 1))}
