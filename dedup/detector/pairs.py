"""Pairs that posting keys make, on disk, in partitions by their first article."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Scratch
from dedup.detector.workers import map_in_order
from dedup.index.keys import MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR

if TYPE_CHECKING:
    from dedup.kernels.pairing import Emitted

__all__ = ["PairStore", "split_by"]

#: Articles a partition at least, and the most partitions: each has two files open.
_ARTICLES, _PARTITIONS = 8192, 128
_THIRTY_TWO, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


class PairStore:
    """Pairs of ranks as posting keys make them: one may stand many times.

    Eight bytes a pair on disk; in memory only while a partition is looked at.

    Parameters
    ----------
    n : int
        How many articles there are.
    """

    def __init__(self, n: int, scratch: Scratch) -> None:
        count = min(max(n // _ARTICLES, 1), _PARTITIONS)
        self._width = max(-(-n // count), 1)
        self._scratch = scratch
        self._sure = [scratch.array(np.uint64) for _ in range(count)]
        self._counted = [scratch.array(np.uint64) for _ in range(count)]

    def add(self, emitted: "Emitted") -> None:
        """Add what a bucket of posting keys made."""
        for codes, files in ((emitted.sure, self._sure), (emitted.counted, self._counted)):
            numbers = ((codes >> _THIRTY_TWO) // np.uint64(self._width)).astype(np.uint8)
            order, starts = split_by(numbers, len(files))
            ordered = codes[order]
            for number, file in enumerate(files):
                file.append(ordered[starts[number] : starts[number + 1]])

    def candidates(self, sizes: NDArray[np.int64], jobs: int = 1) -> Iterator[NDArray[np.int64]]:
        """Yield the pairs that share enough keys, sorted, giving the disk space back.

        Parameters
        ----------
        sizes : int64 of shape (n,)
            How many sampled shingles each rank has.
        jobs : int
            Partitions to work on at once.

        Yields
        ------
        int64 of shape (m, 2)
            The smaller rank first.
        """

        def found(part: _Part) -> tuple[_Part, NDArray[np.int64]]:
            sure, counted = self._sure[part.number], self._counted[part.number]
            if part.is_whole:
                return part, _candidates(_read(sure), _read(counted), sizes)
            ranks = part.first, part.end
            return part, _candidates(_within(sure, *ranks), _within(counted, *ranks), sizes)

        for part, pairs in map_in_order(found, self._parts(), jobs):
            if part.is_last:
                self._sure[part.number].close()
                self._counted[part.number].close()
            yield pairs

    def _parts(self) -> Iterator["_Part"]:
        """Yield the partitions, or parts of those that are too large for the memory."""
        for number, files in enumerate(zip(self._sure, self._counted, strict=True)):
            parts = self._scratch.parts_of(max(file.size_bytes for file in files))
            start, end = number * self._width, (number + 1) * self._width
            step = -(-self._width // parts)
            for first in range(start, end, step):
                yield _Part(number, first, min(first + step, end), parts == 1, first + step >= end)


class _Part(NamedTuple):
    """The pairs of a partition whose first rank is in a range."""

    number: int
    first: int
    end: int
    is_whole: bool
    is_last: bool


def _read(codes: ArrayFile[np.uint64]) -> NDArray[np.uint64]:
    return codes.read(0, len(codes))


def _within(codes: ArrayFile[np.uint64], first: int, last: int) -> NDArray[np.uint64]:
    """Read the pairs whose first rank is in a range."""
    low, high = np.uint64(first) << _THIRTY_TWO, np.uint64(last) << _THIRTY_TWO
    found = [some[(low <= some) & (some < high)] for some in codes.pieces()]
    return np.concatenate([np.empty(0, np.uint64), *found])


def _candidates(
    sure: NDArray[np.uint64], counted: NDArray[np.uint64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    from dedup.kernels.pairing import repeated_pairs

    enough = repeated_pairs(counted, sizes, MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR)
    codes = np.unique(np.concatenate((sure, enough)))
    return np.stack((codes >> _THIRTY_TWO, codes & _LOW), axis=1).astype(np.int64)


def split_by(numbers: NDArray[np.uint8], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return an order that puts items with the same number together, and where each starts.

    Parameters
    ----------
    numbers : uint8 of shape (n,)
        Below ``count``.

    Returns
    -------
    order : int64 of shape (n,)
    starts : int64 of shape (count + 1,)
    """
    order = np.argsort(numbers, kind="stable")  # a radix sort for bytes
    ends = np.cumsum(np.bincount(numbers, minlength=count))
    return order, np.concatenate(([0], ends))
