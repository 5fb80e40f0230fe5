"""How alike two sentences are, by the words they share.

Words weigh by rarity in the two texts at hand, so that a shared name says more
than a shared ``the``; figures weigh half, because a revision changes them.
Ideographs and Thai letters say little alone and count as pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from math import log
from typing import NamedTuple

from dedup.diff.sentences import Sentence
from dedup.kernels.thresholds import (
    FIGURE_WEIGHT,
    WEIGHT_SCALE,
    WORD_SHARE,
)

__all__ = ["Features", "Shared", "Side", "Similarity", "extract_features"]

_UNSPACED_FROM = "\u0e00"


class Shared(NamedTuple):
    """What two sentences share: distinct words, their weight, pairs of words."""

    words: int
    weight: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Features:
    """What a sentence is compared by: its distinct words and word pairs."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    weight: int


class _Weights(dict[str, int]):
    """What words weigh, made when first asked for."""

    def __init__(self, counts: Counter[str], size: int) -> None:
        super().__init__()
        self._counts = counts
        self._size = size

    def __missing__(self, word: str) -> int:
        weight = WEIGHT_SCALE * log(1 + self._size / self._counts[word])
        self[word] = round(weight * (FIGURE_WEIGHT if _has_digit(word) else 1))
        return self[word]


class Side:
    """The sentences of one text; their features are made when first asked for."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self._features: dict[int, Features] = {}
        self.words = [_distinct(sentence) for sentence in sentences]
        self.weights: Mapping[str, int] = {}

    def __getitem__(self, index: int) -> Features:
        found = self._features.get(index)
        if found is None:
            own = self._sentences[index].words
            words = self.words[index]
            weight = sum(map(self.weights.__getitem__, words))
            found = Features(words, frozenset(pairwise(own)), weight)
            self._features[index] = found
        return found


@dataclass(frozen=True, slots=True)
class Similarity:
    """The sentences of two texts, ready for comparison."""

    a: Side
    b: Side
    weights: Mapping[str, int]
    #: Which of the sentences of b that may be linked hold a word.
    holders_b: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _shared: dict[tuple[int, int], Shared] = field(default_factory=dict)

    def offer(self, indexes: Iterable[int]) -> None:
        """Let sentences of b be found by their words."""
        for index in indexes:
            for word in self.b.words[index]:
                self.holders_b[word].append(index)

    def shared(self, i: int, j: int) -> Shared:
        """Count what sentence i of a and j of b share."""
        found = self._shared.get((i, j))
        if found is None:
            a, b = self.a[i], self.b[j]
            words = a.words & b.words
            found = Shared(len(words), self.weigh(words), len(a.pairs & b.pairs))
            self._shared[i, j] = found
        return found

    def between(self, i: int, j: int) -> float:
        """Return the likeness of sentence i of a and j of b; 0..1."""
        a, b = self.a[i], self.b[j]
        if not a.weight or not b.weight:
            return 0.0
        shared = self.shared(i, j)
        dice = 2 * shared.weight / (a.weight + b.weight)
        pairs = len(a.pairs) + len(b.pairs)
        order = 2 * shared.pairs / pairs if pairs else dice
        return WORD_SHARE * dice + (1 - WORD_SHARE) * order

    def inside(self, i: int, j: int) -> float:
        """Return how much of the lesser of two sentences is in the other; 0..1."""
        a, b = self.a[i], self.b[j]
        lesser = min(a.weight, b.weight)
        if not lesser:
            return 0.0
        shared = self.shared(i, j)
        contained = shared.weight / lesser
        pairs = min(len(a.pairs), len(b.pairs))
        order = shared.pairs / pairs if pairs else contained
        return WORD_SHARE * contained + (1 - WORD_SHARE) * order

    def weigh(self, words: frozenset[str]) -> int:
        """Return the weight of a set of words."""
        return sum(map(self.weights.__getitem__, words))


def extract_features(a: Sequence[Sentence], b: Sequence[Sentence]) -> Similarity:
    """Weigh the words of two texts by their rarity there. O(words)."""
    side_a, side_b = Side(a), Side(b)
    counts = Counter(chain.from_iterable(side_a.words))
    counts |= Counter(chain.from_iterable(side_b.words))  # to be in both makes no word common
    weights = _Weights(counts, max(len(a), len(b), 1))
    side_a.weights = side_b.weights = weights
    return Similarity(side_a, side_b, weights)


def _has_digit(word: str) -> bool:
    # the normal form of a number begins or ends with a digit of ASCII, but for rare codes
    return "0" <= word[0] <= "9" or "0" <= word[-1] <= "9"


def _distinct(sentence: Sentence) -> frozenset[str]:
    words = sentence.words
    if sentence.mass >= len(words):
        return frozenset(words)
    found = set()
    for word, following in zip(words, [*words[1:], ""], strict=True):
        is_single = len(word) == 1 and word >= _UNSPACED_FROM
        found.add(word + following if is_single else word)
    return frozenset(found)
