"""Bit mixing, as in :func:`dedup.shingles.mix`."""

import numba
import numpy as np

from dedup.shingles import MIX_MULTIPLIER

__all__ = ["mix"]

_MULTIPLIER = np.uint64(MIX_MULTIPLIER)


@numba.njit(cache=True, nogil=True, inline="always")
def mix(value):  # type: ignore[no-untyped-def]
    """Scramble 64 bits."""
    value ^= value >> np.uint64(32)
    value *= _MULTIPLIER
    return value ^ (value >> np.uint64(29))
