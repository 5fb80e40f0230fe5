"""Candidates to verified matches."""

from dataclasses import dataclass, fields
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
from dedup.detector.dates import days_apart_of
from dedup.detector.groups import Groups, WrittenOut
from dedup.detector.workers import map_in_order
from dedup.fingerprint import Recipe
from dedup.match import MIN_RUN_WEIGHT, RELATIONS, Evidence, Matches, Policy, Relation
from dedup.shingles import shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["Detection", "detect"]

_DISTINCT = RELATIONS.index(Relation.DISTINCT)
_NOTHING = WrittenOut(
    np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.bool_)
)


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found among n articles.

    Attributes
    ----------
    matches : Matches
        Sorted by ids, ``a`` before ``b``; none is distinct.
    boilerplate : Boilerplate
        What it was judged with.
    bodies : Bodies
    candidates : int
        Pairs that were compared.
    oversize : NDArray[np.int64]
        How many articles shared each key that was too common for all pairs.
    """

    matches: Matches
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
    matches = _compared(corpus, bodies, candidates, policy, recipe, jobs)
    bodies.store.close()
    return Detection(matches, boilerplate, bodies, len(candidates.pairs), candidates.oversize)


def _compared(
    corpus: Corpus, bodies: Bodies, found: Candidates, policy: Policy, recipe: Recipe, jobs: int
) -> Matches:
    """Return the pairs that are more than distinct, sorted."""
    from dedup.kernels.evidence import measure_pairs

    groups = Groups(found.same)
    pairs = np.concatenate((found.pairs, groups.twins))
    multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)

    def related(here: slice) -> tuple[NDArray[np.int32], WrittenOut]:
        batch, local = gathered(bodies.store, bodies.order[pairs[here]])
        counts = measure_pairs(batch, local, multipliers, MIN_RUN_WEIGHT).astype(np.int32)
        is_related = policy.judge_rows(counts) != _DISTINCT
        return counts[is_related], groups.write_out(pairs[here][is_related])

    found_counts, written = [np.empty((0, len(fields(Evidence))), np.int32)], [_NOTHING]
    rows = 0
    for counts, some in map_in_order(related, blocks(len(pairs)), jobs):
        found_counts.append(counts)
        written.append(some._replace(rows=some.rows + np.int32(rows)))
        rows += len(counts)
    a, b, its_rows, is_turned = (np.concatenate(columns) for columns in zip(*written, strict=True))
    order = np.argsort(a.astype(np.int64) << 32 | b, kind="stable")
    a, b = a[order], b[order]
    articles = bodies.order
    return Matches(
        [corpus.articles[number].id for number in articles.tolist()],
        a,
        b,
        np.concatenate(found_counts),
        its_rows[order],
        is_turned[order],
        days_apart_of(corpus.articles, corpus.sites, articles[a], articles[b]),
        policy,
    )
