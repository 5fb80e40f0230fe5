"""Checkpoints of an SQLite index: pages from the log into the database, with checksums."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dedup.index.database_file import DatabaseFile
from dedup.index.page_sums import PageSums

__all__ = ["Checkpoints"]

#: A checkpoint is made when about so many pages wait, 32 MB. Each waits three times for
#: the disk; SQLite's own thousand would have single admissions wait for it half the time.
_PAGES_WAITING = 4000
#: Pages that a transaction writes besides one for each article.
_PAGES_A_TRANSACTION = 4
_PATIENCE_SECONDS = 1.0


class Checkpoints:
    """Makes the checkpoints of one connection, while nobody writes.

    SQLite would make them by itself, at any time and without noting which pages they
    write. A second connection holds the write lock meanwhile.
    """

    def __init__(self, database: sqlite3.Connection, file: DatabaseFile, index_id: bytes) -> None:
        self._database = database
        self._guard = sqlite3.connect(
            file.path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        for connection in (self._database, self._guard):
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        page_bytes = int(database.execute("PRAGMA page_size").fetchone()[0])
        self._sums = PageSums(file, index_id, page_bytes)
        self._waiting = 0

    def note(self, articles: int) -> None:
        """Count what a transaction has written; make a checkpoint if it is time."""
        self._waiting += articles + _PAGES_A_TRANSACTION
        if self._waiting >= _PAGES_WAITING:
            self.make()

    def make(self) -> None:
        """Make a checkpoint, unless another process writes or the disk is full.

        Nothing is lost without one: the log grows until the next.
        """
        try:
            with self.alone():
                noted = self._sums.mark(self._sums.waiting())
                self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")
                self._sums.write(noted)
        except sqlite3.Error:
            return
        except OSError:
            # SQLite may still move pages when it closes the database.
            self._sums.discard()
            return
        self._waiting = 0

    def problems(self) -> list[str]:
        """Say which pages do not hold, after a checkpoint."""
        with self.alone():
            if found := self._sums.header_problems():
                return found
        self.make()
        with self.alone():
            return list(self._sums.problems())

    def close(self) -> None:
        """Make a last checkpoint if pages wait: SQLite would, of whatever it finds."""
        if self._sums.waiting():
            self.make()
        self._guard.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody write while the context lasts."""
        self._guard.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._guard.execute("ROLLBACK")
