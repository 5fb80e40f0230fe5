"""Postings and pairs by the file that each belongs in: one count, one scatter."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled

__all__ = ["SplitPairs", "SplitPostings", "split_pairs", "split_postings"]


class SplitPostings(NamedTuple):
    """Keys and their owners in k parts, one behind another.

    ``keys`` uint64, ``owners`` uint32, of one shape; part p from ``starts[p]`` to
    ``starts[p + 1]``, int64 of shape (k + 1,).
    """

    keys: NDArray[np.uint64]
    owners: NDArray[np.uint32]
    starts: NDArray[np.int64]


class SplitPairs(NamedTuple):
    """Pairs in k parts, one behind another; ``starts`` int64 of shape (k + 1,)."""

    codes: NDArray[np.uint64]
    starts: NDArray[np.int64]


def split_postings(
    keys: NDArray[np.uint64], owners: NDArray[np.uint32], shift: int, count: int
) -> SplitPostings:
    """Put keys with the same bits into one part; within it they stay in order.

    Parameters
    ----------
    keys, owners : of shape (n,)
    shift : int
        Where the bits begin.
    count : int
        Of parts, a power of two.
    """
    starts = np.zeros(count + 1, np.int64)
    split = SplitPostings(np.empty_like(keys), np.empty_like(owners), starts)
    _split_postings(keys, owners, np.uint64(shift), np.uint64(count - 1), *split)
    return split


def split_pairs(codes: NDArray[np.uint64], shift: int, count: int) -> SplitPairs:
    """Put pairs whose code has the same high bits into one part; they stay in order there.

    Parameters
    ----------
    codes : uint64 of shape (n,)
    shift : int
        A code shifted so far to the right is the number of its part.
    count : int
        Of parts.
    """
    split = SplitPairs(np.empty_like(codes), np.zeros(count + 1, np.int64))
    _split_pairs(codes, np.uint64(shift), *split)
    return split


@compiled
def _sizes_to_starts(starts):
    """Turn the sizes of parts, each at its place, into where each starts."""
    at = 0
    for part in range(len(starts)):
        size = starts[part]
        starts[part] = at
        at += size


@compiled
def _split_postings(
    keys: U64, owners: U32, shift: np.uint64, mask: np.uint64, out_keys: U64, out_owners: U32,
    starts: I64,
) -> None:  # fmt: skip
    for key in keys:
        starts[np.int64((key >> shift) & mask)] += 1
    _sizes_to_starts(starts)
    places = starts.copy()
    for i in range(len(keys)):
        part = np.int64((keys[i] >> shift) & mask)
        at = places[part]
        out_keys[at] = keys[i]
        out_owners[at] = owners[i]
        places[part] = at + 1


@compiled
def _split_pairs(codes: U64, shift: np.uint64, out: U64, starts: I64) -> None:
    for code in codes:
        starts[np.int64(code >> shift)] += 1
    _sizes_to_starts(starts)
    places = starts.copy()
    for code in codes:
        part = np.int64(code >> shift)
        at = places[part]
        out[at] = code
        places[part] = at + 1
