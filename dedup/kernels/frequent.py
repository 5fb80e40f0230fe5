"""The newest postings of keys that many articles have, at hand.

Along a chain each entry has to be read before it is known where the next one is, and in
a large index none is in the cache. Entries are only ever appended: what was read of a
chain once stays true, and only those in front of it are new.

A table of rows, four to a set: a key says which set its row is in. In a full set one makes
room that was not used since the last of them did. ``keys`` uint64 of shape (rows,): whose
postings stand in each row; ``kept`` uint64 of shape (rows, columns).
"""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.chains import SIZE_BITS, hash_key
from dedup.kernels.compiled import compiled, inlined

__all__ = ["KEPT_UNTIL", "find_row", "keep_frequent", "make_frequent", "packed", "use_kept"]

#: Columns: the newest entry of the chain that was read for it, 0 if none was; whether older
#: ones were left out; whether it was used lately; how many postings follow, newest first.
KEPT_UNTIL, _IS_CUT, _IS_USED, _COUNT, _FIRST = range(5)
#: Columns of all, whole lines of the cache.
_COLUMNS = 136
_WAYS, _ROWS = 4, 1 << 14
_SIZE = np.uint32(0xFFFF)
_ZERO, _ONE, _NUMBER = np.uint64(0), np.uint64(1), np.uint64(16)


def make_frequent() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return room for the postings of 16,384 keys: 18 MB, of which what is used is taken."""
    return np.zeros(_ROWS, np.uint64), np.zeros((_ROWS, _COLUMNS), np.uint64)


@inlined
def packed(number, last):
    """Return a posting as it is kept: the article's number above how many samples it has."""
    return (np.uint64(number) << _NUMBER) | np.uint64(last & _SIZE)


@compiled
def find_row(keys, key, low):
    """Return the row in which a key's postings are, or -1."""
    first = (np.int64(low) * _WAYS) & (len(keys) - 1)
    for row in range(first, first + _WAYS):
        if keys[row] == key:
            return row
    return -1


@compiled
def use_kept(row, below, needed):
    """Return the postings in a row: all that the chain has, or more than needed.

    Of articles from ``below`` on none may be among them; otherwise, and where they are too
    few, returns none, and False.
    """
    count = np.int64(row[_COUNT])
    is_enough = row[_IS_CUT] == _ZERO or count > needed
    if count > 0 and np.int64(row[_FIRST] >> _NUMBER) >= below:
        is_enough = False
    row[_IS_USED] = _ONE
    return row[_FIRST : _FIRST + (count if is_enough else 0)], is_enough


@compiled
def keep_frequent(heads, entries, key, keys, kept):
    """Keep the newest postings of a key."""
    low, high = hash_key(key)
    place = find_row(keys, key, low)
    if place < 0:
        place = _make_room(keys, kept, low)
        keys[place] = key
        kept[place, KEPT_UNTIL] = _ZERO
    row = kept[place]
    until = np.uint32(row[KEPT_UNTIL])
    at = heads[low & np.uint32(len(heads) - 1)]
    newest, found, n = at, np.empty(_COLUMNS - _FIRST, np.uint64), 0
    is_cut = _ZERO
    while at > until:
        entry = entries[at - 1]
        if entry[0] == low and entry[3] >> SIZE_BITS == high:
            if n == len(found):
                is_cut = _ONE
                break
            found[n] = packed(entry[1], entry[3])
            n += 1
        at = entry[2]
    if is_cut == _ZERO and until != 0:
        is_cut = row[_IS_CUT]
        for i in range(np.int64(row[_COUNT])):
            if n == len(found):
                is_cut = _ONE
                break
            found[n] = row[_FIRST + i]
            n += 1
    row[KEPT_UNTIL], row[_IS_CUT] = np.uint64(newest), is_cut
    row[_IS_USED], row[_COUNT] = _ONE, np.uint64(n)
    for i in range(n):
        row[_FIRST + i] = found[i]


@compiled
def _make_room(keys, kept, low):
    """Return a row of a set that is empty or was not used lately; if all were, none is then."""
    first = (np.int64(low) * _WAYS) & (len(keys) - 1)
    for row in range(first, first + _WAYS):
        if kept[row, _IS_USED] == _ZERO:
            return row
    for row in range(first, first + _WAYS):
        kept[row, _IS_USED] = _ZERO
    return first
