"""Checksums of a database's pages, so that a flipped bit in unused room is found too.

SQLite checks neither the rows' bytes nor what lies between them. Rows carry checksums
of their own; this file beside the database has one of each page as it lies on disk. In WAL
mode only a checkpoint writes there, so who makes a checkpoint notes the pages that it
is about to move, moves them, and writes their new checksums.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.index.database_file import DatabaseFile

__all__ = ["PageSums"]

_MAGIC = b"dedup-pagesums-1"
#: magic, index id, checksum of these.
_HEAD = struct.Struct("<16s16sI")
_HEADER_BYTES, _SUM_BYTES = 64, 4
#: Stands for the checksum of a page that is being written.
_OPEN = 0
_WAL_HEADER_BYTES, _SALTS_AT, _SALTS_BYTES = 32, 16, 8
#: Number of the page; size of the database if a transaction ends here, or 0.
_FRAME_DTYPE = np.dtype(
    [("page", ">u4"), ("committed", ">u4"), ("salts", f"V{_SALTS_BYTES}"), ("sums", "V8")]
)
#: Pages read at a time, and heads of frames.
_READ_AT_ONCE, _FRAMES_AT_ONCE = 64, 128


class PageSums:
    """The checksums of one database's pages; pages are numbered from 1.

    Used by one process at a time, which holds the index's own lock.

    Parameters
    ----------
    database : DatabaseFile
    index_id : bytes
        16 bytes.
    page_bytes : int
    """

    def __init__(self, database: DatabaseFile, index_id: bytes, page_bytes: int) -> None:
        self._file, self._database = database, database.path
        self._path = self._database.with_name(f"{self._database.name}-sums")
        self._head = _HEAD.pack(_MAGIC, index_id, zlib.crc32(_MAGIC + index_id))
        self._page_bytes = page_bytes
        #: What the log began with when it was last looked at, and how many of its frames were
        #: moved since it began so.
        self._salts, self._moved = b"", 0

    def waiting(self) -> set[int]:
        """Return the pages that the next checkpoint may write, or cut off at the end."""
        wal = self._database.with_name(f"{self._database.name}-wal")
        count, pages = self._pages, set[int]()
        try:
            file = os.open(wal, os.O_RDONLY)
        except FileNotFoundError:
            return pages
        try:
            salts = os.pread(file, _SALTS_BYTES, _SALTS_AT)
            if salts != self._salts:
                self._salts, self._moved = salts, 0
            for heads in self._frames(file, salts):
                pages.update(heads["page"].tolist())
                committed = heads["committed"][heads["committed"] > 0]
                count = int(committed[-1]) if len(committed) else count
        finally:
            os.close(file)
        return pages.union(range(count + 1, self._pages + 1))

    def note_moved(self, frames: int) -> None:
        """Note that the first frames of the log, as it was looked at, wait no more."""
        self._moved = max(frames, 0)

    def mark(self, pages: Iterable[int]) -> set[int]:
        """Do as :meth:`note`; return all that are noted.

        Those of who was killed, too; where there are no checksums yet, all pages.
        """
        noted = set(pages)
        self.note(noted)
        return noted.union((np.flatnonzero(self._sums() == _OPEN) + 1).tolist())

    def note(self, pages: Iterable[int]) -> None:
        """Note that pages are about to be written, as soon as :meth:`force` has returned."""
        if self._is_missing():
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                os.pwrite(file, self._head.ljust(_HEADER_BYTES, b"\0"), 0)
                os.ftruncate(file, _HEADER_BYTES + _SUM_BYTES * self._pages)
            finally:
                os.close(file)
        self._write(dict.fromkeys(pages, _OPEN))

    def force(self) -> None:
        """Have the disk keep what is noted: if power fails, it must be known."""
        with self._path.open("r+b") as file:
            os.fsync(file.fileno())

    def write(self, pages: Iterable[int]) -> None:
        """Write the checksums of pages as they are now."""
        count = self._pages
        self._write(self._made({page for page in pages if page <= count}))
        os.truncate(self._path, _HEADER_BYTES + _SUM_BYTES * count)

    def discard(self) -> None:
        """Remove all checksums; they are made again with the next checkpoint."""
        self._path.unlink(missing_ok=True)

    def header_problems(self) -> list[str]:
        """Say whether the file itself is damaged."""
        if not self._path.exists():
            return []
        if self._is_missing() or any(self._read(_HEADER_BYTES)[_HEAD.size :]):
            return [f"checksums: {self._path.name} is damaged; delete it to have it made again"]
        sums, count = self._sums(), self._pages
        # Pages that were to be written when somebody was killed may be missing still.
        if len(sums) < count or (sums[count:] != _OPEN).any():
            return [f"database: {count} pages, and checksums of {len(sums)}"]
        return []

    def problems(self) -> Iterator[str]:
        """Yield what does not hold; nothing where the disk had no room for checksums."""
        if not self._path.exists():
            return
        sums = self._sums()
        closed = (np.flatnonzero(sums != _OPEN) + 1).tolist()
        for page, value in self._made(closed).items():
            if value != sums[page - 1]:
                yield f"database: page {page} does not match its checksum"

    @property
    def _pages(self) -> int:
        return self._database.stat().st_size // self._page_bytes

    def _frames(self, file: int, salts: bytes) -> Iterator[NDArray[np.void]]:
        """Yield the heads of the log's frames that were not moved, many at a time.

        Behind them may stand frames of before the log was begun again.
        """
        step, size = _FRAME_DTYPE.itemsize + self._page_bytes, os.fstat(file).st_size
        first, last = self._moved, (size - _WAL_HEADER_BYTES) // step
        for start in range(first, last, _FRAMES_AT_ONCE):
            places = range(start, min(start + _FRAMES_AT_ONCE, last))
            raw = [
                os.pread(file, _FRAME_DTYPE.itemsize, _WAL_HEADER_BYTES + place * step)
                for place in places
            ]
            heads = np.frombuffer(b"".join(raw), _FRAME_DTYPE)
            is_of_now = heads["salts"] == np.void(salts)
            yield heads[is_of_now]
            if not is_of_now.all():
                return

    def _is_missing(self) -> bool:
        if not self._path.exists() or self._path.stat().st_size < _HEADER_BYTES:
            return True
        return self._read(_HEAD.size) != self._head

    def _read(self, size: int) -> bytes:
        with self._path.open("rb") as file:
            return file.read(size)

    def _sums(self) -> NDArray[np.uint32]:
        return np.fromfile(self._path, "<u4", offset=_HEADER_BYTES)

    def _write(self, sums: dict[int, int]) -> None:
        with self._path.open("r+b") as file:
            for first, last in _runs(sums):
                raw = np.array([sums[page] for page in range(first, last + 1)], "<u4")
                os.pwrite(file.fileno(), raw.tobytes(), _HEADER_BYTES + _SUM_BYTES * (first - 1))

    def _made(self, pages: Iterable[int]) -> dict[int, int]:
        """Return the checksums of pages as they lie on disk."""
        size, sums = self._page_bytes, dict[int, int]()
        for first, last in _runs(pages):
            for start in range(first, last + 1, _READ_AT_ONCE):
                count = min(_READ_AT_ONCE, last + 1 - start)
                raw = memoryview(self._file.read(size * count, size * (start - 1)))
                for place in range(count):
                    sums[start + place] = zlib.crc32(raw[place * size : (place + 1) * size]) or 1
        return sums


def _runs(pages: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbouring pages."""
    ordered = np.array(sorted(pages), np.int64)
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > 1) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts if len(part)]
