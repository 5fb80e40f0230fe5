"""How alike two sentences are, by the words they share.

Words weigh by rarity in the two texts at hand, so that a shared name says more
than a shared ``the``; figures weigh half, because a revision changes them.
Ideographs and Thai letters say little alone and count as pairs.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from dedup.diff.sentences import Sentence

__all__ = ["Features", "Similarity", "extract_features"]

_FIGURE_WEIGHT = 0.5
_UNSPACED_FROM = "\u0e00"
#: Dice over words against Dice over pairs of words, which know their order.
_WORD_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Features:
    """What a sentence is compared by: its distinct words and word pairs."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    weight: float


@dataclass(frozen=True, slots=True)
class Similarity:
    """The sentences of two texts, ready for comparison."""

    a: list[Features]
    b: list[Features]
    weights: dict[str, float]
    #: Which sentences of b hold a word.
    holders_b: dict[str, list[int]]

    def between(self, i: int, j: int) -> float:
        """Return the likeness of sentence i of a and j of b; 0..1."""
        a, b = self.a[i], self.b[j]
        if not a.weight or not b.weight:
            return 0.0
        shared = self.weigh(a.words & b.words)
        dice = 2 * shared / (a.weight + b.weight)
        pairs = len(a.pairs) + len(b.pairs)
        order = 2 * len(a.pairs & b.pairs) / pairs if pairs else dice
        return _WORD_SHARE * dice + (1 - _WORD_SHARE) * order

    def inside(self, i: int, j: int) -> float:
        """Return how much of the lesser of two sentences is in the other; 0..1."""
        a, b = self.a[i], self.b[j]
        lesser = min(a.weight, b.weight)
        if not lesser:
            return 0.0
        contained = self.weigh(a.words & b.words) / lesser
        pairs = min(len(a.pairs), len(b.pairs))
        order = len(a.pairs & b.pairs) / pairs if pairs else contained
        return _WORD_SHARE * contained + (1 - _WORD_SHARE) * order

    def weigh(self, words: frozenset[str]) -> float:
        """Return the weight of a set of words."""
        weights = self.weights
        return sum([weights[word] for word in sorted(words)])


def extract_features(a: Sequence[Sentence], b: Sequence[Sentence]) -> Similarity:
    """Weigh the words of two texts by their rarity there. O(words)."""
    words_a = [_distinct(sentence.words) for sentence in a]
    words_b = [_distinct(sentence.words) for sentence in b]
    holders_a, holders_b = _holders(words_a), _holders(words_b)
    size = max(len(a), len(b), 1)
    weights: dict[str, float] = {}
    for word in holders_a.keys() | holders_b.keys():
        # the larger of the two counts: to be in both texts makes no word common
        count = max(len(holders_a.get(word, ())), len(holders_b.get(word, ())))
        figure = _FIGURE_WEIGHT if any(map(str.isdigit, word)) else 1.0
        weights[word] = figure * log(1 + size / count)
    return Similarity(
        [_features(words, s, weights) for words, s in zip(words_a, a, strict=True)],
        [_features(words, s, weights) for words, s in zip(words_b, b, strict=True)],
        weights,
        holders_b,
    )


def _distinct(words: tuple[str, ...]) -> frozenset[str]:
    if not any(len(word) == 1 and word >= _UNSPACED_FROM for word in words):
        return frozenset(words)
    found = set()
    for word, following in zip(words, [*words[1:], ""], strict=True):
        is_single = len(word) == 1 and word >= _UNSPACED_FROM
        found.add(word + following if is_single else word)
    return frozenset(found)


def _holders(sets: list[frozenset[str]]) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(sets):
        for word in words:
            holders[word].append(index)
    return holders


def _features(words: frozenset[str], sentence: Sentence, weights: dict[str, float]) -> Features:
    pairs = frozenset(zip(sentence.words, sentence.words[1:], strict=False))
    return Features(words, pairs, sum([weights[word] for word in sorted(words)]))
