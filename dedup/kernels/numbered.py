"""Tables that say which of some keys is the one looked for: its number, counted from 0."""

import numpy as np

from dedup.kernels.compiled import compiled, inlined

__all__ = ["count_shared", "fill", "place_of", "slots_for"]

_ONE, _TWENTY = np.uint64(1), np.uint64(20)


@inlined
def slots_for(n):
    """Return how many slots a table of n keys has: eight or more each, a power of two."""
    slots = 8
    while slots < 8 * n:
        slots *= 2
    return slots


@inlined
def place_of(table, mask, keys, key):
    """Return the slot with a key's number, or the free one (-1) where it would be."""
    at = (key >> _TWENTY) & mask
    while table[at] >= 0 and keys[table[at]] != key:
        at = (at + _ONE) & mask
    return at


@compiled
def fill(table, keys, repeats):
    """Make the table of some keys; return how many of them stand there again.

    ``repeats``: int32 of shape (len(keys), 2), of which the first rows become such a key's
    number and that of the same key that stands there first.
    """
    mask = np.uint64(len(table) - 1)
    for slot in range(len(table)):
        table[slot] = -1
    n = 0
    for number in range(len(keys)):
        slot = place_of(table, mask, keys, keys[number])
        if table[slot] < 0:
            table[slot] = number
        else:
            repeats[n, 0], repeats[n, 1] = number, table[slot]
            n += 1
    return n


@compiled
def count_shared(table, keys, others):
    """Return how many of the others are among the keys."""
    mask = np.uint64(len(table) - 1)
    n = 0
    for other in others:
        if table[place_of(table, mask, keys, other)] >= 0:
            n += 1
    return n
