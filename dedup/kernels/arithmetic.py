"""Bit mixing, as in :func:`dedup.shingles.mix`."""

import numpy as np

from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import (
    DIGIT,
    MIX_MULTIPLIER,
    NUMBER,
    POWER_BASE,
    TOKEN_MULTIPLIER,
)

__all__ = ["fold", "hash_unit", "mix", "shingle", "shingle_all"]

_MULTIPLIER = np.uint64(MIX_MULTIPLIER)
_TOKEN_MULTIPLIER = np.uint64(TOKEN_MULTIPLIER)
_DIGIT, _NUMBER = np.uint64(DIGIT), np.uint64(NUMBER)
_POWER_BASE = np.uint64(POWER_BASE)


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


@compiled
def hash_unit(tokens, start, end):
    """Hash the tokens of a unit; all with a digit count as one."""
    total, power = np.uint64(0), _POWER_BASE
    for i in range(start, end):
        total += (_NUMBER if tokens[i] & _DIGIT else tokens[i]) * power
        power *= _POWER_BASE
    return mix(total)


@compiled
def shingle_all(tokens, n, multipliers, out):
    """Hash every shingle of the n tokens of a text, as `shingle`; return their number.

    The usual size is written out, so that eight are hashed at once.
    """
    if n == 0:
        return 0
    size = min(len(multipliers), n)
    count = n - size + 1
    if size == 5:
        first, second, third = multipliers[0], multipliers[1], multipliers[2]
        fourth, fifth = multipliers[3], multipliers[4]
        for i in range(count):
            out[i] = mix(
                tokens[i] * first
                + tokens[i + 1] * second
                + tokens[i + 2] * third
                + tokens[i + 3] * fourth
                + tokens[i + 4] * fifth
            )
    else:
        for i in range(count):
            out[i] = shingle(tokens, i, size, multipliers)
    return count
