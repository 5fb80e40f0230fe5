"""Candidates to verified matches."""

from dataclasses import dataclass, fields
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate
from dedup.detector.arrays import Column, Item, Scratch
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
from dedup.detector.groups import Groups, WrittenOut
from dedup.detector.texts import order_of
from dedup.detector.workers import map_in_order
from dedup.fingerprint import Recipe
from dedup.match import MIN_RUN_WEIGHT, RELATIONS, Evidence, Matches, Policy, Relation
from dedup.shingles import shingle_multipliers

__all__ = ["Detection", "detect"]

_DISTINCT = RELATIONS.index(Relation.DISTINCT)
_COLUMNS = len(fields(Evidence))
_THIRTY_TWO = np.uint64(32)


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
    """Find and verify the pairs of a corpus.

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

    bodies = Bodies.on(scratch, BodyStore(cutter, len(corpus)), order)

    def keyed(articles: tuple[int, int]) -> KeyedChunk:
        return key_chunk(*cutter.cut(*articles), recipe, bodies)

    for chunk in map_in_order(keyed, corpus.tokens.ranges(), jobs):
        bodies.add(chunk)
        say("find candidates", chunk.facts.first + len(chunk.digests), len(corpus))
    candidates = find_candidates(bodies, scratch, jobs=jobs)
    compared = _compare(bodies, candidates, policy, recipe, jobs, say, scratch)
    matches = _matches(corpus, order, compared, policy)
    return Detection(
        matches,
        boilerplate,
        bodies.weights,
        bodies.text_weights,
        bodies.has_body,
        compared.measured,
        candidates.oversize,
        compared.written.unlisted,
    )


class _Compared(NamedTuple):
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
) -> _Compared:
    """Measure and judge all candidates."""
    from dedup.kernels.evidence import measure_pairs

    groups, blocks = Groups(found.same), Blocks(bodies.lengths)
    multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)

    def related(some: NDArray[np.int64]) -> _Compared:
        batch, local = gathered(bodies.store, bodies.order[some])
        counts = measure_pairs(batch, local, multipliers, MIN_RUN_WEIGHT).astype(np.int32)
        is_related = policy.judge_rows(counts) != _DISTINCT
        of_different = int((some[:, 0] != some[:, 1]).sum())
        return _Compared(counts[is_related], groups.write_out(some[is_related]), of_different)

    candidates = by_family(found.pairs.candidates(bodies.sizes, jobs), len(found.same), scratch)
    partitions = chain(candidates, (groups.twins,))
    some_pairs = (some for pairs in partitions for some in blocks.of(pairs))
    a, b, rows = (scratch.column(np.int32) for _ in range(3))
    counts, is_turned = scratch.column(np.int32), scratch.column(np.bool_)
    measured = unlisted = 0
    for part in map_in_order(related, some_pairs, jobs):
        written = part.written
        rows.append(written.rows + np.int32(len(counts) // _COLUMNS))
        counts.append(part.counts.ravel())
        a.append(written.a)
        b.append(written.b)
        is_turned.append(written.is_turned)
        measured += part.measured
        unlisted += written.unlisted
        if scratch.budget:
            scratch.budget.check_matches(len(a), len(counts) // _COLUMNS)
        say("compare", measured, None)
    return _Compared(
        _whole(counts).reshape(-1, _COLUMNS),
        WrittenOut(_whole(a), _whole(b), _whole(rows), _whole(is_turned), unlisted),
        measured,
    )


def _whole(column: Column[Item]) -> NDArray[Item]:
    """Return a column in memory, giving its disk space back."""
    items = column.read(0, len(column))
    column.close()
    return items


def _matches(corpus: Corpus, order: NDArray[np.int64], found: _Compared, policy: Policy) -> Matches:
    """Return the pairs of articles, sorted.

    Parameters
    ----------
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...
    """
    _, _, rows, is_turned, _ = found.written
    codes = found.written.a.astype(np.uint64) << _THIRTY_TWO | found.written.b.astype(np.uint64)
    by_rank = np.argsort(codes)  # no pair stands twice
    codes = codes[by_rank]
    a, b = (codes >> _THIRTY_TWO).astype(np.int32), codes.astype(np.uint32).astype(np.int32)
    del codes
    return Matches(
        [corpus.ids[number] for number in order.tolist()],
        a,
        b,
        found.counts,
        rows[by_rank],
        is_turned[by_rank],
        DaysApart(corpus.articles, order).of(a, b),
        policy,
    )
