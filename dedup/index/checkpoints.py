"""Checkpoints of an SQLite index: pages from the log into the database, with checksums."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from dedup.index.database_file import DatabaseFile
from dedup.index.page_sums import PageSums

__all__ = ["Checkpoints"]

#: A checkpoint is made when about so many pages wait, 32 MB. Each waits three times for
#: the disk; SQLite's own thousand would have single admissions wait for it half the time.
_PAGES_WAITING = 4000
#: Pages that a transaction writes besides one for each article.
_PAGES_A_TRANSACTION = 4
#: A transaction that has added so many articles takes long enough to move pages. Where the
#: disk keeps what it is given in less time than this, nobody waits for it, and two
#: threads that copy pages and judge articles slow each other.
_WORTH_A_THREAD, _WORTH_SECONDS = 16, 0.0005
_PATIENCE_SECONDS = 1.0


class Checkpoints:
    """Makes the checkpoints of one connection, while nobody writes.

    SQLite would make them by itself, at any time and without noting which pages they
    write. A second connection holds the write lock meanwhile; or moves pages in the
    background while the first holds it and has written nothing yet. Where all pages were
    moved before a transaction begins, the log is written from its start again.
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
        self._thread = ThreadPoolExecutor(1, "dedup-checkpoint")
        #: Pages that are being moved, and what is waited for.
        self._begun: tuple[set[int], Future[None]] | None = None
        self._waiting = 0
        #: What the disk took to keep a note when it was last asked to.
        self._forced_seconds = _WORTH_SECONDS

    def begin(self, added: int) -> None:
        """Begin to move pages if it is worth it, within a transaction that has written nothing.

        Parameters
        ----------
        added : int
            Articles that the transaction has added before the next.
        """
        if added == _WORTH_A_THREAD and self._waiting and self._forced_seconds >= _WORTH_SECONDS:
            self._settle(self._begin)

    def finish(self) -> None:
        """Wait for what was begun; to be called before the transaction ends."""
        if self._begun is not None:
            self._settle(self._finish)
            self._begun = None

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
                is_made = self._settle(self._make)
        except sqlite3.Error:
            return
        if is_made:
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
        self._thread.shutdown()
        self._guard.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody write while the context lasts."""
        self._guard.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._guard.execute("ROLLBACK")

    def _make(self) -> None:
        noted = self._sums.mark(self._sums.waiting())
        self._force_and_move(self._database)
        self._sums.write(noted)

    def _begin(self) -> None:
        noted = self._sums.waiting()
        self._sums.note(noted)
        self._begun = noted, self._thread.submit(self._force_and_move, self._guard)

    def _force_and_move(self, connection: sqlite3.Connection) -> None:
        """Do what waits for the disk, and needs the interpreter hardly."""
        begun = time.perf_counter()
        self._sums.force()
        self._forced_seconds = time.perf_counter() - begun
        _, _, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self._sums.note_moved(moved)

    def _finish(self) -> None:
        if self._begun is not None:
            noted, moved = self._begun
            moved.result()
            self._sums.write(noted)

    def _settle(self, step: Callable[[], None]) -> bool:
        """Do a step; say whether all went well."""
        try:
            step()
        except sqlite3.Error:
            return False
        except OSError:
            # SQLite may still move pages when it closes the database.
            self._sums.discard()
            return False
        return True
