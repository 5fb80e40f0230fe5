"""Bodies to candidate pairs, through posting keys."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.detector.bodies import BodyChunk
from dedup.detector.postings import PostingStore
from dedup.detector.stores import BodyStore, TokenStore
from dedup.fingerprint import Recipe, permutations
from dedup.index.keys import (
    MIN_SHARED_SAMPLES,
    SHARED_SAMPLES_DIVISOR,
    Family,
    band_keys,
    exact_keys,
    sample_keys,
)
from dedup.kernels.constants import POWER_BASE
from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.evidence import BodyBatch

__all__ = ["Bodies", "Candidates", "find_candidates", "gathered", "post_bodies"]

#: A key that more articles share pairs each of them with two others only.
LARGEST_GROUP = 512
#: So many pairs are looked at at once: their bodies are in memory then.
PAIRS_A_BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of n articles, and their posting keys.

    Attributes
    ----------
    store : BodyStore
    postings : PostingStore
        By rank.
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...
    digests : uint64 of shape (n,)
        Of each article's body and of what in it is formula.
    weights, text_weights : int64 of shape (n,)
        Half-words of the body and of the whole text.
    has_body : bool of shape (n,)
    sizes : int64 of shape (n,)
        How many sampled shingles each rank has.
    """

    store: BodyStore
    postings: PostingStore
    order: NDArray[np.int64]
    digests: Hashes
    weights: NDArray[np.int64]
    text_weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]
    sizes: NDArray[np.int64]


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


def post_bodies(
    tokens: TokenStore,
    chunks: Iterable[BodyChunk],
    order: NDArray[np.int64],
    recipe: Recipe,
    folder: Path | None = None,
) -> Bodies:
    """Store bodies and post their keys.

    Parameters
    ----------
    tokens : TokenStore
        The whole texts; read again when bodies are compared.
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...: what is found depends on the ranks alone.
    """
    from dedup.kernels.bodies import body_digests

    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    bodies = Bodies(
        BodyStore(tokens, folder),
        PostingStore(folder),
        order,
        digests=np.empty(len(order), np.uint64),
        weights=np.empty(len(order), np.int64),
        text_weights=np.empty(len(order), np.int64),
        has_body=np.empty(len(order), np.bool_),
        sizes=np.zeros(len(order), np.int64),
    )
    for chunk in chunks:
        here = slice(chunk.first, chunk.first + len(chunk.text_weights))
        bodies.store.append(chunk.cut.bodies, chunk.is_chrome)
        plain, bodies.digests[here] = body_digests(*chunk.cut.bodies, np.uint64(POWER_BASE))
        bodies.weights[here] = chunk.cut.weights
        bodies.text_weights[here] = chunk.text_weights
        bodies.has_body[here] = chunk.cut.has_body
        is_text = np.diff(chunk.cut.bodies.offsets) > 0
        bodies.postings.add(exact_keys(plain[is_text]), ranks[here][is_text])
        _post_sketches(bodies, chunk.cut.bodies, ranks[here], recipe)
    return bodies


def _post_sketches(
    bodies: Bodies, batch: "BodyBatch", ranks: NDArray[np.int64], recipe: Recipe
) -> None:
    from dedup.kernels.sketch import sketch_batch

    sketches = sketch_batch(
        batch,
        shingle_multipliers(recipe.shingle_size, recipe.seed),
        permutations(recipe),
        recipe.sample_limit,
        recipe.sample_floor,
    )
    counts = np.diff(sketches.sample_offsets)
    bodies.sizes[ranks] = counts
    bodies.postings.add(sample_keys(sketches.samples), np.repeat(ranks, counts))
    has_shingles = counts > 0
    bands = band_keys(sketches.signatures[has_shingles], recipe)
    bodies.postings.add(bands.ravel(), np.repeat(ranks[has_shingles], recipe.bands))


def find_candidates(bodies: Bodies) -> Candidates:
    """Find the pairs that share enough keys."""
    from dedup.kernels.grouping import sort_by_key
    from dedup.kernels.pairing import emit_pairs, repeated_pairs

    same = _group_same(bodies)
    is_first = same == np.arange(len(same))
    sure, counted, oversize = [], [], []
    for keys, owners in bodies.postings.buckets():
        chosen = is_first[owners]
        emitted = emit_pairs(
            *sort_by_key(keys[chosen], owners[chosen]), int(Family.SAMPLE), LARGEST_GROUP
        )
        sure.append(emitted.sure)
        counted.append(emitted.counted)
        oversize.append(emitted.oversizes)
    enough = repeated_pairs(
        np.concatenate(counted), bodies.sizes, MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR
    )
    codes = np.unique(np.concatenate([*sure, enough]))
    pairs = np.stack((codes >> np.uint64(32), codes & np.uint64(0xFFFFFFFF)), axis=1)
    return Candidates(pairs.astype(np.int64), same, np.concatenate(oversize))


def gathered(
    store: BodyStore, pairs: NDArray[np.int64]
) -> Iterator[tuple[slice, "BodyBatch", NDArray[np.int64]]]:
    """Yield which pairs, their bodies, and the pairs as numbers of those bodies.

    Parameters
    ----------
    pairs : int64 of shape (m, 2)
        Numbers of articles.
    """
    for start in range(0, len(pairs), PAIRS_A_BLOCK):
        here = slice(start, start + PAIRS_A_BLOCK)
        numbers, local = np.unique(pairs[here], return_inverse=True)
        yield here, store.gather(numbers), local.reshape(-1, 2).astype(np.int64)


def _group_same(bodies: Bodies) -> NDArray[np.int64]:
    """Return for each rank the first rank with the very same body."""
    from dedup.kernels.bodies import is_same_body

    order = bodies.order
    ranks = np.arange(len(order))
    _, first, inverse = np.unique(bodies.digests[order], return_index=True, return_inverse=True)
    same: NDArray[np.int64] = first[inverse].astype(np.int64)
    same[np.diff(bodies.store.offsets)[order] == 0] = -1  # texts without tokens stay alone
    same = np.where(same < 0, ranks, same)
    later = np.flatnonzero(same != ranks)
    pairs = np.stack((order[same[later]], order[later]), axis=1)
    for here, batch, local in gathered(bodies.store, pairs):
        is_equal = is_same_body(*batch, local[:, 0].copy(), local[:, 1].copy())
        unequal = later[here][~is_equal]
        same[unequal] = unequal
    return same
