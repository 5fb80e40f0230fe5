"""How alike two sentences are, as :mod:`dedup.diff.similarity`.

Words are numbers of one vocabulary of both texts.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled import compiled
from dedup.kernels.sorting import sort, sort_pairs
from dedup.kernels.texts import (
    DISTINCT,
    FREE,
    N_PAIRS,
    N_WORDS,
    PAIRS,
    START,
    TOTAL,
    WEIGHT,
    WORDS,
)  # fmt: skip
from dedup.kernels.thresholds import (
    CANDIDATE_SHARE,
    HOLDERS_PART,
    INSIDE,
    LIKE_IN_ORDER,
    MAX_CANDIDATES,
    MAX_HOLDERS,
    MIN_HOLDERS,
    MIN_SHARED_WORDS,
    WORD_SHARE,
)

__all__ = [
    "Holders", "between", "find_candidates", "has_frequent_words_only", "inside", "offer",
    "read_features", "shared", "vocabulary", "weigh_words",
]  # fmt: skip


class Holders(NamedTuple):
    """Which of the sentences of b that may be linked hold a word."""

    offsets: NDArray[np.int64]
    sentences: NDArray[np.int64]


@compiled
def vocabulary(hashes, words):
    """Give words numbers from 0 on; return how many there are."""
    slots = 16
    while slots < 2 * len(hashes):
        slots *= 2
    mask = np.uint64(slots - 1)
    keys, numbers = np.empty(slots, np.uint64), np.full(slots, -1, np.int64)
    n = 0
    for i in range(len(hashes)):
        at = (hashes[i] >> np.uint64(20)) & mask
        while numbers[at] >= 0 and keys[at] != hashes[i]:
            at = (at + np.uint64(1)) & mask
        if numbers[at] < 0:
            keys[at], numbers[at] = hashes[i], n
            n += 1
        words[i] = numbers[at]
    return n


@compiled
def weigh_words(texts, is_figure, weights, figure_weights):
    """Weigh words by their rarity: the more sentences of either text, the less.

    ``weights``, ``figure_weights``: what a word in so many sentences weighs.
    """
    n_words = len(texts.weights)
    counts, own = np.zeros(n_words, np.int64), np.zeros(n_words, np.int64)
    seen = np.full(n_words, -1, np.int64)
    n = len(texts.masses)
    for side in range(2):
        own[:] = 0
        for sentence in range(texts.n_a * side, texts.n_a if side == 0 else n):
            for at in range(texts.table[sentence, START], texts.table[sentence + 1, START]):
                word = texts.words[WORDS, at]
                if seen[word] != sentence:
                    seen[word] = sentence
                    own[word] += 1
                    counts[word] = max(counts[word], own[word])
    for at in range(len(is_figure)):
        count = counts[texts.words[WORDS, at]]
        weight = figure_weights[count] if is_figure[at] else weights[count]
        texts.weights[texts.words[WORDS, at]] = weight


@compiled
def _make_distinct(values):
    """Sort values in place and put the distinct ones first; return their number."""
    sort(values)
    n = 0
    for i in range(len(values)):
        if n == 0 or values[n - 1] != values[i]:
            values[n] = values[i]
            n += 1
    return n


@compiled
def read_features(texts, sentence):
    """Make the features of a sentence, if they are not made yet."""
    if texts.table[sentence, N_WORDS] >= 0:
        return
    start, end = texts.table[sentence, START], texts.table[sentence + 1, START]
    for at in range(start, end):
        texts.words[DISTINCT, at] = texts.words[WORDS, at]
    for at in range(start, end - 1):
        pair = texts.words[WORDS, at] * len(texts.weights)
        texts.words[PAIRS, at] = pair + texts.words[WORDS, at + 1]
    n = _make_distinct(texts.words[DISTINCT, start:end])
    weight = 0
    for at in range(start, start + n):
        weight += texts.weights[texts.words[DISTINCT, at]]
    texts.table[sentence, WEIGHT] = weight
    texts.table[sentence, N_WORDS] = n
    texts.table[sentence, N_PAIRS] = _make_distinct(texts.words[PAIRS, start : end - 1])


@compiled
def _count_common(one, n_one, other, n_other):
    common, i, j = 0, 0, 0
    while i < n_one and j < n_other:
        if one[i] == other[j]:
            common += 1
            i += 1
            j += 1
        elif one[i] < other[j]:
            i += 1
        else:
            j += 1
    return common


@compiled
def shared(texts, i, j):
    """Count what two sentences share: distinct words, their weight, pairs of words."""
    read_features(texts, i)
    read_features(texts, j)
    at, end = texts.table[i, START], texts.table[i, START] + texts.table[i, N_WORDS]
    other, stop = texts.table[j, START], texts.table[j, START] + texts.table[j, N_WORDS]
    n_words, weight = 0, 0
    while at < end and other < stop:
        word = texts.words[DISTINCT, at]
        if word == texts.words[DISTINCT, other]:
            n_words += 1
            weight += texts.weights[word]
            at += 1
            other += 1
        elif word < texts.words[DISTINCT, other]:
            at += 1
        else:
            other += 1
    if n_words == 0:
        return 0, 0, 0
    n_pairs = _count_common(
        texts.words[PAIRS, texts.table[i, START] :], texts.table[i, N_PAIRS],
        texts.words[PAIRS, texts.table[j, START] :], texts.table[j, N_PAIRS],
    )  # fmt: skip
    return n_words, weight, n_pairs


@compiled
def between(texts, i, j, weight, pairs):
    """Return the likeness of two sentences by what they share; 0..1."""
    if texts.table[i, WEIGHT] == 0 or texts.table[j, WEIGHT] == 0:
        return 0.0
    dice = 2 * weight / (texts.table[i, WEIGHT] + texts.table[j, WEIGHT])
    n_pairs = texts.table[i, N_PAIRS] + texts.table[j, N_PAIRS]
    order = 2 * pairs / n_pairs if n_pairs else dice
    return WORD_SHARE * dice + (1 - WORD_SHARE) * order


@compiled
def inside(texts, i, j, weight, pairs):
    """Return how much of the lesser of two sentences is in the other; 0..1."""
    lesser = min(texts.table[i, WEIGHT], texts.table[j, WEIGHT])
    if lesser == 0:
        return 0.0
    contained = weight / lesser
    n_pairs = min(texts.table[i, N_PAIRS], texts.table[j, N_PAIRS])
    order = pairs / n_pairs if n_pairs else contained
    return WORD_SHARE * contained + (1 - WORD_SHARE) * order


@compiled
def offer(texts):
    """Return which of b's free sentences hold each word."""
    offsets = np.zeros(len(texts.weights) + 1, np.int64)
    n = len(texts.masses)
    for j in range(texts.n_a, n):
        if texts.table[j, FREE]:
            read_features(texts, j)
            start = texts.table[j, START]
            for at in range(start, start + texts.table[j, N_WORDS]):
                offsets[texts.words[DISTINCT, at] + 1] += 1
    for word in range(len(texts.weights)):
        offsets[word + 1] += offsets[word]
    sentences = np.empty(offsets[len(texts.weights)], np.int64)
    ends = np.empty(len(texts.weights), np.int64)
    for word in range(len(texts.weights)):
        ends[word] = offsets[word]
    for j in range(texts.n_a, n):
        if texts.table[j, FREE]:
            start = texts.table[j, START]
            for at in range(start, start + texts.table[j, N_WORDS]):
                word = texts.words[DISTINCT, at]
                sentences[ends[word]] = j
                ends[word] += 1
    return Holders(offsets, sentences)


@compiled
def has_frequent_words_only(texts, holders, i):
    """Whether a sentence's words propose no pairs because all are frequent."""
    most = 0
    for at in range(texts.table[i, START], texts.table[i, START] + texts.table[i, N_WORDS]):
        word = texts.words[DISTINCT, at]
        count = holders.offsets[word + 1] - holders.offsets[word]
        if 0 < count <= MAX_HOLDERS:
            return False
        most = max(most, count)
    return most > MAX_HOLDERS


@compiled
def find_candidates(texts, holders, i, least, scores, found):
    """Write which free sentences of b are as alike to one of a as ``least``, and how much.

    Returns their number, at most ``MAX_CANDIDATES``.
    """
    read_features(texts, i)
    most = min(MAX_HOLDERS, max(MIN_HOLDERS, (len(texts.masses) - texts.n_a) // HOLDERS_PART))
    start, end = texts.table[i, START], texts.table[i, START] + texts.table[i, N_WORDS]
    touched = np.empty(most * (end - start), np.int64)
    n, heaviest = 0, 0
    for at in range(start, end):
        word = texts.words[DISTINCT, at]
        low, high = holders.offsets[word], holders.offsets[word + 1]
        if high - low > most:
            continue
        for place in range(low, high):
            j = holders.sentences[place]
            if texts.table[j, TOTAL] == 0:
                touched[n] = j
                n += 1
            texts.table[j, TOTAL] += texts.weights[word]
            heaviest = max(heaviest, texts.table[j, TOTAL])
    keys = np.empty(n, np.int64)
    n_best = 0
    for place in range(n):
        j = touched[place]
        if texts.table[j, TOTAL] >= CANDIDATE_SHARE * heaviest:
            touched[n_best], keys[n_best] = j, -texts.table[j, TOTAL]
            n_best += 1
        texts.table[j, TOTAL] = 0
    sort_pairs(keys[:n_best], touched[:n_best])
    n = 0
    for place in range(min(n_best, MAX_CANDIDATES)):
        j = touched[place]
        if not texts.table[j, FREE]:
            continue
        n_words, weight, n_pairs = shared(texts, i, j)
        score = between(texts, i, j, weight, n_pairs)
        if n_words > MIN_SHARED_WORDS:
            part = inside(texts, i, j, weight, n_pairs)
            if part >= INSIDE:
                score = max(score, LIKE_IN_ORDER + (part - INSIDE) / 2)
        if score >= least:
            scores[n], found[n] = score, j
            n += 1
    return n
