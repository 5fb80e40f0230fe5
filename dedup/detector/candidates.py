"""Bodies to candidate pairs, through posting keys."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import Scratch
from dedup.detector.bodies import BodyFacts, BodyStore
from dedup.detector.pairs import PairStore
from dedup.detector.postings import Postings, PostingStore
from dedup.detector.workers import map_in_order
from dedup.fingerprint import Recipe, permutations
from dedup.index.keys import (
    LARGEST_GROUP,
    Family,
    band_keys,
    exact_keys,
    sample_keys,
)
from dedup.kernels.constants import POWER_BASE
from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.evidence import BodyBatch

__all__ = [
    "Blocks",
    "Bodies",
    "Candidates",
    "find_candidates",
    "gathered",
    "key_chunk",
    "post_bodies",
]

#: So many pairs are looked at at once, or fewer if their bodies, which are in memory
#: then, have more tokens than this in all.
PAIRS_A_BLOCK = 8192
TOKENS_A_BLOCK = 1 << 20


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

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many tokens the body with each rank has; shape (n,)."""
        return np.diff(self.store.offsets)[self.order]


@dataclass(frozen=True, slots=True)
class KeyedChunk:
    """Some bodies and their posting keys.

    Attributes
    ----------
    facts : BodyFacts
        Of n articles.
    digests : uint64 of shape (n,)
        Of each body and of what in it is formula.
    keys, owners : uint64 and int64 of shape (k,)
        Keys of all families, and which of the n has each.
    samples : int64 of shape (n,)
        How many sampled shingles each has.
    """

    facts: BodyFacts
    digests: Hashes
    keys: Hashes
    owners: NDArray[np.int64]
    samples: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate pairs, and the groups of bodies that are the very same.

    Attributes
    ----------
    pairs : PairStore
        Of different bodies, by rank.
    same : int64 of shape (n,)
        The rank of the first article with the same body.
    oversize : int64 of shape (k,)
        How many articles shared each key that was too common for all pairs.
    """

    pairs: PairStore
    same: NDArray[np.int64]
    oversize: NDArray[np.int64]


def key_chunk(bodies: "BodyBatch", facts: BodyFacts, recipe: Recipe) -> KeyedChunk:
    """Make the posting keys of some bodies."""
    from dedup.kernels.bodies import body_digests
    from dedup.kernels.sketch import sketch_batch

    plain, marked = body_digests(*bodies, np.uint64(POWER_BASE))
    sketches = sketch_batch(
        bodies,
        shingle_multipliers(recipe.shingle_size, recipe.seed),
        permutations(recipe),
        recipe.sample_limit,
        recipe.sample_floor,
    )
    counts = np.diff(sketches.sample_offsets)
    numbers = np.arange(len(counts))
    is_text = np.diff(bodies.offsets) > 0
    has_shingles = counts > 0
    bands = band_keys(sketches.signatures[has_shingles], recipe)
    keys = (exact_keys(plain[is_text]), sample_keys(sketches.samples), bands.ravel())
    owners = (
        numbers[is_text],
        np.repeat(numbers, counts),
        np.repeat(numbers[has_shingles], recipe.bands),
    )
    return KeyedChunk(facts, marked, np.concatenate(keys), np.concatenate(owners), counts)


def post_bodies(
    store: BodyStore,
    chunks: Iterable[KeyedChunk],
    order: NDArray[np.int64],
    scratch: Scratch,
) -> Bodies:
    """Store bodies and post their keys.

    Parameters
    ----------
    store : BodyStore
        Without bodies.
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...: what is found depends on the ranks alone.
    """
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    bodies = Bodies(
        store,
        PostingStore(len(order), scratch),
        order,
        digests=np.empty(len(order), np.uint64),
        weights=np.empty(len(order), np.int64),
        text_weights=np.empty(len(order), np.int64),
        has_body=np.empty(len(order), np.bool_),
        sizes=np.zeros(len(order), np.int64),
    )
    for keyed in chunks:
        facts = keyed.facts
        here = slice(facts.first, facts.first + len(facts.weights))
        store.append(facts)
        bodies.digests[here] = keyed.digests
        bodies.weights[here] = facts.weights
        bodies.text_weights[here] = facts.text_weights
        bodies.has_body[here] = facts.has_body
        bodies.sizes[ranks[here]] = keyed.samples
        bodies.postings.add(keyed.keys, ranks[here][keyed.owners])
    return bodies


def find_candidates(bodies: Bodies, scratch: Scratch, *, jobs: int = 1) -> Candidates:
    """Find the pairs that share keys."""
    from dedup.kernels.grouping import frequent_keys, sort_by_key
    from dedup.kernels.pairing import Emitted, emit_pairs

    same = _group_same(bodies, jobs)
    is_first = same == np.arange(len(same))

    def emitted(read: Callable[[], Postings]) -> Emitted:
        keys, owners = read()
        chosen = is_first[owners]
        shared = frequent_keys(keys[chosen], owners[chosen], 2)
        return emit_pairs(*sort_by_key(*shared), int(Family.SAMPLE), LARGEST_GROUP)

    pairs = PairStore(len(same), scratch)
    oversize = []
    for found in map_in_order(emitted, bodies.postings.buckets(), jobs):
        pairs.add(found)
        oversize.append(found.oversizes)
    return Candidates(pairs, same, np.concatenate(oversize))


def gathered(store: BodyStore, pairs: NDArray[np.int64]) -> tuple["BodyBatch", NDArray[np.int64]]:
    """Return the bodies of some pairs, and the pairs as numbers of those bodies.

    Parameters
    ----------
    pairs : int64 of shape (m, 2)
        Numbers of articles.
    """
    numbers, local = np.unique(pairs, return_inverse=True)
    return store.gather(numbers), local.reshape(-1, 2).astype(np.int64)


class Blocks:
    """Cuts pairs into blocks whose bodies may be in memory at once.

    Parameters
    ----------
    lengths : int64 of shape (n,)
        Tokens of the body that has each rank.
    """

    def __init__(self, lengths: NDArray[np.int64]) -> None:
        self._lengths = lengths
        self._seen = np.zeros(len(lengths), np.uint32)
        self._block = 0

    def of(self, pairs: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        """Yield the pairs, some at a time, at least one.

        Parameters
        ----------
        pairs : int64 of shape (m, 2)
            Of ranks.
        """
        from dedup.kernels.pairing import block_end

        pairs = np.ascontiguousarray(pairs)
        start = 0
        while start < len(pairs):
            self._block += 1
            most = pairs[: start + PAIRS_A_BLOCK]
            end = block_end(most, start, self._lengths, TOKENS_A_BLOCK, self._seen, self._block)
            yield pairs[start:end]
            start = end


def _group_same(bodies: Bodies, jobs: int) -> NDArray[np.int64]:
    """Return for each rank the first rank with the very same body."""
    from dedup.kernels.bodies import is_same_body

    order = bodies.order
    ranks = np.arange(len(order))
    _, first, inverse = np.unique(bodies.digests[order], return_index=True, return_inverse=True)
    same: NDArray[np.int64] = first[inverse].astype(np.int64)
    same[bodies.lengths == 0] = -1  # texts without tokens stay alone
    same = np.where(same < 0, ranks, same)
    later = np.flatnonzero(same != ranks)

    def unequal(some: NDArray[np.int64]) -> NDArray[np.int64]:
        batch, local = gathered(bodies.store, order[some])
        is_equal = is_same_body(*batch, local[:, 0].copy(), local[:, 1].copy())
        found: NDArray[np.int64] = some[~is_equal, 1]
        return found

    some_pairs = Blocks(bodies.lengths).of(np.stack((same[later], later), axis=1))
    for found in map_in_order(unequal, some_pairs, jobs):
        same[found] = found
    return same
