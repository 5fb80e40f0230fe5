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
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["PageSums"]

_MAGIC = b"dedup-pagesums-1"
#: magic, index id, checksum of these.
_HEAD = struct.Struct("<16s16sI")
_HEADER_BYTES, _SUM = 64, struct.Struct("<I")
#: Stands for the checksum of a page that is being written.
_OPEN = 0
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
#: Number of the page, size of the database, two salts.
_FRAME = struct.Struct(">IIII")
_SALTS = struct.Struct(">II")
_SALTS_AT = 16


class PageSums:
    """The checksums of one database's pages; pages are numbered from 1.

    Used by one process at a time, which holds the index's own lock.

    Parameters
    ----------
    database : Path
    index_id : bytes
        16 bytes.
    page_bytes : int
    """

    def __init__(self, database: Path, index_id: bytes, page_bytes: int) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}-sums")
        self._head = _HEAD.pack(_MAGIC, index_id, zlib.crc32(_MAGIC + index_id))
        self._page_bytes = page_bytes

    def waiting(self) -> set[int]:
        """Return the pages that the next checkpoint may write, or cut off at the end."""
        wal = self._database.with_name(f"{self._database.name}-wal")
        pages: set[int] = set()
        try:
            file = os.open(wal, os.O_RDONLY)
        except FileNotFoundError:
            return pages
        try:
            salts = os.pread(file, _SALTS.size, _SALTS_AT)
            count = self._pages
            size, step = os.fstat(file).st_size, _FRAME_HEADER_BYTES + self._page_bytes
            for at in range(_WAL_HEADER_BYTES, size - step + 1, step):
                raw = os.pread(file, _FRAME.size, at)
                if raw[-_SALTS.size :] == salts:
                    page, committed, *_ = _FRAME.unpack(raw)
                    pages.add(page)
                    count = committed or count
        finally:
            os.close(file)
        return pages.union(range(count + 1, self._pages + 1))

    def mark(self, pages: Iterable[int]) -> set[int]:
        """Note that pages are about to be written; return all that are noted.

        Where there are no checksums yet, those are all pages.
        """
        if self._is_missing():
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                os.pwrite(file, self._head.ljust(_HEADER_BYTES, b"\0"), 0)
                os.ftruncate(file, _HEADER_BYTES + _SUM.size * self._pages)
            finally:
                os.close(file)
        noted = {*pages, *(np.flatnonzero(self._sums() == _OPEN) + 1).tolist()}
        # If power fails while the pages are written, this must be known.
        self._write(dict.fromkeys(noted, _OPEN), is_forced=True)
        return noted

    def write(self, pages: Iterable[int]) -> None:
        """Write the checksums of pages as they are now."""
        count = self._pages
        with self._database.open("rb") as file:
            made = {page: self._sum_of(file.fileno(), page) for page in pages if page <= count}
        self._write(made)
        os.truncate(self._path, _HEADER_BYTES + _SUM.size * count)

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
        with self._database.open("rb") as file:
            for page, value in enumerate(self._sums().tolist(), 1):
                if value not in (_OPEN, self._sum_of(file.fileno(), page)):
                    yield f"database: page {page} does not match its checksum"

    @property
    def _pages(self) -> int:
        return self._database.stat().st_size // self._page_bytes

    def _is_missing(self) -> bool:
        if not self._path.exists() or self._path.stat().st_size < _HEADER_BYTES:
            return True
        return self._read(_HEAD.size) != self._head

    def _read(self, size: int) -> bytes:
        with self._path.open("rb") as file:
            return file.read(size)

    def _sums(self) -> NDArray[np.uint32]:
        return np.fromfile(self._path, "<u4", offset=_HEADER_BYTES)

    def _write(self, sums: dict[int, int], *, is_forced: bool = False) -> None:
        with self._path.open("r+b") as file:
            for page, value in sums.items():
                os.pwrite(file.fileno(), _SUM.pack(value), _HEADER_BYTES + _SUM.size * (page - 1))
            if is_forced:
                os.fsync(file.fileno())

    def _sum_of(self, file: int, page: int) -> int:
        raw = os.pread(file, self._page_bytes, self._page_bytes * (page - 1))
        return zlib.crc32(raw) or 1
