"""The posting file of an SQLite index: opened, filled, replaced by a larger one."""

import glob
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dedup.errors import StoredIndexError
from dedup.index.posting_file import PostingFile
from dedup.index.rekey import Rekeyer
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes

__all__ = ["PostingFiles"]


class PostingFiles:
    """The generations of one index's posting file, of which one is in use.

    A transaction may install another; what was in use before stays until it is
    known whether the transaction is kept.

    Attributes
    ----------
    generation : int
        Of the file in use; -1 before one was opened.
    is_replaced : bool
        This transaction has installed another file.
    was_damaged : bool
        The file found could not be used: it was damaged, or cut off by a power failure.
    """

    def __init__(self, path: Path, url: str, index_id: bytes) -> None:
        self._path = path
        self._url = url
        self._id = index_id
        self._current: PostingFile | None = None
        self._retired: PostingFile | None = None
        #: Keys, number and samples of articles whose postings wait until somebody looks.
        self._waiting: list[tuple[Hashes, int, int]] = []
        self.generation = -1
        self.is_replaced = self.was_damaged = False

    @property
    def is_open(self) -> bool:
        """Whether there is a file in use."""
        return self._current is not None

    @property
    def current(self) -> PostingFile:
        """The file in use, with all that was appended."""
        if self._current is None:
            raise StoredIndexError(self._url, "is closed")
        if self._waiting:
            self.write()
        return self._current

    @property
    def highest(self) -> int:
        """The highest number ever appended."""
        return self._waiting[-1][1] if self._waiting else self.current.highest

    def follow(self, generation: int, highest: int) -> None:
        """Use the file of a generation, which another process may have made.

        Parameters
        ----------
        highest : int
            The number of the index's newest article.
        """
        if self._current is not None:
            if generation == self.generation:
                return
            self._current.close()
        self.generation = generation
        path = self._path_of(generation)
        self._current = PostingFile.open(path, self._id, highest)
        self.was_damaged = self._current is None and path.exists()

    def append(self, keys: Hashes, number: int, samples: int) -> None:
        """Append an article's postings; they wait for those of others until :meth:`write`."""
        self._waiting.append((keys, number, samples))

    def write(self) -> None:
        """Write what was appended, to a larger file if there is no room."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        keys = np.concatenate([keys for keys, _, _ in waiting])
        ends = np.cumsum([len(keys) for keys, _, _ in waiting])
        if not self.current.has_room(len(keys)):
            self.generation += 1
            self._install(self.current.larger(self._path_of(self.generation), len(keys)))
        numbers, samples = np.array([rest for _, *rest in waiting], np.int64).T.copy()
        self.current.append_many(keys, ends, numbers, samples)

    def make(self, rows: Iterable[StoredArticle], rekeyer: Rekeyer, generation: int) -> None:
        """Make postings again from the rows, in files from a generation on."""
        self.generation = generation
        made = PostingFile.create(self._path_of(self.generation), self._id)
        try:
            for row in rows:
                keys, samples = rekeyer.keys_of(row)
                if not made.has_room(len(keys)):
                    self.generation += 1
                    small = made
                    made = made.larger(self._path_of(self.generation), len(keys))
                    small.discard()
                made.append(keys, row.number, samples)
        except BaseException:
            made.discard()
            raise
        self._install(made)

    def keep(self) -> None:
        """Remove what the file in use has replaced: the transaction is committed."""
        self.is_replaced = False
        if self._retired is not None:
            self._retired.discard()
            self._retired = None

    def roll_back(self) -> None:
        """Use again what was in use when the transaction began."""
        self._waiting = []
        if self.is_replaced:
            self.current.discard()
            self._current, self._retired, self.is_replaced = self._retired, None, False
        self.generation = -1
        if self._current is not None:
            self.generation = int(self._current.path.name.rpartition("-")[2])

    def close(self) -> None:
        """Let go of the file."""
        if self._current is not None:
            self._current.close()
            self._current = None

    def remove_older(self) -> None:
        """Remove files that somebody was killed before removing."""
        for file in self._path.parent.glob(f"{glob.escape(self._path.name)}-postings-*"):
            generation = file.name.rpartition("-")[2]
            if generation.isdecimal() and int(generation) < self.generation:
                file.unlink(missing_ok=True)

    def _path_of(self, generation: int) -> Path:
        return self._path.with_name(f"{self._path.name}-postings-{generation}")

    def _install(self, postings: PostingFile) -> None:
        if not self.is_replaced:
            self._retired = self._current
        else:
            self.current.discard()
        self._current, self.is_replaced = postings, True
