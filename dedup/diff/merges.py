"""Find sentences that were merged into, or split from, a linked neighbour."""

from collections import Counter

from dedup.diff.alignment import Alignment
from dedup.diff.similarity import Similarity
from dedup.kernels.thresholds import (
    MERGED,
    MERGED_PAIRS,
    MIN_SHARED_WORDS,
)

__all__ = ["join_neighbours"]


def join_neighbours(found: Alignment, likeness: Similarity) -> None:
    """Find merges and splits: a free sentence whose words a neighbour's partner has left."""
    for i in range(len(found.a)):
        if found.free_a[i]:
            _join(found, likeness, i, is_merge=True)
    for j in range(len(found.b)):
        if found.free_b[j]:
            _join(found, likeness, j, is_merge=False)


def _join(found: Alignment, likeness: Similarity, index: int, *, is_merge: bool) -> None:
    own, other = (likeness.a, likeness.b) if is_merge else (likeness.b, likeness.a)
    links, back = (found.of_a, found.of_b) if is_merge else (found.of_b, found.of_a)
    texts = found.b if is_merge else found.a
    words = (found.a if is_merge else found.b)[index].words
    mine = own[index]
    best: tuple[float, int] | None = None
    for neighbour in (index - 1, index + 1):
        if len(links.get(neighbour, ())) != 1:
            continue
        partner = links[neighbour][0]
        # counted, because a subhead repeats the words of its sentence
        rest = Counter(texts[partner].words)
        for k in back[partner]:
            rest.subtract(own.words[k])
        left = frozenset(word for word, count in rest.items() if count > 0) & other.words[partner]
        shared = mine.words & left
        weight = likeness.weigh(shared)
        lesser = min(mine.weight, likeness.weigh(left))
        pairs = mine.pairs & other[partner].pairs
        pairs = pairs.difference(*(own[k].pairs for k in back[partner]))
        is_merged = len(shared) >= MIN_SHARED_WORDS and weight >= MERGED * lesser
        # a subhead that the other text runs into its sentence
        side = slice(-len(words), None) if neighbour < index else slice(len(words))
        is_merged |= 1 < len(words) <= len(shared) and texts[partner].words[side] == words
        if (is_merged or len(pairs) >= MERGED_PAIRS) and (best is None or weight > best[0]):
            best = (weight, partner)
    if best is not None:
        found.link(*((index, best[1]) if is_merge else (best[1], index)))
