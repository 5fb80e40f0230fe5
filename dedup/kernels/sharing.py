"""Who shares enough keys with an article, by the chains of :mod:`dedup.kernels.chains`."""

import numpy as np

from dedup.kernels.arrays import I64, U32, U64, U32Rows, U64Rows
from dedup.kernels.chains import SIZE_BITS, hash_key
from dedup.kernels.compiled import compiled
from dedup.kernels.frequent import KEPT_UNTIL, find_row, keep_frequent, packed, use_kept
from dedup.kernels.sorting import sort

__all__ = ["collect_hits", "find_sharing", "propose"]

#: Of a hit: the article's number, whether the key is enough by itself, the article's samples.
_NUMBER, _IS_SURE, _ONE = np.uint64(17), np.uint64(16), np.uint64(1)
_SIZE = np.uint64(0xFFFF)
#: By which hits are counted before they are sorted: as many bytes stay in the nearest cache.
_BUCKETS = 1 << 13
#: Above every number.
_ALL = 1 << 32
#: Room for the numbers that a look-up usually finds.
_USUAL = 256
#: A chain of which so many entries were walked is worth keeping.
_LONG = 14


def find_sharing(
    heads: U32, entries: U32Rows, frequent: U64, kept: U64Rows, keys: U64, n_exact: int,
    min_shared: int, divisor: int, largest: int,
) -> tuple[I64, int]:  # fmt: skip
    """Return the numbers of the articles that share enough keys, and how many keys were cut.

    The first ``n_exact`` keys are enough by themselves; of the others ``min_shared``
    are asked for, and one in ``divisor`` of the smaller article's. A key proposes
    the newest ``largest`` of its articles. ``frequent`` and ``kept``: as for
    :func:`collect_hits`.
    """
    found = np.empty(_USUAL, np.int64)
    while True:
        n, cut = _find(
            heads, entries, frequent, kept, keys, n_exact, min_shared, divisor, largest, found
        )
        if n <= len(found):
            return found[:n], cut
        found = np.empty(n, np.int64)


@compiled
def _find(
    heads: U32, entries: U32Rows, frequent: U64, kept: U64Rows, keys: U64, n_exact: int,
    min_shared: int, divisor: int, largest: int, found: I64,
) -> tuple[int, int]:  # fmt: skip
    """Write as many as there is room for; return how many there are, and how many keys were cut."""
    groups = np.zeros(len(keys), np.int64)
    hits, n, cut = collect_hits(
        heads, entries, frequent, kept, keys, n_exact, largest, groups,
        np.empty(1024, np.uint64), 0, 0, _ALL, 0,
    )  # fmt: skip
    return propose(hits[:n], len(keys) - n_exact, min_shared, divisor, found, 0), cut


@compiled
def collect_hits(
    heads, entries, frequent, kept, keys, n_exact, largest, groups, hits, n, cut, below, added
):  # fmt: skip
    """Add what is posted under each of one article's keys to its n hits.

    ``frequent`` and ``kept``: keys and postings as :mod:`dedup.kernels.frequent` keeps them,
    or no rows;
    ``groups``: how many hits each key has; ``below``: postings of articles from this number
    on do not count; ``added``: to each number. Returns the hits, perhaps in a larger array,
    their number, and how many keys were cut.
    """
    mask = np.uint32(len(heads) - 1)
    lows, highs = np.empty(len(keys), np.uint32), np.empty(len(keys), np.uint32)
    places, until = np.empty(len(keys), np.uint32), np.zeros(len(keys), np.uint32)
    rows = np.full(len(keys), -1)
    walked = np.zeros(len(keys), np.int64)
    # Keys whose chains have more: all chains advance by one entry at a time, and all entries
    # are read before one is looked at, so that the memory is asked for many places at once.
    read = np.empty((len(keys), 4), np.uint32)
    left, n_left = np.empty(len(keys), np.int64), 0
    for k in range(len(keys)):
        low, high = hash_key(keys[k])
        lows[k] = low
        highs[k] = high
        places[k] = heads[low & mask]
        left[n_left] = k
        n_left += 1 if places[k] != 0 else 0
        if len(frequent):
            rows[k] = find_row(frequent, keys[k], low)
    for k in range(len(keys)):
        if rows[k] >= 0:
            until[k] = kept[rows[k], KEPT_UNTIL]
    while n_left > 0:
        last, n_left = n_left, 0
        for i in range(last):
            k = left[i]
            is_done = False
            if places[k] <= until[k]:
                postings, is_done = use_kept(kept[rows[k]], below, largest - groups[k])
                until[k] = 0
                hits = _with_room(hits, n, len(postings))
                for posting in postings:
                    if groups[k] >= largest:
                        cut += 1 if groups[k] == largest else 0
                        groups[k] = largest + 1
                        break
                    groups[k] += 1
                    hits[n] = _hit(posting, k < n_exact, added)
                    n += 1
            left[n_left] = k
            n_left += 0 if is_done else 1
        for i in range(n_left):
            entry = entries[places[left[i]] - 1]
            for field in range(4):
                read[i, field] = entry[field]
        last, n_left = n_left, 0
        hits = _with_room(hits, n, last)
        for i in range(last):
            k, entry = left[i], read[i]
            places[k] = entry[2]
            walked[k] += 1
            left[n_left] = k
            n_left += 1 if entry[2] != 0 else 0
            if entry[0] != lows[k] or entry[3] >> SIZE_BITS != highs[k] or entry[1] >= below:
                continue
            if groups[k] >= largest:
                cut += 1 if groups[k] == largest else 0
                groups[k] = largest + 1
                n_left -= 1 if entry[2] != 0 else 0
                continue
            groups[k] += 1
            hits[n] = _hit(packed(entry[1], entry[3]), k < n_exact, added)
            n += 1
    if len(frequent):
        for k in range(len(keys)):
            if walked[k] > _LONG:
                keep_frequent(heads, entries, keys[k], frequent, kept)
    return hits, n, cut


@compiled
def _with_room(hits, n, more):
    """Return hits, of which n are used, with room for some more."""
    if n + more <= len(hits):
        return hits
    larger = np.empty(2 * (n + more), np.uint64)
    for i in range(n):
        larger[i] = hits[i]
    return larger


@compiled
def _hit(posting, is_sure, added):
    """Return a posting as a hit, its number so much higher."""
    number = np.uint64(np.int64(posting >> np.uint64(16)) + added)
    sure = _ONE if is_sure else np.uint64(0)
    return (number << _NUMBER) | (sure << _IS_SURE) | (posting & _SIZE)


@compiled
def propose(hits, n_samples, min_shared, divisor, found, n_found):
    """Write behind n_found others the numbers that share enough, if there is room.

    Returns how many there are then.
    """
    hits = hits[: _keep_likely(hits, min_shared)]
    sort(hits)
    start = 0
    while start < len(hits):
        number = hits[start] >> _NUMBER
        end = start
        shared, smaller, is_sure = 0, n_samples, False
        while end < len(hits) and hits[end] >> _NUMBER == number:
            if (hits[end] >> _IS_SURE) & _ONE:
                is_sure = True
            else:
                shared += 1
                smaller = min(smaller, np.int64(hits[end] & _SIZE))
            end += 1
        if is_sure or (shared >= min_shared and shared * divisor >= smaller):
            if n_found < len(found):
                found[n_found] = np.int64(number)
            n_found += 1
        start = end
    return n_found


@compiled
def _keep_likely(hits, min_shared):
    """Move the hits of who may share enough to the front; return their number.

    Most share one key only: these need not be sorted.
    """
    counts = np.zeros(_BUCKETS, np.uint8)
    for i in range(len(hits)):
        bucket = np.int64(hits[i] >> _NUMBER) & (_BUCKETS - 1)
        if (hits[i] >> _IS_SURE) & _ONE:
            counts[bucket] = min_shared
        elif counts[bucket] < min_shared:
            counts[bucket] += 1
    n = 0
    for i in range(len(hits)):
        hit = hits[i]
        hits[n] = hit
        n += 1 if counts[np.int64(hit >> _NUMBER) & (_BUCKETS - 1)] == min_shared else 0
    return n
