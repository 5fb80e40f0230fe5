"""Candidate pairs in an order in which the bodies of a family come together."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Scratch

__all__ = ["by_family"]

#: Pairs that are sorted at once: 16 bytes each, and as much while they are.
_SORTED_PAIRS = 1 << 21
#: Ranks are counted so many together when the pairs are parted.
_RANKS_A_BIN_LOG = 6
_THIRTY_TWO, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def by_family(
    parts: Iterable[NDArray[np.int64]], n: int, scratch: Scratch
) -> Iterator[NDArray[np.int64]]:
    """Yield all pairs, those of one family near each other.

    Copies of one article are candidates of each other. Sorted by their first article
    they are far apart, and each body is read for several blocks of pairs; so pairs are
    sorted by the lowest rank that both their articles are candidates with, or the higher
    if they differ. False candidates disturb that little: most families have one leader.

    Takes 4 bytes an article and, on disk, 8 bytes a pair.

    Parameters
    ----------
    parts : iterable of int64 of shape (m, 2)
        Pairs of ranks, the smaller first, in all parts together sorted.
    n : int
        How many ranks there are.

    Yields
    ------
    int64 of shape (m, 2)
    """
    leaders = np.arange(n, dtype=np.int32)
    with scratch.array(np.uint64) as codes:
        for pairs in parts:
            np.minimum.at(leaders, pairs[:, 1], pairs[:, 0].astype(np.int32))
            codes.append(
                pairs[:, 0].astype(np.uint64) << _THIRTY_TWO | pairs[:, 1].astype(np.uint64)
            )
        if len(codes) <= _SORTED_PAIRS:
            yield _ordered(codes.read(0, len(codes)), leaders)
            return
        for first, last in _ranges(codes, leaders):
            chosen = []
            for some in codes.pieces():
                its = _leaders(some, leaders)
                chosen.append(some[(first <= its) & (its < last)])
            yield _ordered(np.concatenate(chosen), leaders)


def _leaders(codes: NDArray[np.uint64], leaders: NDArray[np.int32]) -> NDArray[np.int32]:
    higher: NDArray[np.int32] = np.maximum(leaders[codes >> _THIRTY_TWO], leaders[codes & _LOW])
    return higher


def _ordered(codes: NDArray[np.uint64], leaders: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return sorted codes as pairs by leader, those of one leader as they were."""
    places = np.arange(len(codes), dtype=np.uint64)
    places |= _leaders(codes, leaders).astype(np.uint64) << _THIRTY_TWO
    places.sort()
    ordered = codes[places & _LOW]
    return np.stack((ordered >> _THIRTY_TWO, ordered & _LOW), axis=1).astype(np.int64)


def _ranges(codes: ArrayFile[np.uint64], leaders: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Yield ranges of leaders with about as many pairs as are sorted at once."""
    counts = np.zeros((len(leaders) >> _RANKS_A_BIN_LOG) + 1, np.int64)
    for some in codes.pieces():
        bins = _leaders(some, leaders) >> _RANKS_A_BIN_LOG
        counts += np.bincount(bins, minlength=len(counts))
    part = np.cumsum(counts) // _SORTED_PAIRS
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(counts)]
    for first, last in pairwise(edges):
        yield first << _RANKS_A_BIN_LOG, last << _RANKS_A_BIN_LOG
