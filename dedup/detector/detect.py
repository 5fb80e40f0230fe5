"""Candidates to verified matches."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate
from dedup.detector.bodies import cut_chunk
from dedup.detector.candidates import (
    Bodies,
    Candidates,
    KeyedChunk,
    blocks,
    find_candidates,
    gathered,
    key_chunk,
    post_bodies,
)
from dedup.detector.corpus import Corpus, Progress
from dedup.detector.workers import map_in_order
from dedup.fingerprint import Recipe
from dedup.match import MIN_RUN_WEIGHT, Evidence, Match, Policy, Relation, days_apart, judge_pair
from dedup.shingles import shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["Detection", "detect"]

#: Pairs between two groups of the very same bodies are all written up to this
#: many; beyond, each member is paired with the first of the other group.
LARGEST_PRODUCT = 4096


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found among n articles.

    Attributes
    ----------
    matches : list[Match]
        Sorted by ids, ``a`` before ``b``; none is distinct.
    boilerplate : Boilerplate
        What it was judged with.
    bodies : Bodies
    candidates : int
        Pairs that were compared.
    oversize : NDArray[np.int64]
        How many articles shared each key that was too common for all pairs.
    """

    matches: list[Match]
    boilerplate: Boilerplate
    bodies: Bodies
    candidates: int
    oversize: NDArray[np.int64]


def detect(
    corpus: Corpus,
    policy: Policy,
    recipe: Recipe,
    *,
    boilerplate: Boilerplate | None = None,
    folder: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Detection:
    """Find and verify the pairs of a corpus.

    Parameters
    ----------
    boilerplate : Boilerplate | None
        Learned elsewhere; by default it is learned from the corpus itself.
    folder : Path | None
        Where bodies and posting keys are kept on disk.
    jobs : int
        Chunks to work on at once; the result is the same.
    """
    say = progress or (lambda _stage, _done, _total: None)
    if boilerplate is None:
        say("learn boilerplate", 0, len(corpus))
        boilerplate = corpus.learn(recipe)
    ids = [article.id for article in corpus.articles]
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    say("find candidates", 0, len(corpus))
    known = boilerplate

    def keyed(chunk: "tuple[int, TokenBatch]") -> KeyedChunk:
        return key_chunk(cut_chunk(corpus, known, recipe, *chunk), recipe)

    chunks = map_in_order(keyed, corpus.tokens.chunks(), jobs)
    bodies = post_bodies(corpus.tokens, chunks, order, folder)
    candidates = find_candidates(bodies, jobs=jobs)
    say("compare", 0, len(candidates.pairs))
    matches = [
        match
        for a, b, evidence in _measured(bodies, candidates, policy, recipe, jobs)
        if (match := _judged(corpus, int(order[a]), int(order[b]), evidence, policy)) is not None
    ]
    bodies.store.close()
    return Detection(matches, boilerplate, bodies, len(candidates.pairs), candidates.oversize)


def _judged(corpus: Corpus, a: int, b: int, evidence: Evidence, policy: Policy) -> Match | None:
    one, other = corpus.articles[a], corpus.articles[b]
    match = judge_pair(one.id, other.id, evidence, policy, days_apart(one, other))
    return None if match.relation is Relation.DISTINCT else match


def _measured(
    bodies: Bodies, found: Candidates, policy: Policy, recipe: Recipe, jobs: int
) -> Iterator[tuple[int, int, Evidence]]:
    """Yield (rank, rank, evidence) of each pair that can be more than distinct, sorted."""
    from dedup.kernels.evidence import measure_pairs

    groups = _groups(found.same)
    twins = np.array([(first, first) for first in groups], np.int64).reshape(-1, 2)
    pairs = np.concatenate((found.pairs, twins))
    multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)
    rows: list[tuple[int, int, Evidence]] = []

    def counted(here: slice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        batch, local = gathered(bodies.store, bodies.order[pairs[here]])
        counts = measure_pairs(batch, local, multipliers, MIN_RUN_WEIGHT)
        may_be = policy.may_be_related(counts)
        return pairs[here][may_be], counts[may_be]

    for some, counts in map_in_order(counted, blocks(len(pairs)), jobs):
        for (first, second), row in zip(some.tolist(), counts.tolist(), strict=True):
            rows.extend(_expanded(first, second, Evidence(bool(row[0]), *row[1:]), groups))
    yield from sorted(rows, key=lambda pair: pair[:2])


def _groups(same: NDArray[np.int64]) -> dict[int, list[int]]:
    """Return the ranks with the very same body, by the first of them; no singletons."""
    groups: dict[int, list[int]] = defaultdict(list)
    firsts = set(same[same != np.arange(len(same))].tolist())
    for rank, first in enumerate(same.tolist()):
        if first in firsts:
            groups[first].append(rank)
    return groups


def _expanded(
    first: int, second: int, evidence: Evidence, groups: dict[int, list[int]]
) -> Iterator[tuple[int, int, Evidence]]:
    """Yield the pairs that one pair of bodies stands for."""
    one, other = groups.get(first, [first]), groups.get(second, [second])
    if len(one) * len(other) > LARGEST_PRODUCT:
        pairs = {*product(one[:1], other), *product(one, other[:1])}
    elif first == second:
        pairs = set(combinations(one, 2))
    else:
        pairs = set(product(one, other))
    for a, b in pairs:
        if a < b:
            yield a, b, evidence
        elif b < a:
            yield b, a, evidence.reversed()
