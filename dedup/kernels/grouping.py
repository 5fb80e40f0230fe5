"""Sort hashed keys with their owners: one scatter, then small insertions.

Keys are hashes, so their high bits spread them evenly over bins of a few.
"""

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["sort_by_key"]

#: Keys a bin; fewer make the scatter's targets more than the cache holds.
KEYS_A_BIN = 8


def sort_by_key(
    keys: NDArray[np.uint64], owners: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Return keys and owners sorted by key, then by owner.

    Linear for hashes; n log n where many keys are the same.

    Parameters
    ----------
    keys : uint64 of shape (n,)
    owners : uint32 of shape (n,)
    """
    if len(keys) == 0:
        return keys, owners
    bits = max(int(len(keys) // KEYS_A_BIN).bit_length(), 1)
    low, high = int(keys.min()), int(keys.max())
    shift = max((high - low).bit_length() - bits, 0)
    sorted_keys, sorted_owners = np.empty_like(keys), np.empty_like(owners)
    _sort(keys, owners, np.uint64(low), np.uint64(shift), bits, sorted_keys, sorted_owners)
    return sorted_keys, sorted_owners


@numba.njit(cache=True, nogil=True)
def _sort(keys, owners, low, shift, bits, sorted_keys, sorted_owners):
    starts = np.zeros((1 << bits) + 1, np.int64)
    for key in keys:
        starts[np.int64((key - low) >> shift) + 1] += 1
    for number in range(1 << bits):
        starts[number + 1] += starts[number]
    places = starts[:-1].copy()
    for i in range(len(keys)):
        at_bin = np.int64((keys[i] - low) >> shift)
        at = places[at_bin]
        sorted_keys[at] = keys[i]
        sorted_owners[at] = owners[i]
        places[at_bin] = at + 1
    for number in range(1 << bits):
        _sort_bin(sorted_keys, sorted_owners, starts[number], starts[number + 1])


@numba.njit(cache=True, nogil=True)
def _sort_bin(keys, owners, start, end):
    if end - start > 64:
        _sort_large_bin(keys, owners, start, end)
        return
    for i in range(start + 1, end):
        key, owner = keys[i], owners[i]
        j = i - 1
        while j >= start and (keys[j] > key or (keys[j] == key and owners[j] > owner)):
            keys[j + 1] = keys[j]
            owners[j + 1] = owners[j]
            j -= 1
        keys[j + 1] = key
        owners[j + 1] = owner


@numba.njit(cache=True, nogil=True)
def _sort_large_bin(keys, owners, start, end):
    """Sort a bin with a very common key: by key, then the owners of each key."""
    order = np.argsort(keys[start:end])
    some_keys = keys[start:end][order]
    some_owners = owners[start:end][order]
    first = 0
    for i in range(1, len(some_keys) + 1):
        if i == len(some_keys) or some_keys[i] != some_keys[first]:
            some_owners[first:i] = np.sort(some_owners[first:i])
            first = i
    keys[start:end] = some_keys
    owners[start:end] = some_owners
