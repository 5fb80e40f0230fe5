"""Bit mixing, as in :func:`dedup.shingles.mix`."""

import numpy as np

from dedup.kernels.compiled import inlined
from dedup.kernels.constants import MIX_MULTIPLIER, TOKEN_MULTIPLIER

__all__ = ["fold", "mix", "shingle"]

_MULTIPLIER = np.uint64(MIX_MULTIPLIER)
_TOKEN_MULTIPLIER = np.uint64(TOKEN_MULTIPLIER)


@inlined
def mix(value):
    """Scramble 64 bits."""
    value ^= value >> np.uint64(32)
    value *= _MULTIPLIER
    return value ^ (value >> np.uint64(29))


@inlined
def fold(state, block):
    """Take eight bytes of a token into its hash's state."""
    state = (state ^ block) * _TOKEN_MULTIPLIER
    return state ^ (state >> np.uint64(32))


@inlined
def shingle(tokens, start, size, multipliers):
    """Hash the ``size`` tokens from start, as :func:`dedup.shingles.shingle_hashes`."""
    total = np.uint64(0)
    for i in range(size):
        total += tokens[start + i] * multipliers[i]
    return mix(total)
