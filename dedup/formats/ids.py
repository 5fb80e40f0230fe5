"""Which ids were read before, and where: found by a digest, told apart by themselves."""

import os
import struct
import tempfile
import weakref
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DiskError
from dedup.formats.sources import Source
from dedup.kernels.compiled import is_ready

if TYPE_CHECKING:
    from dedup.columns import TextColumn

__all__ = ["SeenIds"]

#: No file has as many lines: a place is its file's number, then these for the line.
_LINE_BITS = 40
#: Where an id starts on disk, its bytes, its place.
_ROW = struct.Struct("=qqq")
#: So many ids are in a table of Python's.
_FEW = 4096
#: So much waits in memory before it is written.
_HELD_BYTES = 1 << 20


class SeenIds:
    """The ids seen so far: 16 to 32 bytes each in memory, the ids themselves on disk.

    The first few thousand, and all while there are no compiled loops, are in a table of
    Python's, which takes about 150 bytes each.
    """

    def __init__(self) -> None:
        self._sources: list[Source] = []
        self._few: dict[bytes, int] = {}
        self._many: _ManyIds | None = None

    def first(self, identity: str, source: Source, line: int | None) -> str | None:
        """Note an id; return where it was seen before, if it was."""
        raw = [identity.encode("utf-8", "surrogatepass")]
        place = self._few.get(raw[0])
        if place is None and self._many:
            place = self._many.place_of(raw[0])
        if place is None:
            self._add(raw, _digests(raw), self._place(source, line or 0))
            return None
        number, line_before = divmod(place, 1 << _LINE_BITS)
        path = self._sources[number].path
        return f"{path}:{line_before}" if line_before else path

    def add_new(self, ids: "TextColumn[str]", source: Source, line: int) -> bool:
        """Note the ids of records one a line, unless one was seen before; say whether it was so.

        Parameters
        ----------
        line : int
            Of the first.
        """
        encoded = ids.encoded.tobytes()
        ends = (ids.offsets - ids.offsets[0]).tolist()
        raw = [encoded[start:end] for start, end in pairwise(ends)]
        if len(set(raw)) < len(raw) or not self._few.keys().isdisjoint(raw):
            return False
        digests = _digests(raw)
        if self._many and self._many.has_any(raw, digests):
            return False
        self._add(raw, digests, self._place(source, line))
        return True

    def clear(self) -> None:
        """Forget all."""
        self._sources.clear()
        self._few.clear()
        self._many = None

    def _add(self, raw: Sequence[bytes], digests: NDArray[np.uint64], place: int) -> None:
        """Note new ids, the first of which has a place, the others the next."""
        if self._many:
            self._many.add(raw, digests, np.arange(place, place + len(raw)))
            return
        self._few.update(zip(raw, range(place, place + len(raw)), strict=True))
        if len(self._few) >= _FEW and is_ready():
            self._many = _ManyIds()
            few, places = list(self._few), np.array(list(self._few.values()), np.int64)
            self._many.add(few, _digests(few), places)
            self._few = {}

    def _place(self, source: Source, line: int) -> int:
        if not self._sources or self._sources[-1] is not source:
            self._sources.append(source)
        return (len(self._sources) - 1) << _LINE_BITS | line


class _ManyIds:
    """Ids on disk, each with its place, found by digests in memory."""

    def __init__(self) -> None:
        from dedup.kernels.seen import SeenTable

        self._table = SeenTable()
        self._ids, self._rows = _Spool(), _Spool()

    def has_any(self, raw: Sequence[bytes], digests: NDArray[np.uint64]) -> bool:
        """Say whether one of some ids was noted."""
        # A digest that was seen says nothing yet.
        return self._table.has_any(digests) and any(self.place_of(one) is not None for one in raw)

    def place_of(self, raw: bytes) -> int | None:
        """Return the place of an id, if it was noted."""
        for number in self._table.numbers_of(_digests([raw])[0]):
            row = self._rows.read(number * _ROW.size, _ROW.size)
            start, size, place = _ROW.unpack(row)
            if self._ids.read(start, size) == raw:
                return int(place)
        return None

    def add(
        self, raw: Sequence[bytes], digests: NDArray[np.uint64], places: NDArray[np.int64]
    ) -> None:
        """Note new ids, each with its place."""
        sizes = np.fromiter(map(len, raw), np.int64, len(raw))
        ends = len(self._ids) + np.cumsum(sizes)
        rows = np.stack((ends - sizes, sizes, places), axis=1)
        self._table.add(digests)
        self._ids.append(b"".join(raw))
        self._rows.append(rows.tobytes())


def _digests(raw: Sequence[bytes]) -> NDArray[np.uint64]:
    """Return a number for each id that is the same for the same one in this process; not 0."""
    # Python's own is keyed: nobody can make ids that share theirs.
    digests = np.fromiter(map(hash, raw), np.int64, len(raw)).view(np.uint64)
    digests[digests == 0] = 1
    return digests


class _Spool:
    """Bytes one behind another: the last in memory, the others in a file without a name."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._file: BinaryIO | None = None
        self._written = 0

    def __len__(self) -> int:
        return self._written + len(self._held)

    def append(self, raw: bytes) -> None:
        """Add bytes at the end, which are read within these."""
        self._held += raw
        if len(self._held) >= _HELD_BYTES:
            self._write()

    def read(self, start: int, size: int) -> bytes:
        """Return some bytes that were added at once."""
        if start >= self._written or self._file is None:
            at = start - self._written
            return bytes(self._held[at : at + size])
        return os.pread(self._file.fileno(), size, start)

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
                weakref.finalize(self, self._file.close)
            view = memoryview(self._held)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise DiskError(tempfile.gettempdir(), error.strerror or str(error)) from error
        self._written += len(self._held)
        self._held = bytearray()
