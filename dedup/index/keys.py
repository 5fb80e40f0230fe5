"""Posting keys: two articles that share enough of them are a candidate pair.

Three families go through one inverted index; the two lowest bits of a key say
which it is of:

- *exact*: a hash of the whole body; one shared key is enough;
- *band*: a hash of one band of the MinHash signature; one is enough;
- *sample*: a sampled shingle; :func:`is_enough_shared` says how many are asked for.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint import Recipe, Signature
from dedup.kernels.constants import GOLDEN, MIX_MULTIPLIER
from dedup.shingles import Hashes, mix

__all__ = [
    "LARGEST_GROUP",
    "MIN_SHARED_SAMPLES",
    "SHARED_SAMPLES_DIVISOR",
    "Family",
    "band_keys",
    "exact_keys",
    "family_of",
    "is_enough_shared",
    "sample_keys",
]

#: Two articles share at least so many sampled shingles, and at least one in
#: ``SHARED_SAMPLES_DIVISOR`` of the smaller sample, or are no candidate pair. The
#: least that duplicates share on real feeds is one in eight.
MIN_SHARED_SAMPLES = 2
SHARED_SAMPLES_DIVISOR = 12
#: A key that more articles share does not propose all their pairs: a batch pairs each with
#: two others only, an index proposes the newest so many. Such keys are counted.
LARGEST_GROUP = 128
_MASK = (1 << 64) - 1
_FAMILY_BITS = 3


class Family(IntEnum):
    """What a posting key is made of."""

    EXACT = 0
    BAND = 1
    SAMPLE = 2


def family_of(key: int) -> Family:
    """Return the family of a posting key."""
    return Family(int(key) & _FAMILY_BITS)


def is_enough_shared(shared: int, smaller: int) -> bool:
    """Say whether so many shared samples make a candidate pair.

    Parameters
    ----------
    shared, smaller : int
        Sampled shingles in common, and in the smaller of the two samples.
    """
    return shared >= MIN_SHARED_SAMPLES and shared * SHARED_SAMPLES_DIVISOR >= smaller


def sample_keys(sample: Hashes) -> Hashes:
    """Return the keys of sampled shingles; uint64 of the sample's shape."""
    return _tagged(sample, Family.SAMPLE)


def exact_keys(digests: Hashes) -> Hashes:
    """Return the keys of whole bodies' hashes; uint64 of their shape."""
    return _tagged(digests, Family.EXACT)


def band_keys(signatures: Signature, recipe: Recipe) -> Hashes:
    """Return the keys of signatures' bands.

    Parameters
    ----------
    signatures : uint32 of shape (n, num_perm)

    Returns
    -------
    uint64 of shape (n, bands)
    """
    used = signatures[:, : recipe.bands * recipe.rows].astype(np.uint64)
    cells = used.reshape(len(signatures), recipe.bands, recipe.rows)
    numbers = np.arange(1, recipe.bands + 1, dtype=np.uint64)
    state = np.broadcast_to(numbers * np.uint64(GOLDEN), cells.shape[:2]).copy()
    for row in range(recipe.rows):
        state = _mixed(state ^ cells[:, :, row])
        state *= np.uint64(mix((row + 1) * GOLDEN & _MASK) | 1)
    return _tagged(_mixed(state), Family.BAND)


def _mixed(values: Hashes) -> Hashes:
    values = values ^ (values >> np.uint64(32))
    values *= np.uint64(MIX_MULTIPLIER)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(29))
    return mixed


def _tagged(values: Hashes, family: Family) -> Hashes:
    tagged: Hashes = (values & np.uint64(_MASK - _FAMILY_BITS)) | np.uint64(family)
    return tagged
