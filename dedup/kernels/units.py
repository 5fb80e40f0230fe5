"""Unit hashes of whole batches, as :func:`dedup.boilerplate.units.unit_hashes`."""

import numba
import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import mix
from dedup.kernels.constants import DIGIT, NUMBER, POWER_BASE
from dedup.kernels.tokenise import TokenBatch

__all__ = ["unit_hashes_batch"]

_NUMBER = np.uint64(NUMBER)
_POWER_BASE = np.uint64(POWER_BASE)
_DIGIT = np.uint64(DIGIT)


def unit_hashes_batch(batch: TokenBatch) -> NDArray[np.uint64]:
    """Hash every unit of a batch; uint64 of the shape of ``batch.units``."""
    hashes = np.empty(len(batch.units), np.uint64)
    _hash_units(batch.tokens, batch.token_offsets, batch.units, batch.unit_offsets, hashes)
    return hashes


@numba.njit(cache=True, nogil=True)
def _hash_units(tokens, token_offsets, units, unit_offsets, hashes):
    for text in range(len(token_offsets) - 1):
        first, last = unit_offsets[text], unit_offsets[text + 1]
        for unit in range(first, last):
            start = token_offsets[text] + units[unit]
            end = token_offsets[text + 1]
            if unit + 1 < last:
                end = token_offsets[text] + units[unit + 1]
            total = np.uint64(0)
            power = _POWER_BASE
            for i in range(start, end):
                token = _NUMBER if tokens[i] & _DIGIT else tokens[i]
                total += token * power
                power *= _POWER_BASE
            hashes[unit] = mix(total)
