"""Many names looked up at once in the chains of :mod:`dedup.kernels.chains`."""

import numpy as np

from dedup.kernels.arrays import I64, U32, U64, U32Rows
from dedup.kernels.chains import SIZE_BITS, hash_key
from dedup.kernels.compiled import compiled

__all__ = ["chains_of"]

#: Room for the numbers that a look-up usually finds.
_USUAL = 256


def chains_of(heads: U32, entries: U32Rows, keys: U64, most: int) -> tuple[I64, I64]:
    """Return the numbers posted under each key, newest first, and where each key's end.

    Parameters
    ----------
    keys : uint64 of shape (n,)
    most : int
        Numbers a key at most.
    """
    ends = np.empty(len(keys), np.int64)
    found = np.empty(_USUAL, np.int64)
    while (total := _chains(heads, entries, keys, most, found, ends)) > len(found):
        found = np.empty(total, np.int64)
    return found[:total], ends


@compiled
def _chains(heads: U32, entries: U32Rows, keys: U64, most: int, found: I64, ends: I64) -> int:
    """Write as many numbers as there is room for; return how many there are."""
    mask = np.uint32(len(heads) - 1)
    n = 0
    for k in range(len(keys)):
        low, high = hash_key(keys[k])
        at = heads[low & mask]
        start = n
        while at != 0 and n - start < most:
            entry = entries[at - 1]
            if entry[0] == low and entry[3] >> SIZE_BITS == high:
                if n < len(found):
                    found[n] = entry[1]
                n += 1
            at = entry[2]
        ends[k] = n
    return n
