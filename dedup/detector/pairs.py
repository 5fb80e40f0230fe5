"""Pairs that posting keys make, on disk, in partitions by their first article."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Scratch
from dedup.detector.workers import map_in_order
from dedup.index.keys import MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR

if TYPE_CHECKING:
    from dedup.kernels.pairing import Emitted
    from dedup.kernels.splitting import SplitPairs

__all__ = ["PairStore"]

#: The binary logarithm of the articles of a partition at least, and the most partitions:
#: each has two files open.
_LEAST_BITS, _PARTITIONS = 13, 128
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
        self._bits = _LEAST_BITS
        while (n - 1) >> self._bits >= _PARTITIONS:
            self._bits += 1
        count = max((n - 1 >> self._bits) + 1, 1)
        self._scratch = scratch
        self._sure = [scratch.array(np.uint64) for _ in range(count)]
        self._counted = [scratch.array(np.uint64) for _ in range(count)]

    def split(self, emitted: "Emitted") -> "tuple[SplitPairs, SplitPairs]":
        """Order what a bucket of posting keys made, in any thread, for :meth:`add`."""
        from dedup.kernels.splitting import split_pairs

        shift, count = 32 + self._bits, len(self._sure)
        return split_pairs(emitted.sure, shift, count), split_pairs(emitted.counted, shift, count)

    def add(self, sure: "SplitPairs", counted: "SplitPairs") -> None:
        """Add what :meth:`split` ordered."""
        for (codes, starts), files in ((sure, self._sure), (counted, self._counted)):
            for file, (start, end) in zip(files, pairwise(starts.tolist()), strict=True):
                file.append(codes[start:end])

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
            start, end = number << self._bits, (number + 1) << self._bits
            step = -(-(end - start) // parts)
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
    codes = np.concatenate((sure, enough))
    codes.sort()  # in half the time of np.unique
    is_new = np.ones(len(codes), np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=is_new[1:])
    codes = codes[is_new]
    return np.stack((codes >> _THIRTY_TWO, codes & _LOW), axis=1).astype(np.int64)
