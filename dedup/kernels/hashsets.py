"""Many sets of hashes in a few flat arrays: one look tells most that are in none.

Each set is an open-addressing table of a third more slots than hashes or more, a power
of two, and has a byte a slot of bits, of which a hash sets one: they are small enough
to stay in the cache where the tables are not.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U8, U64
from dedup.kernels.compiled import compiled, inlined

__all__ = ["HashSets", "has", "has_each", "hash_sets"]

#: Which bits of a hash say where its slot, its byte and its bit are.
_SLOT, _BYTE, _BIT = np.uint64(20), np.uint64(40), np.uint64(37)
_SEVEN, _ONE = np.uint64(7), np.uint64(1)


class HashSets(NamedTuple):
    """Some n sets of hashes.

    ``starts`` int64 of shape (n + 1,): where each set's slots start; ``slots`` uint64
    and ``bits`` uint8 of shape (m,); ``unused`` uint64 of shape (n,): a number that is
    not in the set, in its slots without a hash.
    """

    starts: NDArray[np.int64]
    slots: NDArray[np.uint64]
    bits: NDArray[np.uint8]
    unused: NDArray[np.uint64]


def hash_sets(sets: Sequence[NDArray[np.uint64]]) -> HashSets:
    """Return sets to look hashes up in.

    Parameters
    ----------
    sets : sequence of uint64
        Each sorted, without repeats.
    """
    starts = np.zeros(len(sets) + 1, np.int64)
    sizes = [1 << (4 * len(hashes) // 3).bit_length() if len(hashes) else 0 for hashes in sets]
    np.cumsum(sizes, out=starts[1:])
    made = HashSets(
        starts,
        np.empty(starts[-1], np.uint64),
        np.zeros(starts[-1], np.uint8),
        np.empty(len(sets), np.uint64),
    )
    for number, hashes in enumerate(sets):  # one by one: all sets at once would be a copy
        _fill(np.ascontiguousarray(hashes), number, *made)
    return made


@inlined
def has(slots, bits, unused, key):
    """Say whether a hash is in a set that has slots."""
    mask = len(slots) - 1
    found = False
    if (bits[np.int64(key >> _BYTE) & mask] >> ((key >> _BIT) & _SEVEN)) & _ONE:
        at = np.int64(key >> _SLOT) & mask
        while slots[at] != unused and slots[at] != key:
            at = (at + 1) & mask
        found = slots[at] != unused
    return found


@compiled
def has_each(slots, bits, unused, keys, n, found):
    """Say of each of n hashes whether it is in a set that has slots.

    As :func:`has`; a site's set is seldom in the cache, so that no answer waits for the one
    before.
    """
    mask = len(slots) - 1
    its_bits, likely, first = np.empty(n, np.uint8), np.empty(n, np.int64), np.empty(n, np.uint64)
    for i in range(n):
        its_bits[i] = bits[np.int64(keys[i] >> _BYTE) & mask]
    n_likely = 0
    for i in range(n):
        found[i] = False
        likely[n_likely] = i
        n_likely += np.int64((its_bits[i] >> ((keys[i] >> _BIT) & _SEVEN)) & _ONE)
    for i in range(n_likely):
        first[i] = slots[np.int64(keys[likely[i]] >> _SLOT) & mask]
    for i in range(n_likely):
        key, there = keys[likely[i]], first[i]
        at = np.int64(key >> _SLOT) & mask
        while there != unused and there != key:
            at = (at + 1) & mask
            there = slots[at]
        found[likely[i]] = there != unused


@compiled
def _fill(keys: U64, number: int, starts: I64, slots: U64, bits: U8, unused: U64) -> None:
    free = np.uint64(0)
    for key in keys:
        if key == free:
            free += np.uint64(1)
    unused[number] = free
    its_slots = slots[starts[number] : starts[number + 1]]
    its_bits = bits[starts[number] : starts[number + 1]]
    mask = len(its_slots) - 1
    for at in range(len(its_slots)):
        its_slots[at] = free
    for key in keys:
        its_bits[np.int64(key >> _BYTE) & mask] |= np.uint8(_ONE << ((key >> _BIT) & _SEVEN))
        at = np.int64(key >> _SLOT) & mask
        while its_slots[at] != free:
            at = (at + 1) & mask
        its_slots[at] = key
