"""Which digests were seen: an open-addressing table, with a number for each."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled

__all__ = ["SeenTable"]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
#: Slots at first; three of four at the most are taken.
_LEAST_BITS = 12


class SeenTable:
    """Digests and the numbers in whose order they came; 16 to 32 bytes each.

    A digest may stand for several numbers.
    """

    def __init__(self) -> None:
        self._make(_LEAST_BITS)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def has_any(self, digests: NDArray[np.uint64]) -> bool:
        """Say whether one of some digests was added before; none of them is 0."""
        return _has_any(digests, self._shift, self._digests)

    def numbers_of(self, digest: np.uint64) -> list[int]:
        """Return the numbers of a digest."""
        found = np.empty(4, np.int64)
        while (count := _find(digest, self._shift, self._digests, self._numbers, found)) > len(
            found
        ):
            found = np.empty(count, np.int64)
        return found[:count].tolist()

    def add(self, digests: NDArray[np.uint64]) -> None:
        """Add digests, numbered on from the last; none of them is 0."""
        needed = 4 * (self._length + len(digests)) // 3 + 1
        if needed > len(self._digests):
            digests_before, numbers_before = self._digests, self._numbers
            self._make(needed.bit_length())
            _move(digests_before, numbers_before, self._shift, self._digests, self._numbers)
        _add(digests, self._length, self._shift, self._digests, self._numbers)
        self._length += len(digests)

    def _make(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._digests = np.zeros(1 << bits, np.uint64)
        self._numbers = np.empty(1 << bits, np.uint32)


@compiled
def _has_any(wanted: U64, shift: np.uint64, digests: U64) -> bool:
    mask = len(digests) - 1
    for digest in wanted:
        slot = np.int64((digest * _SPREAD) >> shift)
        while digests[slot] != 0:
            if digests[slot] == digest:
                return True
            slot = (slot + 1) & mask
    return False


@compiled
def _find(digest: np.uint64, shift: np.uint64, digests: U64, numbers: U32, found: I64) -> int:
    """Write the numbers of a digest as far as there is room; return how many there are."""
    mask = len(digests) - 1
    slot = np.int64((digest * _SPREAD) >> shift)
    count = 0
    while digests[slot] != 0:
        if digests[slot] == digest:
            if count < len(found):
                found[count] = numbers[slot]
            count += 1
        slot = (slot + 1) & mask
    return count


@compiled
def _put(digest, number, shift, digests, numbers):
    mask = len(digests) - 1
    slot = np.int64((digest * _SPREAD) >> shift)
    while digests[slot] != 0:
        slot = (slot + 1) & mask
    digests[slot] = digest
    numbers[slot] = number


@compiled
def _add(new: U64, first: int, shift: np.uint64, digests: U64, numbers: U32) -> None:
    for i in range(len(new)):
        _put(new[i], first + i, shift, digests, numbers)


@compiled
def _move(
    digests_before: U64, numbers_before: U32, shift: np.uint64, digests: U64, numbers: U32
) -> None:
    for slot in range(len(digests_before)):
        if digests_before[slot] != 0:
            _put(digests_before[slot], numbers_before[slot], shift, digests, numbers)
