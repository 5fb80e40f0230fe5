"""Candidate pairs from posting keys."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["Postings", "pair_up"]


class Postings(NamedTuple):
    """Keys sorted, with the article of each; articles increase within a key."""

    keys: NDArray[np.uint64]
    articles: NDArray[np.int64]


def pair_up(
    postings: Postings, sizes: NDArray[np.int64], min_shared: int, divisor: int, largest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair the articles that share enough keys.

    A key that more than ``largest`` articles share pairs each of them with the
    first and with the one before it only, so that its cost stays linear.

    Parameters
    ----------
    sizes : int64
        How many keys each article has.
    min_shared, divisor : int
        A pair shares at least ``min_shared`` keys, and at least one in
        ``divisor`` of the smaller article's.

    Returns
    -------
    int64 of shape (m, 2), sorted, the smaller article first; and int64 of shape
    (k,): how many articles shared each key that was too large for all pairs.
    """
    total, oversize = _count(postings.keys, largest)
    pairs = np.empty(total, np.uint64)
    oversizes = np.empty(oversize, np.int64)
    _emit(postings.keys, postings.articles, largest, pairs, oversizes)
    pairs.sort()
    kept = _repeated(pairs, sizes, min_shared, divisor)
    columns = np.empty((len(kept), 2), np.int64)
    columns[:, 0] = kept >> np.uint64(32)
    columns[:, 1] = kept & np.uint64(0xFFFFFFFF)
    return columns, oversizes


@numba.njit(cache=True, nogil=True)
def _count(keys, largest):
    total, oversize, start = 0, 0, 0
    while start < len(keys):
        end = start + 1
        while end < len(keys) and keys[end] == keys[start]:
            end += 1
        n = end - start
        if n > largest:
            total += 2 * n - 3
            oversize += 1
        else:
            total += n * (n - 1) // 2
        start = end
    return total, oversize


@numba.njit(cache=True, nogil=True)
def _emit(keys, articles, largest, pairs, sizes):
    start, at, oversize = 0, 0, 0
    while start < len(keys):
        end = start + 1
        while end < len(keys) and keys[end] == keys[start]:
            end += 1
        if end - start > largest:
            sizes[oversize] = end - start
            oversize += 1
        for j in range(start + 1, end):
            first, last = start, j
            if end - start > largest:
                pairs[at] = (np.uint64(articles[start]) << np.uint64(32)) | np.uint64(articles[j])
                at += 1
                first = max(j - 1, start + 1)
            for i in range(first, last):
                pairs[at] = (np.uint64(articles[i]) << np.uint64(32)) | np.uint64(articles[j])
                at += 1
        start = end


@numba.njit(cache=True, nogil=True)
def _repeated(pairs, sizes, min_shared, divisor):
    """Return the values that stand often enough in sorted pairs."""
    kept = np.empty(len(pairs), np.uint64)
    n, start = 0, 0
    while start < len(pairs):
        end = start + 1
        while end < len(pairs) and pairs[end] == pairs[start]:
            end += 1
        if end - start >= min_shared:
            a = np.int64(pairs[start] >> np.uint64(32))
            b = np.int64(pairs[start] & np.uint64(0xFFFFFFFF))
            if (end - start) * divisor >= min(sizes[a], sizes[b]):
                kept[n] = pairs[start]
                n += 1
        start = end
    return kept[:n]
