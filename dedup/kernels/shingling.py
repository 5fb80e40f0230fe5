"""Shingle hashes of whole batches, as :func:`dedup.shingles.shingle_hashes`."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled

__all__ = ["shingle_batch"]


def shingle_batch(
    tokens: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    multipliers: NDArray[np.uint64],
    members: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Hash the shingles of texts.

    Parameters
    ----------
    tokens : uint64
    offsets : int64
        Where the tokens of each text start, and where those of the last end.
    multipliers : uint64 of shape (size,)
    members : int64 | None
        Which texts, numbered anew from 0; all if None.

    Returns
    -------
    uint64 and uint32 of the same shape: the hashes, and the text each is of.
    """
    if members is None:
        members = np.arange(len(offsets) - 1)
    most = int((offsets[members + 1] - offsets[members]).sum())
    hashes, owners = np.empty(most, np.uint64), np.empty(most, np.uint32)
    n = _shingle(tokens, offsets, members, multipliers, hashes, owners)
    return hashes[:n], owners[:n]


@compiled
def _shingle(
    tokens: U64, offsets: I64, members: I64, multipliers: U64, hashes: U64, owners: U32
) -> int:
    at = 0
    for number in range(len(members)):
        start, end = offsets[members[number]], offsets[members[number] + 1]
        n = shingle_all(tokens[start:end], end - start, multipliers, hashes[at:])
        owners[at : at + n] = number
        at += n
    return at
