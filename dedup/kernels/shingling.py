"""Shingle hashes of whole batches, as :func:`dedup.shingles.shingle_hashes`."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled

__all__ = ["shingle_batch"]


def shingle_batch(
    tokens: NDArray[np.uint64], offsets: NDArray[np.int64], multipliers: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Hash the shingles of every text.

    Parameters
    ----------
    tokens : uint64
    offsets : int64 of shape (n + 1,)
    multipliers : uint64 of shape (size,)

    Returns
    -------
    uint64 and uint32 of the same shape: the hashes, and the text each is of.
    """
    hashes = np.empty(len(tokens), np.uint64)
    owners = np.empty(len(tokens), np.uint32)
    n = _shingle(tokens, offsets, multipliers, hashes, owners)
    return hashes[:n], owners[:n]


@compiled
def _shingle(tokens: U64, offsets: I64, multipliers: U64, hashes: U64, owners: U32) -> int:
    at = 0
    for text in range(len(offsets) - 1):
        start, end = offsets[text], offsets[text + 1]
        n = shingle_all(tokens[start:end], end - start, multipliers, hashes[at:])
        owners[at : at + n] = text
        at += n
    return at
