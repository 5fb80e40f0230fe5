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

__all__ = [
    "SIZE_BITS", "append_keys", "chain_of", "hash_key", "missing_keys", "relink", "wrong_links",
]  # fmt: skip

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(0xFFFF)
#: Of an entry's last number, those of the article's samples.
SIZE_BITS = np.uint32(16)
#: Room for the numbers that a look-up usually finds.
_USUAL = 256


@inlined
def hash_key(key):
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
        low, high = hash_key(key)
        slot = low & mask
        entries[count, 0] = low
        entries[count, 1] = number
        entries[count, 2] = heads[slot]
        entries[count, 3] = (high << SIZE_BITS) | size
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
    low, high = hash_key(key)
    n = 0
    at = heads[low & np.uint32(len(heads) - 1)]
    while at != 0 and n < len(found):
        entry = entries[at - 1]
        if entry[0] == low and entry[3] >> SIZE_BITS == high:
            found[n] = entry[1]
            n += 1
        at = entry[2]
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
        low, high = hash_key(key)
        at = heads[low & mask]
        is_there = False
        before = np.uint32(0xFFFFFFFF)
        while at != 0 and at <= count and at < before:
            before = at
            entry = entries[at - 1]
            fourth = (high << SIZE_BITS) | size
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
