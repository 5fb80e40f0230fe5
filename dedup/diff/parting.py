"""Part a sentence that another, far from its partner, has lent a clause.

A merge joins neighbours; but a rewrite may also take a clause from anywhere and
hang it on a sentence of its own. That sentence is cut where the clause begins
or ends, so that both halves can be linked.
"""

from collections.abc import Sequence

from dedup.diff.alignment import Alignment
from dedup.diff.sentences import Sentence
from dedup.kernels.thresholds import (
    MAX_LOOSE_WORDS,
    MIN_CLAUSE_WORDS,
)

__all__ = ["find_clauses"]


_Gram = tuple[str, ...]


def find_clauses(found: Alignment) -> tuple[dict[int, int], dict[int, int]]:
    """Return where sentences of a, and of b, are to be cut: sentence to word.

    Notes
    -----
    O(words): only runs of :data:`MIN_CLAUSE_WORDS` words are looked up.
    """
    in_b = _find(found.a, found.free_a, found.b, found.of_b, found.a)
    in_a = _find(found.b, found.free_b, found.a, found.of_a, found.b)
    return in_a, in_b


def _find(
    own: Sequence[Sentence],
    free: Sequence[bool],
    others: Sequence[Sentence],
    links: dict[int, list[int]],
    partners: Sequence[Sentence],
) -> dict[int, int]:
    lenders = [i for i, is_free in enumerate(free) if is_free]
    lenders = [i for i in lenders if len(own[i].words) >= MIN_CLAUSE_WORDS]
    if not lenders:
        return {}
    lent: set[_Gram] = {gram for i in lenders for gram in _grams(own[i].words)}
    cuts: dict[int, int] = {}
    for j, linked in links.items():
        words = others[j].words
        if len(linked) != 1 or words == partners[linked[0]].words:
            continue
        cut = _cut(words, lent, set(_grams(partners[linked[0]].words)))
        if cut is not None:
            cuts[j] = cut
    return cuts


def _grams(words: tuple[str, ...]) -> list[_Gram]:
    stop = len(words) - MIN_CLAUSE_WORDS + 1
    return [words[at : at + MIN_CLAUSE_WORDS] for at in range(stop)]


def _cut(words: tuple[str, ...], lent: set[_Gram], used: set[_Gram]) -> int | None:
    places = [at for at, gram in enumerate(_grams(words)) if gram in lent and gram not in used]
    if not places:
        return None
    start, end = places[0], places[-1] + MIN_CLAUSE_WORDS
    if len(words) - end <= MAX_LOOSE_WORDS and start > MIN_CLAUSE_WORDS // 2:
        return start
    if start <= MAX_LOOSE_WORDS and len(words) - end > MIN_CLAUSE_WORDS // 2:
        return end
    return None
