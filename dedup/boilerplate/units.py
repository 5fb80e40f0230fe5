"""Hashes of units, by which a site's repeated units are known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.constants import DIGIT, MIX_MULTIPLIER, NUMBER, POWER_BASE
from dedup.shingles import Hashes

__all__ = ["unit_hashes", "unit_lengths"]


def unit_lengths(tokens: int, units: Sequence[int] | NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return how many of the tokens each unit has; int64 of the units' shape."""
    return np.diff(np.append(np.asarray(units, np.int64), tokens))


def unit_hashes(tokens: Hashes, units: Sequence[int] | NDArray[np.uint32]) -> Hashes:
    """Hash the units of one text, numbers in them being all the same.

    Parameters
    ----------
    tokens : uint64 of shape (n,)
        Token hashes.
    units : of shape (m,)
        First token of each unit.

    Returns
    -------
    uint64 of shape (m,)
    """
    if len(tokens) == 0:
        return np.empty(0, np.uint64)
    lengths = unit_lengths(len(tokens), units)
    powers = np.cumprod(np.full(int(lengths.max()), POWER_BASE, np.uint64), dtype=np.uint64)
    places = np.arange(len(tokens)) - np.repeat(np.asarray(units, np.int64), lengths)
    folded = np.where(tokens & np.uint64(DIGIT), np.uint64(NUMBER), tokens)
    total = np.add.reduceat(folded * powers[places], np.asarray(units, np.int64))
    total ^= total >> np.uint64(32)
    total *= np.uint64(MIX_MULTIPLIER)
    mixed: Hashes = total ^ (total >> np.uint64(29))
    return mixed
