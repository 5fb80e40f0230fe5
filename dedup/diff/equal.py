"""Link sentences of the same words, repeated ones by what stands beside them."""

from collections import defaultdict
from collections.abc import Sequence

from dedup.diff.alignment import Alignment
from dedup.diff.sentences import Sentence

__all__ = ["link_equal"]


def link_equal(found: Alignment) -> None:
    """Link the sentences that one text and the other have alike. O(sentences).

    Those that either text has once come first, then their equal neighbours,
    then what is repeated, in order.
    """
    places_a, places_b = _places(found.a, found.free_a), _places(found.b, found.free_b)
    for key, in_a in places_a.items():
        in_b = places_b.get(key, [])
        if len(in_a) == len(in_b) == 1:
            found.link(in_a[0], in_b[0])
    for link in found.links():
        _spread(found, link.a, link.b, 1)
        _spread(found, link.a, link.b, -1)
    for key, in_a in places_a.items():
        rest_a = [i for i in in_a if found.free_a[i]]
        rest_b = [j for j in places_b.get(key, []) if found.free_b[j]]
        for i, j in zip(rest_a, rest_b, strict=False):
            if found.free_a[i] and found.free_b[j]:
                found.link(i, j)


def _places(
    sentences: Sequence[Sentence], free: Sequence[bool]
) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, sentence in enumerate(sentences):
        if free[index]:
            places[sentence.words].append(index)
    return places


def _spread(found: Alignment, i: int, j: int, step: int) -> None:
    while True:
        i, j = i + step, j + step
        if not (0 <= i < len(found.a) and 0 <= j < len(found.b)):
            return
        if not (found.free_a[i] and found.free_b[j]) or found.a[i].words != found.b[j].words:
            return
        found.link(i, j)
