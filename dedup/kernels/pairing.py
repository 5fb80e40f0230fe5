"""Candidate pairs from posting keys."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U32, U64, I64Rows
from dedup.kernels.compiled import compiled

__all__ = ["Emitted", "block_end", "emit_pairs", "repeated_pairs"]

_LOW = np.uint64(0xFFFFFFFF)
_THIRTY_TWO = np.uint64(32)
_FAMILY = np.uint64(3)


class Emitted(NamedTuple):
    """Pairs of owners, the smaller in the high half of a uint64; they repeat.

    ``sure`` share an exact or band key, ``counted`` a sampled shingle, each as often
    as they stand here. ``oversizes`` int64: owners of each key with too many of them.
    """

    sure: NDArray[np.uint64]
    counted: NDArray[np.uint64]
    oversizes: NDArray[np.int64]


def emit_pairs(
    keys: NDArray[np.uint64], owners: NDArray[np.uint32], sample_family: int, largest: int
) -> Emitted:
    """Pair the owners of each key.

    A key that more than ``largest`` have pairs each of them with the first and
    with the one before it only, so that its cost stays linear.

    Parameters
    ----------
    keys, owners
        Sorted by key, then by owner.
    sample_family : int
        The family bits of sampled shingles.
    """
    family = np.uint64(sample_family)
    n_sure, n_counted, n_oversizes = _count(keys, family, largest)
    emitted = Emitted(
        np.empty(n_sure, np.uint64),
        np.empty(n_counted, np.uint64),
        np.empty(n_oversizes, np.int64),
    )
    _emit(keys, owners, family, largest, emitted.sure, emitted.counted, emitted.oversizes)
    return emitted


def repeated_pairs(
    counted: NDArray[np.uint64], sizes: NDArray[np.int64], min_shared: int, divisor: int
) -> NDArray[np.uint64]:
    """Return the pairs that stand often enough, sorted; sorts ``counted`` in place.

    Parameters
    ----------
    sizes : int64
        How many keys each owner has.
    min_shared, divisor : int
        A pair stands at least ``min_shared`` times, and at least once in
        ``divisor`` of the smaller owner's keys.
    """
    counted.sort()
    kept = np.empty(len(counted) // max(min_shared, 1) + 1, np.uint64)
    return kept[: _repeated(counted, sizes, min_shared, divisor, kept)]


@compiled
def block_end(pairs: I64Rows, start: int, lengths: I64, largest: int, seen: U32, block: int) -> int:
    """Return where pairs from ``start`` on are too many for a block; one pair never is.

    Parameters
    ----------
    pairs : int64 of shape (m, 2)
    lengths : int64 of shape (n,)
    largest : int
        What the lengths of a block's owners add up to at the most, each counted once.
    seen : uint32 of shape (n,)
        The last block that each owner was in; ``block`` is written here.
    """
    total = 0
    for at in range(start, len(pairs)):
        for side in range(2):
            owner = pairs[at, side]
            if seen[owner] != np.uint32(block):
                seen[owner] = block
                total += lengths[owner]
        if total > largest and at > start:
            return at
    return len(pairs)


@compiled
def _end_of_group(keys, start):
    end = start + 1
    while end < len(keys) and keys[end] == keys[start]:
        end += 1
    return end


@compiled
def _count(keys: U64, sample_family: np.uint64, largest: int) -> tuple[int, int, int]:
    sure, counted, oversizes, start = 0, 0, 0, 0
    while start < len(keys):
        end = _end_of_group(keys, start)
        n = end - start
        pairs = n * (n - 1) // 2
        if n > largest:
            pairs = 2 * n - 3
            oversizes += 1
        if keys[start] & _FAMILY == sample_family:
            counted += pairs
        else:
            sure += pairs
        start = end
    return sure, counted, oversizes


@compiled
def _emit_group(owners, start, end, largest, out, at):
    for j in range(start + 1, end):
        second = np.uint64(owners[j])
        first = start
        if end - start > largest:
            out[at] = (np.uint64(owners[start]) << _THIRTY_TWO) | second
            at += 1
            first = max(j - 1, start + 1)
        for i in range(first, j):
            out[at] = (np.uint64(owners[i]) << _THIRTY_TWO) | second
            at += 1
    return at


@compiled
def _emit(
    keys: U64, owners: U32, sample_family: np.uint64, largest: int,
    sure: U64, counted: U64, oversizes: I64,
) -> None:  # fmt: skip
    start, n_sure, n_counted, n_oversizes = 0, 0, 0, 0
    while start < len(keys):
        end = _end_of_group(keys, start)
        if end - start > largest:
            oversizes[n_oversizes] = end - start
            n_oversizes += 1
        if keys[start] & _FAMILY == sample_family:
            n_counted = _emit_group(owners, start, end, largest, counted, n_counted)
        else:
            n_sure = _emit_group(owners, start, end, largest, sure, n_sure)
        start = end


@compiled
def _repeated(pairs: U64, sizes: I64, min_shared: int, divisor: int, kept: U64) -> int:
    n, start = 0, 0
    while start < len(pairs):
        end = _end_of_group(pairs, start)
        if end - start >= min_shared:
            a = np.int64(pairs[start] >> _THIRTY_TWO)
            b = np.int64(pairs[start] & _LOW)
            if (end - start) * divisor >= min(sizes[a], sizes[b]):
                kept[n] = pairs[start]
                n += 1
        start = end
    return n
