"""Sort hashed keys with their owners: one scatter, then small insertions.

Keys are hashes, so their high bits spread them evenly over bins of a few.
"""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import U8, U32, U64
from dedup.kernels.compiled import compiled
from dedup.kernels.sorting import sort_pairs

__all__ = ["frequent_keys", "sort_by_key"]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)

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


def frequent_keys(
    keys: NDArray[np.uint64], owners: NDArray[np.uint32], least: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Leave out most of the keys that stand fewer than ``least`` times; none other.

    Most keys of a feed are nobody else's: counting them roughly is cheaper than
    sorting them.

    Parameters
    ----------
    keys : uint64 of shape (n,)
    owners : uint32 of shape (n,)
    least : int
        At most 255.
    """
    bits = max(len(keys).bit_length(), 4)
    counts = np.zeros(1 << bits, np.uint8)
    chosen_keys, chosen_owners = np.empty_like(keys), np.empty_like(owners)
    n = _choose(keys, owners, least, np.uint64(64 - bits), counts, chosen_keys, chosen_owners)
    return chosen_keys[:n], chosen_owners[:n]


@compiled
def _choose(
    keys: U64, owners: U32, least: int, shift: np.uint64, counts: U8,
    chosen_keys: U64, chosen_owners: U32,
) -> int:  # fmt: skip
    for key in keys:
        at = (key * _SPREAD) >> shift
        if counts[at] < least:
            counts[at] += np.uint8(1)
    n = 0
    for i in range(len(keys)):
        chosen_keys[n] = keys[i]
        chosen_owners[n] = owners[i]
        if counts[(keys[i] * _SPREAD) >> shift] >= least:
            n += 1
    return n


@compiled
def _sort(
    keys: U64, owners: U32, low: np.uint64, shift: np.uint64, bits: int,
    sorted_keys: U64, sorted_owners: U32,
) -> None:  # fmt: skip
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
        here = slice(starts[number], starts[number + 1])
        sort_pairs(sorted_keys[here], sorted_owners[here])
