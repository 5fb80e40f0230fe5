"""Bodies to candidate pairs, through posting keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import concatenated_ranges
from dedup.fingerprint import Recipe, permutations
from dedup.index.keys import (
    MIN_SHARED_SAMPLES,
    SHARED_SAMPLES_DIVISOR,
    band_keys,
    exact_keys,
    sample_keys,
)
from dedup.kernels.constants import POWER_BASE
from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.evidence import BodyBatch

__all__ = ["Candidates", "find_candidates"]

#: A key that more articles share pairs each with two others only.
LARGEST_GROUP = 512
#: A divisor that asks for no share at all.
_ANY = 1 << 32


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate pairs, and the groups of bodies that are the very same.

    Attributes
    ----------
    pairs : int64 of shape (m, 2)
        Of different bodies, by rank, sorted, the smaller first.
    same : int64 of shape (n,)
        The rank of the first article with the same body.
    oversize : int64 of shape (k,)
        How many articles shared each key that was too common for all pairs.
    """

    pairs: NDArray[np.int64]
    same: NDArray[np.int64]
    oversize: NDArray[np.int64]


def find_candidates(bodies: "BodyBatch", order: NDArray[np.int64], recipe: Recipe) -> Candidates:
    """Find the pairs that share enough keys.

    Parameters
    ----------
    order : int64 of shape (n,)
        Which body has rank 0, 1, ...: what is found depends on the ranks alone.
    """
    from dedup.kernels.bodies import body_digests
    from dedup.kernels.pairing import Postings, pair_up

    plain, marked = body_digests(*bodies, np.uint64(POWER_BASE))
    same = _group_same(bodies, marked, order)
    lengths = np.diff(bodies.offsets)[order]
    ranks = np.flatnonzero((same == np.arange(len(order))) & (lengths > 0))
    found, oversize = [np.empty((0, 2), np.int64)], [np.empty(0, np.int64)]
    for keys, owners, min_shared, divisor in _postings(bodies, plain, order, ranks, recipe):
        by_key = np.argsort(keys, kind="stable")  # owners increase already
        postings = Postings(keys[by_key], owners[by_key])
        sizes = np.bincount(owners, minlength=len(order))
        pairs, oversizes = pair_up(postings, sizes, min_shared, divisor, LARGEST_GROUP)
        found.append(pairs)
        oversize.append(oversizes)
    return Candidates(np.unique(np.concatenate(found), axis=0), same, np.concatenate(oversize))


def _postings(
    bodies: "BodyBatch",
    digests: Hashes,
    order: NDArray[np.int64],
    ranks: NDArray[np.int64],
    recipe: Recipe,
) -> Iterator[tuple[Hashes, NDArray[np.int64], int, int]]:
    """Yield the keys of each family, the rank each belongs to, and how many must be shared.

    The last two are the number and the divisor of :func:`~dedup.kernels.pairing.pair_up`.
    """
    from dedup.kernels.sketch import sketch_batch

    sketches = sketch_batch(
        bodies,
        shingle_multipliers(recipe.shingle_size, recipe.seed),
        permutations(recipe),
        recipe.sample_limit,
        recipe.sample_floor,
    )
    yield exact_keys(digests[order[ranks]]), ranks, 1, _ANY
    counts = np.diff(sketches.sample_offsets)
    sketched = ranks[counts[order[ranks]] > 0]
    bands = band_keys(sketches.signatures[order[sketched]], recipe)
    yield bands.ravel(), np.repeat(sketched, recipe.bands), 1, _ANY
    chosen = order[sketched]
    ends = sketches.sample_offsets[chosen + 1]
    samples = sketches.samples[concatenated_ranges(sketches.sample_offsets[chosen], ends)]
    owners = np.repeat(sketched, counts[chosen])
    yield sample_keys(samples), owners, MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR


def _group_same(
    bodies: "BodyBatch", digests: Hashes, order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for each rank the first rank with the same body."""
    from dedup.kernels.bodies import is_same_body

    _, first, inverse = np.unique(digests[order], return_index=True, return_inverse=True)
    same: NDArray[np.int64] = first[inverse]
    is_equal = is_same_body(*bodies, order[same], order)
    is_empty = np.diff(bodies.offsets)[order] == 0
    return np.where(is_equal & ~is_empty, same, np.arange(len(order)))
