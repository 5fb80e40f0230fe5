"""Bodies to candidate pairs, through posting keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import Scratch
from dedup.detector.bodies import BodyStore, CutTexts
from dedup.detector.pairs import PairStore
from dedup.detector.postings import Postings, PostingStore
from dedup.detector.workers import map_in_order
from dedup.fingerprint import Recipe
from dedup.index.keys import (
    LARGEST_GROUP,
    Family,
    band_keys,
    exact_keys,
    sample_keys,
)
from dedup.shingles import Hashes

if TYPE_CHECKING:
    from dedup.kernels.cuts import Cuts
    from dedup.kernels.evidence import BodyBatch
    from dedup.kernels.keying import KeyedBodies
    from dedup.kernels.splitting import SplitPairs, SplitPostings

__all__ = [
    "Blocks",
    "Bodies",
    "Candidates",
    "find_candidates",
    "gathered",
    "key_chunk",
]

#: So many pairs are looked at at once, or fewer if their bodies, which are in memory
#: then, have more tokens than this in all.
PAIRS_A_BLOCK = 8192
TOKENS_A_BLOCK = 1 << 19


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of n articles, and their posting keys.

    Attributes
    ----------
    store : BodyStore
    postings : PostingStore
        By rank.
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...: what is found depends on the ranks alone.
    ranks : uint32 of shape (n,)
        The rank of each article.
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
    ranks: NDArray[np.uint32]
    digests: Hashes
    weights: NDArray[np.int64]
    text_weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]
    sizes: NDArray[np.int64]

    @classmethod
    def on(cls, scratch: Scratch, store: BodyStore, order: NDArray[np.int64]) -> Self:
        """Return what is to be filled; ``store`` has no bodies yet."""
        n = len(order)
        ranks = np.empty(n, np.uint32)
        ranks[order] = np.arange(n, dtype=np.uint32)
        return cls(
            store,
            PostingStore(n, scratch),
            order,
            ranks,
            digests=np.empty(n, np.uint64),
            weights=np.empty(n, np.int64),
            text_weights=np.empty(n, np.int64),
            has_body=np.empty(n, np.bool_),
            sizes=np.zeros(n, np.int64),
        )

    def add(self, keyed: "KeyedChunk") -> None:
        """Add the next bodies with their keys."""
        cuts, bodies = keyed.cuts, keyed.bodies
        here = slice(keyed.first, keyed.first + len(cuts.weights))
        self.store.append(keyed.first, cuts, bodies)
        self.digests[here] = bodies.marked
        self.weights[here] = cuts.weights
        self.text_weights[here] = cuts.text_weights
        self.has_body[here] = cuts.has_body
        self.sizes[self.ranks[here]] = np.diff(bodies.sample_offsets)
        self.postings.add(keyed.postings)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many tokens the body with each rank has; shape (n,)."""
        return np.diff(self.store.offsets)[self.order]


@dataclass(frozen=True, slots=True)
class KeyedChunk:
    """Some bodies and their posting keys.

    Attributes
    ----------
    first : int
        Number of the first article.
    cuts : Cuts
        Of n articles.
    bodies : KeyedBodies
    postings : SplitPostings
        Keys of all families, with the rank of who has each.
    """

    first: int
    cuts: "Cuts"
    bodies: "KeyedBodies"
    postings: "SplitPostings"


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


def key_chunk(texts: CutTexts, bodies: "KeyedBodies", recipe: Recipe, target: Bodies) -> KeyedChunk:
    """Make the posting keys of some bodies, for :meth:`Bodies.add`."""
    counts = np.diff(bodies.sample_offsets)
    numbers = np.arange(len(counts))
    is_text = texts.cuts.lengths > 0
    has_shingles = counts > 0
    bands = band_keys(bodies.signatures[has_shingles], recipe)
    keys = (exact_keys(bodies.plain[is_text]), sample_keys(bodies.samples), bands.ravel())
    owners = (
        numbers[is_text],
        np.repeat(numbers, counts),
        np.repeat(numbers[has_shingles], recipe.bands),
    )
    ranks = target.ranks[texts.first + np.concatenate(owners)]
    postings = target.postings.split(np.concatenate(keys), ranks)
    return KeyedChunk(texts.first, texts.cuts, bodies, postings)


def find_candidates(bodies: Bodies, scratch: Scratch, *, jobs: int = 1) -> Candidates:
    """Find the pairs that share keys."""
    from dedup.kernels.grouping import frequent_keys, sort_by_key
    from dedup.kernels.pairing import emit_pairs

    same = _group_same(bodies, jobs)
    is_first = same == np.arange(len(same))

    pairs = PairStore(len(same), scratch)

    def emitted(
        read: Callable[[], Postings],
    ) -> "tuple[NDArray[np.int64], SplitPairs, SplitPairs]":
        keys, owners = read()
        chosen = is_first[owners]
        shared = frequent_keys(keys[chosen], owners[chosen], 2)
        found = emit_pairs(*sort_by_key(*shared), int(Family.SAMPLE), LARGEST_GROUP)
        return found.oversizes, *pairs.split(found)

    oversize = []
    for oversizes, sure, counted in map_in_order(emitted, bodies.postings.buckets(), jobs):
        pairs.add(sure, counted)
        oversize.append(oversizes)
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
