"""Link the sentences of two texts that say the same.

From the surest to the least sure, so that each step leans on the ones before:

1. the same words, where only one sentence of either text has them; then their
   equal neighbours; then repeated sentences, in order;
2. alike wherever they stand, the best pair first; a pair that crosses the
   order found so far must be more alike than one that fits it;
3. what stands between two links in both texts needs to be alike only a little;
4. sentences that were merged into, or split from, a linked neighbour.

Then crossing links too light to be moves are given up, and 3 and 4 run again.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from dedup.diff.alignment import Alignment, Chain, Rank
from dedup.diff.equal import link_equal
from dedup.diff.limits import say_frequent, say_gap
from dedup.diff.merges import join_neighbours
from dedup.diff.moves import MIN_MOVE_MASS, MIN_VERBATIM_MASS, find_blocks
from dedup.diff.sentences import Sentence
from dedup.diff.similarity import Similarity, extract_features
from dedup.kernels.thresholds import (
    CANDIDATE_SHARE,
    CROSSING_PAIRS,
    HOLDERS_PART,
    INSIDE,
    INSIDE_IN_GAP,
    LIKE_CROSSING,
    LIKE_CROSSING_PASSAGE,
    LIKE_DOUBTFUL,
    LIKE_IN_GAP,
    LIKE_IN_GAP_PHRASE,
    LIKE_IN_ORDER,
    LIKE_NEIGHBOUR,
    MAX_CANDIDATES,
    MAX_GAP_PAIRS,
    MAX_HOLDERS,
    MIN_HOLDERS,
    MIN_SHARED_WORDS,
    PHRASE_PAIRS,
)

__all__ = ["align"]

_UNSURE = frozenset({Rank.DOUBTFUL, Rank.OUTSIDE})


def align(
    a: Sequence[Sentence], b: Sequence[Sentence], rank_a: Sequence[Rank], rank_b: Sequence[Rank]
) -> Alignment:
    """Link the sentences of two texts that say the same.

    Parameters
    ----------
    a, b : Sequence[Sentence]
    rank_a, rank_b : Sequence[Rank]
        Which sentences may be linked: body first, then what looks like chrome
        but is in both texts (a credit line), never chrome.

    Notes
    -----
    Near O(words) when most sentences are alike, and bounded by
    ``MAX_CANDIDATES`` comparisons a sentence when none is.
    """
    found = Alignment(a, b, rank_a, rank_b)
    link_equal(found)
    likeness: Similarity | None = None
    if any(found.free_a) and any(found.free_b):
        likeness = extract_features(a, b)
        likeness.offer(j for j, is_free in enumerate(found.free_b) if is_free)
        _link_alike(found, likeness)
        _fill_gaps(found, likeness)
        join_neighbours(found, likeness)
        _link_passages(found, likeness)
        _extend_blocks(found, likeness)
        if _drop_light_crossings(found):
            _fill_gaps(found, likeness)
            join_neighbours(found, likeness)
            _drop_light_crossings(found)
    else:
        _drop_light_crossings(found)
    _link_doubtful(found, likeness, rank_a, rank_b)
    return found


def _link_doubtful(
    found: Alignment,
    likeness: Similarity | None,
    rank_a: Sequence[Rank],
    rank_b: Sequence[Rank],
) -> None:
    """Link what looks like chrome, but stands in both texts in the same order."""
    is_doubtful = False
    for free, rank, links in (
        (found.free_a, rank_a, found.of_a),
        (found.free_b, rank_b, found.of_b),
    ):
        for index, value in enumerate(rank):
            if value in _UNSURE and index not in links:
                free[index] = is_doubtful = True
    if not is_doubtful or not any(found.free_a) or not any(found.free_b):
        return
    chain = Chain(found)
    likeness = likeness or extract_features(found.a, found.b)
    likeness.holders_b.clear()
    likeness.offer(j for j, is_free in enumerate(found.free_b) if is_free)
    pairs: list[tuple[float, int, int]] = []
    for i, is_free in enumerate(found.free_a):
        if is_free:
            pairs += [(-s, i, j) for s, j in _candidates(found, likeness, i, LIKE_DOUBTFUL)]
    for _, i, j in sorted(pairs):
        ranks = {rank_a[i], rank_b[j]}
        is_new = not (ranks <= {Rank.BODY} or ranks <= {Rank.OUTSIDE})
        if is_new and found.free_a[i] and found.free_b[j] and chain.fits(i, j):
            found.link(i, j)
            chain.add(i, j)


def _link_alike(found: Alignment, likeness: Similarity) -> None:
    pairs: list[tuple[float, int, int]] = []
    unproposed = 0
    for i, is_free in enumerate(found.free_a):
        if is_free:
            pairs += [(score, i, j) for score, j in _candidates(found, likeness, i, LIKE_IN_ORDER)]
            unproposed += _has_frequent_words_only(likeness, i)
    if unproposed:
        found.limits.append(say_frequent(unproposed))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    chain = Chain(found)
    for score, i, j in pairs:
        if not (found.free_a[i] and found.free_b[j]):
            continue
        if score >= (LIKE_IN_ORDER if chain.fits(i, j) else LIKE_CROSSING):
            found.link(i, j)
            chain.add(i, j)


def _has_frequent_words_only(likeness: Similarity, i: int) -> bool:
    counts = [len(likeness.holders_b.get(word, ())) for word in likeness.a.words[i]]
    return max(counts, default=0) > MAX_HOLDERS and not any(
        0 < count <= MAX_HOLDERS for count in counts
    )


def _link_passages(found: Alignment, likeness: Similarity) -> None:
    """Link what moved and was rewritten, but for a passage."""
    pairs = [
        (score, i, j)
        for i, is_free in enumerate(found.free_a)
        if is_free
        for score, j in _candidates(found, likeness, i, LIKE_CROSSING_PASSAGE)
        if likeness.shared(i, j).pairs >= CROSSING_PAIRS
    ]
    for _, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if found.free_a[i] and found.free_b[j]:
            found.link(i, j)


def _extend_blocks(found: Alignment, likeness: Similarity) -> None:
    """Link the neighbours of linked sentences that are a little alike: they travelled along."""
    for step in (1, -1):
        for link in found.links():
            i, j = link.a + step, link.b + step
            while 0 <= i < len(found.a) and 0 <= j < len(found.b):
                if not (found.free_a[i] and found.free_b[j]):
                    break
                pairs = likeness.shared(i, j).pairs
                if pairs < PHRASE_PAIRS or likeness.between(i, j) < LIKE_NEIGHBOUR:
                    break
                found.link(i, j)
                i, j = i + step, j + step


def _candidates(
    found: Alignment, likeness: Similarity, i: int, least: float
) -> list[tuple[float, int]]:
    shared: dict[int, int] = defaultdict(int)
    most = min(MAX_HOLDERS, max(MIN_HOLDERS, len(found.b) // HOLDERS_PART))
    for word in likeness.a.words[i]:
        holders = likeness.holders_b.get(word)
        if holders is not None and len(holders) <= most:
            weight = likeness.weights[word]
            for j in holders:
                shared[j] += weight
    if not shared:
        return []
    worth = CANDIDATE_SHARE * max(shared.values())
    best = [j for j, weight in shared.items() if weight >= worth]
    best = sorted(best, key=lambda j: (-shared[j], j))[:MAX_CANDIDATES]
    scored = []
    for j in best:
        if not found.free_b[j]:
            continue
        score = likeness.between(i, j)
        if likeness.shared(i, j).words > MIN_SHARED_WORDS:
            inside = likeness.inside(i, j)
            if inside >= INSIDE:
                score = max(score, LIKE_IN_ORDER + (inside - INSIDE) / 2)
        if score >= least:
            scored.append((score, j))
    return scored


def _fill_gaps(found: Alignment, likeness: Similarity) -> None:
    for in_a, in_b in Chain(found).gaps(len(found.a), len(found.b)):
        free_a = [i for i in in_a if found.free_a[i]]
        free_b = [j for j in in_b if found.free_b[j]]
        if not free_a or not free_b:
            continue
        if len(free_a) * len(free_b) > MAX_GAP_PAIRS:
            found.limits.append(say_gap(len(free_a), len(free_b)))
            continue
        _fill_gap(found, likeness, free_a, free_b)


def _fill_gap(found: Alignment, likeness: Similarity, free_a: list[int], free_b: list[int]) -> None:
    scored = []
    for i in free_a:
        for j in free_b:
            if likeness.a.words[i].isdisjoint(likeness.b.words[j]):
                continue
            score = likeness.between(i, j)
            shared = likeness.shared(i, j)
            if shared.words > MIN_SHARED_WORDS and likeness.inside(i, j) >= INSIDE_IN_GAP:
                score = max(score, LIKE_IN_GAP)
            least = LIKE_IN_GAP_PHRASE if shared.pairs >= PHRASE_PAIRS else LIKE_IN_GAP
            if score >= least:
                scored.append((-score, i, j))
    taken_a: list[int] = []
    taken_b: list[int] = []
    for _, i, j in sorted(scored):
        at = bisect_left(taken_a, i)
        if at != bisect_left(taken_b, j) or not (found.free_a[i] and found.free_b[j]):
            continue
        taken_a.insert(at, i)
        taken_b.insert(at, j)
        found.link(i, j)


def _drop_light_crossings(found: Alignment) -> bool:
    links = found.links()
    kept = found.stayed(links)
    crossing = [index for index in range(len(links)) if index not in kept]
    is_changed = False
    for block in find_blocks(links, crossing, gap=1):
        mass_a = sum(found.a[i].mass for i in sorted({links[index].a for index in block}))
        mass_b = sum(found.b[j].mass for j in sorted({links[index].b for index in block}))
        is_verbatim = all(
            found.a[links[index].a].words == found.b[links[index].b].words for index in block
        )
        least = MIN_VERBATIM_MASS if is_verbatim else MIN_MOVE_MASS
        if min(mass_a, mass_b) < least:
            for index in block:
                found.unlink(links[index].a, links[index].b)
            is_changed = True
    return is_changed
