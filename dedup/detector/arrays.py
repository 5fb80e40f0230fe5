"""Arrays too large to keep in memory, in files that vanish with the run."""

import os
import tempfile
import weakref
import zlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.detector.memory import MemoryBudget
from dedup.errors import DiskError
from dedup.kernels.parts import read_parts

__all__ = ["ArrayFile", "Column", "HeldArray", "Item", "Scratch"]

Item = TypeVar("Item", bound=np.generic)
#: So much is read at once to check it.
_BLOCK_BYTES = 1 << 20
#: So many items at least there is room for in memory.
_LEAST_ROOM = 4096


class Scratch:
    """Where a run's arrays are on disk: files without a name, so that nothing is left behind.

    Parameters
    ----------
    folder : Path | None
        By default where temporary files go.
    budget : MemoryBudget | None
        What the run may take of memory, if there is a bound.

    Attributes
    ----------
    peak_bytes : int
        The most that was on disk at a time.
    resumed : tuple[str, ...]
        Stages that were not done again.
    """

    _mend = "set TMPDIR to a folder with more room"

    def __init__(self, folder: Path | None = None, budget: MemoryBudget | None = None) -> None:
        self.budget = budget
        self.folder = folder or Path(tempfile.gettempdir())
        self.peak_bytes = self._used_bytes = 0
        self._counting = Lock()
        self.resumed: tuple[str, ...] = ()

    def column(self, dtype: type[Item], name: str = "") -> "Column[Item]":
        """Return a new array that is in memory, unless memory is scarce."""
        return HeldArray(dtype) if self.budget is None else self.array(dtype, name)

    def array(self, dtype: type[Item], name: str = "") -> "ArrayFile[Item]":  # noqa: ARG002
        """Return a new array.

        Parameters
        ----------
        name : str
            By which a stage keeps it, where stages are kept.
        """
        return ArrayFile(dtype, self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def remove(self) -> None:
        """Remove what a finished run left; files without a name are gone anyway."""

    def close(self) -> None:
        """Let another process use the folder."""

    def parts_of(self, size_bytes: int) -> int:
        """Return in how many parts so much should be worked on: one, unless memory is scarce."""
        return 1 if self.budget is None else self.budget.parts_of(size_bytes)

    def take(self, size_bytes: int) -> None:
        """Count bytes that were written, or with a minus given back; in any thread."""
        with self._counting:
            self._used_bytes += size_bytes
            self.peak_bytes = max(self.peak_bytes, self._used_bytes)

    def refused(self, error: OSError) -> DiskError:
        """Return what to raise where the disk takes no more."""
        return DiskError(str(self.folder), error.strerror or str(error), self._mend)


class ArrayFile(Generic[Item]):
    """A growing one-dimensional array on disk.

    Parameters
    ----------
    dtype : type
        Of the items; stored in the machine's own byte order.
    scratch : Scratch
        Where the file is made.
    path : Path | None
        The file, if it has a name to be found by.
    length : int
        Items that are there already.
    """

    def __init__(
        self, dtype: type[Item], scratch: Scratch, path: Path | None = None, length: int = 0
    ) -> None:
        self.dtype = np.dtype(dtype)
        self._scratch = scratch
        try:
            self._file = (
                tempfile.TemporaryFile(dir=scratch.folder, buffering=0)  # noqa: SIM115 - see close()
                if path is None
                else path.open("r+b" if length else "w+b", buffering=0)
            )
        except OSError as error:
            raise scratch.refused(error) from error
        weakref.finalize(self, self._file.close)  # however a run breaks off
        self.path = path
        self._length = length
        scratch.take(self.size_bytes)

    def __len__(self) -> int:
        return self._length

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def size_bytes(self) -> int:
        """Bytes on disk."""
        return self._length * self.dtype.itemsize

    def sibling(self, dtype: type[np.generic]) -> "ArrayFile[Any]":
        """Return a new array of the same run."""
        return self._scratch.array(dtype)

    def append(self, items: NDArray[Item]) -> None:
        """Add items at the end.

        Raises
        ------
        DiskError
            No room is left, or the file may not grow.
        """
        view = np.ascontiguousarray(items, self.dtype).view(np.uint8).data
        at = self.size_bytes
        while view:
            try:
                written = os.pwrite(self._file.fileno(), view, at)
            except OSError as error:
                raise self._scratch.refused(error) from error
            at += written
            view = view[written:]
        self._length += len(items)
        self._scratch.take(len(items) * self.dtype.itemsize)

    def read(self, start: int, end: int) -> NDArray[Item]:
        """Return items start to end."""
        items = self.empty(end - start)
        self.read_into(items, start)
        return items

    def empty(self, length: int) -> NDArray[Item]:
        """Return an array of the file's kind, not filled."""
        return np.empty(length, self.dtype)

    def read_into(self, items: NDArray[Item], start: int) -> None:
        """Fill a contiguous array with the items from start on."""
        view = items.view(np.uint8).data
        at = start * self.dtype.itemsize
        while view:
            read = os.preadv(self._file.fileno(), [view], at)
            if read == 0:
                raise EOFError(f"a temporary file ends at byte {at:,}")
            at += read
            view = view[read:]

    def gather(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[Item]:
        """Return parts of the array one after another; neighbours are read at once.

        Read, not mapped: the pages that a mapping shows around those looked at
        would count as this process's memory.

        Parameters
        ----------
        starts, lengths : int64 of shape (n,)
            Where each part starts in the file, and its items.
        """
        items = self.empty(int(lengths.sum()))
        if len(items) == 0:
            return items
        is_apart = np.flatnonzero(starts[1:] != starts[:-1] + lengths[:-1]) + 1
        firsts = np.concatenate(([0], is_apart))
        places = np.concatenate(([0], np.cumsum(lengths)))
        edges, starts = np.append(places[firsts], places[-1]), starts[firsts]
        its = items.view(np.uint8), edges * items.itemsize, starts * items.itemsize
        part = 0
        while (part := read_parts(self._file.fileno(), *its, part)) < len(starts):
            self.read_into(items[edges[part] : edges[part + 1]], int(starts[part]))  # in pieces
            part += 1
        return items

    def pieces(self) -> Iterator[NDArray[Item]]:
        """Yield the array a piece at a time."""
        size = _BLOCK_BYTES // self.dtype.itemsize
        for start in range(0, self._length, size):
            yield self.read(start, min(start + size, self._length))

    def settle(self) -> int:
        """Force the array to the disk and return its checksum, a CRC-32."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._scratch.refused(error) from error
        return self.checksum()

    def checksum(self) -> int:
        """Return the CRC-32 of what the disk has."""
        checksum, at = 0, 0
        while block := os.pread(self._file.fileno(), _BLOCK_BYTES, at):
            checksum = zlib.crc32(block, checksum)
            at += len(block)
        return checksum

    def close(self) -> None:
        """Give the disk space back, unless the file has a name."""
        if not self._file.closed:
            self._file.close()
            if self.path is None:
                self._scratch.take(-self.size_bytes)


class HeldArray(Generic[Item]):
    """A growing one-dimensional array in memory, used as an :class:`ArrayFile` is.

    Parameters
    ----------
    dtype : type
        Of the items.
    """

    def __init__(self, dtype: type[Item]) -> None:
        self._room: NDArray[Item] = np.empty(0, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def items(self) -> NDArray[Item]:
        """All of it, as it is now."""
        return self._room[: self._length]

    def append(self, items: NDArray[Item]) -> None:
        """Add items at the end."""
        length = self._length + len(items)
        if length > len(self._room):
            # Room that was never written to is no memory yet.
            room = np.empty(max(2 * length, _LEAST_ROOM), self._room.dtype)
            room[: self._length] = self.items
            self._room = room
        self._room[self._length : length] = items
        self._length = length

    def read(self, start: int, end: int) -> NDArray[Item]:
        """Return items start to end."""
        return self.items[start:end]

    def gather(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[Item]:
        """Return parts of the array one after another."""
        chosen: NDArray[Item] = self.items[_ranges(starts, lengths)]
        return chosen

    def close(self) -> None:
        """Give the memory back."""
        self._room, self._length = self._room[:0].copy(), 0


#: An array on disk or in memory.
Column = ArrayFile[Item] | HeldArray[Item]


def _ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers from each start on, so many of each, one behind another."""
    shifts = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    numbers: NDArray[np.int64] = np.arange(len(shifts)) + shifts
    return numbers
