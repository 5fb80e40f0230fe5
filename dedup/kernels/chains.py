"""Posting lists as chains in two flat arrays, in memory or in a mapped file.

``heads`` uint32 of shape (slots,), a power of two: where the newest posting of a
slot is, counted from 1; 0 for none. ``entries`` uint32 of shape (capacity, 4): the
low 32 bits of the key's hash; the article's number; where the slot's next older
posting is, counted from 1; 16 more bits of the hash above 16 bits of how many
samples the article has (at most 65,535).

An entry is written before the head that leads to it, so that who reads while
another appends sees a whole chain.
"""

import numpy as np

from dedup.kernels.arithmetic import mix
from dedup.kernels.arrays import I64, U32, U64, U32Rows
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.sorting import sort

__all__ = [
    "append_keys", "chain_of", "collect_hits", "find_sharing", "missing_keys", "propose", "relink",
    "wrong_links",
]  # fmt: skip

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(0xFFFF)
_SIZE = np.uint32(0xFFFF)
_SIZE_BITS = np.uint32(16)
#: Of a hit: the article's number, whether the key is enough by itself, the article's samples.
_NUMBER, _IS_SURE, _ONE = np.uint64(17), np.uint64(16), np.uint64(1)
#: By which hits are counted before they are sorted: as many bytes stay in the nearest cache.
_BUCKETS = 1 << 13
#: Above every number.
_ALL = 1 << 32
#: Room for the numbers that a look-up usually finds.
_USUAL = 256


@inlined
def _hash(key):
    """Return the two stored parts of a key's hash."""
    # A sampled shingle is small by choice: its high bits say nothing.
    hashed = mix(key * np.uint64(0x9E3779B97F4A7C15))
    return np.uint32(hashed & _LOW), np.uint32((hashed >> np.uint64(32)) & _HIGH)


@compiled
def append_keys(heads: U32, entries: U32Rows, count: int, keys: U64, number: int, size: int) -> int:
    """Append an article's postings from ``count`` on; return the new count."""
    mask = np.uint32(len(heads) - 1)
    size = np.uint32(min(size, 0xFFFF))
    for key in keys:
        low, high = _hash(key)
        slot = low & mask
        entries[count, 0] = low
        entries[count, 1] = number
        entries[count, 2] = heads[slot]
        entries[count, 3] = (high << _SIZE_BITS) | size
        count += 1
        heads[slot] = count
    return count


@compiled
def relink(old: U32Rows, count: int, heads: U32, entries: U32Rows) -> None:
    """Copy ``count`` entries into larger arrays and chain them anew."""
    mask = np.uint32(len(heads) - 1)
    for i in range(count):
        slot = old[i, 0] & mask
        entries[i, 0] = old[i, 0]
        entries[i, 1] = old[i, 1]
        entries[i, 2] = heads[slot]
        entries[i, 3] = old[i, 3]
        heads[slot] = i + 1


def chain_of(heads: U32, entries: U32Rows, key: np.uint64, most: int) -> I64:
    """Return the numbers posted under a key, newest first, at most so many."""
    size = min(most, _USUAL)
    while True:
        found = np.empty(size, np.int64)
        n = _chain(heads, entries, key, found)
        if n < size or size == most:
            return found[:n]
        size = min(most, 4 * size)


@compiled
def _chain(heads: U32, entries: U32Rows, key: np.uint64, found: I64) -> int:
    """Fill ``found`` with the numbers posted under a key; return how many they are."""
    low, high = _hash(key)
    n = 0
    at = heads[low & np.uint32(len(heads) - 1)]
    while at != 0 and n < len(found):
        entry = entries[at - 1]
        if entry[0] == low and entry[3] >> _SIZE_BITS == high:
            found[n] = entry[1]
            n += 1
        at = entry[2]
    return n


def find_sharing(
    heads: U32, entries: U32Rows, keys: U64, n_exact: int, min_shared: int, divisor: int,
    largest: int,
) -> tuple[I64, int]:  # fmt: skip
    """Return the numbers of the articles that share enough keys, and how many keys were cut.

    The first ``n_exact`` keys are enough by themselves; of the others ``min_shared``
    are asked for, and one in ``divisor`` of the smaller article's. A key proposes
    the newest ``largest`` of its articles.
    """
    found = np.empty(_USUAL, np.int64)
    while True:
        n, cut = _find(heads, entries, keys, n_exact, min_shared, divisor, largest, found)
        if n <= len(found):
            return found[:n], cut
        found = np.empty(n, np.int64)


@compiled
def _find(
    heads: U32, entries: U32Rows, keys: U64, n_exact: int, min_shared: int, divisor: int,
    largest: int, found: I64,
) -> tuple[int, int]:  # fmt: skip
    """Write as many as there is room for; return how many there are, and how many keys were cut."""
    groups = np.zeros(len(keys), np.int64)
    hits, n, cut = collect_hits(
        heads, entries, keys, n_exact, largest, groups, np.empty(1024, np.uint64), 0, 0, _ALL, 0
    )
    return propose(hits[:n], len(keys) - n_exact, min_shared, divisor, found, 0), cut


@compiled
def collect_hits(heads, entries, keys, n_exact, largest, groups, hits, n, cut, below, added):
    """Add what is posted under each of one article's keys to its n hits.

    ``groups``: how many hits each key has; ``below``: postings of articles from this number
    on do not count; ``added``: to each number. Returns the hits, perhaps in a larger array,
    their number, and how many keys were cut.
    """
    mask = np.uint32(len(heads) - 1)
    lows, highs = np.empty(len(keys), np.uint32), np.empty(len(keys), np.uint32)
    places = np.empty(len(keys), np.uint32)
    # Keys whose chains have more: all chains advance by one entry at a time, and all entries
    # are read before one is looked at, so that the memory is asked for many places at once.
    read = np.empty((len(keys), 4), np.uint32)
    left, n_left = np.empty(len(keys), np.int64), 0
    for k in range(len(keys)):
        low, high = _hash(keys[k])
        lows[k] = low
        highs[k] = high
        places[k] = heads[low & mask]
        left[n_left] = k
        n_left += 1 if places[k] != 0 else 0
    while n_left > 0:
        for i in range(n_left):
            entry = entries[places[left[i]] - 1]
            for field in range(4):
                read[i, field] = entry[field]
        last, n_left = n_left, 0
        for i in range(last):
            k, entry = left[i], read[i]
            places[k] = entry[2]
            left[n_left] = k
            n_left += 1 if entry[2] != 0 else 0
            if entry[0] != lows[k] or entry[3] >> _SIZE_BITS != highs[k] or entry[1] >= below:
                continue
            if groups[k] >= largest:
                cut += 1 if groups[k] == largest else 0
                groups[k] = largest + 1
                n_left -= 1 if entry[2] != 0 else 0
                continue
            groups[k] += 1
            if n == len(hits):
                more = np.empty(2 * n, np.uint64)
                for j in range(n):
                    more[j] = hits[j]
                hits = more
            sure = _ONE if k < n_exact else np.uint64(0)
            hits[n] = (
                (np.uint64(np.int64(entry[1]) + added) << _NUMBER)
                | (sure << _IS_SURE)
                | np.uint64(entry[3] & _SIZE)
            )
            n += 1
    return hits, n, cut


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
                smaller = min(smaller, np.int64(hits[end] & np.uint64(_SIZE)))
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


@compiled
def missing_keys(
    heads: U32, entries: U32Rows, count: int, keys: U64, number: int, size: int
) -> int:
    """Count the keys of an article that no sound posting holds.

    Bounds are checked: the arrays may be damaged.
    """
    mask = np.uint32(len(heads) - 1)
    size = np.uint32(min(size, 0xFFFF))
    missing = 0
    for key in keys:
        low, high = _hash(key)
        at = heads[low & mask]
        is_there = False
        before = np.uint32(0xFFFFFFFF)
        while at != 0 and at <= count and at < before:
            before = at
            entry = entries[at - 1]
            fourth = (high << _SIZE_BITS) | size
            if entry[0] == low and entry[1] == number and entry[3] == fourth:
                is_there = True
                break
            at = entry[2]
        if not is_there:
            missing += 1
    return missing


@compiled
def wrong_links(heads: U32, entries: U32Rows, count: int) -> int:
    """Count the links that lead out of the arrays, forward, or into another slot's chain."""
    mask = np.uint32(len(heads) - 1)
    wrong = 0
    for slot in range(len(heads)):
        at = heads[slot]
        before = np.uint32(0xFFFFFFFF)
        while at != 0:
            if at > count or at >= before or entries[at - 1, 0] & mask != np.uint32(slot):
                wrong += 1
                break
            before = at
            at = entries[at - 1, 2]
    return wrong
