"""Candidates to verified matches."""

from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate
from dedup.detector.arrays import Scratch
from dedup.detector.bodies import BodyCutter, BodyStore
from dedup.detector.candidates import (
    Blocks,
    Bodies,
    Candidates,
    KeyedChunk,
    find_candidates,
    gathered,
    key_chunk,
)
from dedup.detector.corpus import Corpus, Progress
from dedup.detector.dates import DaysApart
from dedup.detector.families import by_family
from dedup.detector.found import FoundPairs
from dedup.detector.groups import Groups, WrittenOut
from dedup.detector.texts import order_of
from dedup.detector.workers import map_in_order
from dedup.fingerprint import Recipe
from dedup.match import MIN_RUN_WEIGHT, RELATIONS, Matches, Policy, RankedIds, Relation
from dedup.shingles import shingle_multipliers

__all__ = ["Detection", "detect"]

_DISTINCT = RELATIONS.index(Relation.DISTINCT)


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found among n articles.

    Attributes
    ----------
    matches : Matches
        Sorted by ids, ``a`` before ``b``; none is distinct.
    boilerplate : Boilerplate
        What it was judged with.
    weights, text_weights : int64 of shape (n,)
        Half-words of each body and of each whole text.
    has_body : bool of shape (n,)
    candidates : int
        Pairs that were compared.
    oversize : NDArray[np.int64]
        How many articles shared each key that was too common for all pairs.
    unlisted : int
        Pairs of articles that are no matches, as there are too many of the very same body.
    """

    matches: Matches
    boilerplate: Boilerplate
    weights: NDArray[np.int64]
    text_weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]
    candidates: int
    oversize: NDArray[np.int64]
    unlisted: int


def detect(
    corpus: Corpus,
    policy: Policy,
    recipe: Recipe,
    *,
    boilerplate: Boilerplate | None = None,
    scratch: Scratch | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Detection:
    """Find and verify the pairs of a corpus, once: its units go when bodies are cut.

    Parameters
    ----------
    boilerplate : Boilerplate | None
        Learned elsewhere; by default it is learned from the corpus itself.
    scratch : Scratch | None
        Where bodies and posting keys are kept on disk.
    jobs : int
        Chunks to work on at once; the result is the same.
    """
    say = progress or (lambda _stage, _done, _total: None)
    scratch = scratch or Scratch()
    if boilerplate is None:
        say("learn boilerplate", 0, len(corpus))
        boilerplate = corpus.learn(recipe, jobs=jobs)
    order = order_of(corpus.ids)
    say("find candidates", 0, len(corpus))
    cutter = BodyCutter(corpus, boilerplate, recipe)

    bodies = Bodies.on(scratch, BodyStore(corpus, scratch), order)

    def keyed(articles: tuple[int, int]) -> KeyedChunk:
        texts = cutter.cut(*articles)
        return key_chunk(texts, cutter.key(texts), recipe, bodies)

    for chunk in map_in_order(keyed, corpus.tokens.ranges(), jobs):
        bodies.add(chunk)
        say("find candidates", chunk.first + len(chunk.cuts.weights), len(corpus))
    corpus.units.close()  # bodies are copied again without them, and pairs need the room
    candidates = find_candidates(bodies, scratch, jobs=jobs)
    nothing = np.empty(0, np.uint64), np.empty(0, np.uint32)
    bodies = replace(bodies, digests=nothing[0], ranks=nothing[1])  # nobody asks for them now
    found, measured = _compare(bodies, candidates, policy, recipe, jobs, say, scratch)
    columns = found.in_order(len(corpus), DaysApart(corpus.articles, order))
    return Detection(
        Matches(RankedIds(corpus.ids, order), counts=found.counts, policy=policy, **columns),
        boilerplate,
        bodies.weights,
        bodies.text_weights,
        bodies.has_body,
        measured,
        candidates.oversize,
        found.unlisted,
    )


class _Related(NamedTuple):
    """Pairs of bodies that are more than distinct; ``measured``: how many were compared."""

    counts: NDArray[np.int32]
    written: WrittenOut
    measured: int


def _compare(
    bodies: Bodies,
    found: Candidates,
    policy: Policy,
    recipe: Recipe,
    jobs: int,
    say: Progress,
    scratch: Scratch,
) -> tuple[FoundPairs, int]:
    """Measure and judge all candidates; return what was found, and how many were compared."""
    from dedup.kernels.evidence import PairMeasurer

    measure = PairMeasurer()
    groups, blocks = Groups(found.same), Blocks(bodies.lengths)
    multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)

    def related(some: NDArray[np.int64]) -> _Related:
        batch, local = gathered(bodies.store, bodies.order[some])
        counts = measure(batch, local, multipliers, MIN_RUN_WEIGHT).astype(np.int32)
        is_related = policy.judge_rows(counts) != _DISTINCT
        of_different = int((some[:, 0] != some[:, 1]).sum())
        return _Related(counts[is_related], groups.write_out(some[is_related]), of_different)

    candidates = by_family(found.pairs.candidates(bodies.sizes, jobs), len(found.same), scratch)
    partitions = chain(candidates, (groups.twins,))
    some_pairs = (some for pairs in partitions for some in blocks.of(pairs))
    pairs_found, measured = FoundPairs(scratch), 0
    for part in map_in_order(related, some_pairs, jobs):
        pairs_found.add(part.counts, part.written)
        measured += part.measured
        if scratch.budget:
            scratch.budget.check_matches(len(pairs_found), pairs_found.measured)
        say("compare", measured, None)
    return pairs_found, measured
