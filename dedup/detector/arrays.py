"""Arrays too large to keep in memory, in files that vanish with the run."""

import os
import tempfile
import weakref
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DiskError

__all__ = ["ArrayFile", "Item"]

Item = TypeVar("Item", bound=np.generic)


class ArrayFile(Generic[Item]):
    """A growing one-dimensional array on disk.

    Parameters
    ----------
    dtype : type
        Of the items; stored in the machine's own byte order, as the file is
        never read by another.
    folder : Path | None
        Where the file is made; by default where temporary files go. It has no
        name there, so that nothing is left behind however the run ends.
    """

    def __init__(self, dtype: type[Item], folder: Path | None = None) -> None:
        self._dtype = np.dtype(dtype)
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - see close()
        weakref.finalize(self, self._file.close)  # however a run breaks off
        self._folder = folder
        self._length = 0

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
        return self._length * self._dtype.itemsize

    def append(self, items: NDArray[Item]) -> None:
        """Add items at the end.

        Raises
        ------
        DiskError
            No room is left, or the file may not grow.
        """
        view = np.ascontiguousarray(items, self._dtype).view(np.uint8).data
        at = self.size_bytes
        while view:
            try:
                written = os.pwrite(self._file.fileno(), view, at)
            except OSError as error:
                folder = str(self._folder or tempfile.gettempdir())
                raise DiskError(folder, error.strerror or str(error)) from error
            at += written
            view = view[written:]
        self._length += len(items)

    def read(self, start: int, end: int) -> NDArray[Item]:
        """Return items start to end."""
        items = self.empty(end - start)
        self.read_into(items, start)
        return items

    def empty(self, length: int) -> NDArray[Item]:
        """Return an array of the file's kind, not filled."""
        return np.empty(length, self._dtype)

    def read_into(self, items: NDArray[Item], start: int) -> None:
        """Fill a contiguous array with the items from start on."""
        view = items.view(np.uint8).data
        at = start * self._dtype.itemsize
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
        is_apart = np.flatnonzero(starts[1:] != starts[:-1] + lengths[:-1]) + 1
        firsts = np.concatenate(([0], is_apart)) if len(starts) else is_apart
        places = np.concatenate(([0], np.cumsum(lengths)))
        ends = np.append(places[firsts[1:]], places[-1])
        view, size = items.view(np.uint8).data, self._dtype.itemsize
        read, file = os.preadv, self._file.fileno()
        for place, end, start in zip(
            (places[firsts] * size).tolist(),
            (ends * size).tolist(),
            (starts[firsts] * size).tolist(),
            strict=True,
        ):
            if end > place and read(file, [view[place:end]], start) != end - place:
                self.read_into(items[place // size : end // size], start // size)  # in pieces
        return items

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()
