"""Sentences merged into, or split from, a linked neighbour; clauses lent from afar.

As :mod:`dedup.diff.merges` and :mod:`dedup.diff.parting`.
"""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.compiled import compiled
from dedup.kernels.likeness import read_features
from dedup.kernels.links import link, partner
from dedup.kernels.sorting import sort
from dedup.kernels.texts import (
    BEHIND,
    COUNT,
    DISTINCT,
    FREE,
    HEAD,
    KEY,
    N_PAIRS,
    N_WORDS,
    PAIRS,
    START,
    WEIGHT,
    WORDS,
)  # fmt: skip
from dedup.kernels.thresholds import (
    MAX_LOOSE_WORDS,
    MERGED,
    MERGED_PAIRS,
    MIN_CLAUSE_WORDS,
    MIN_SHARED_WORDS,
)

__all__ = ["find_clauses", "join_neighbours"]


@compiled
def join_neighbours(texts):
    """Find merges and splits: a free sentence whose words a neighbour's partner has left."""
    left = np.zeros(len(texts.weights), np.int64)
    for sentence in range(len(texts.masses)):
        if texts.table[sentence, FREE]:
            _join(texts, sentence, left)


@compiled
def _join(texts, index, left):
    side = 0 if index < texts.n_a else 1
    first, last = (0, texts.n_a) if side == 0 else (texts.n_a, len(texts.masses))
    n_own = texts.table[index + 1, START] - texts.table[index, START]
    best_weight, best = -1, -1
    for neighbour in (index - 1, index + 1):
        if neighbour < first or neighbour >= last or texts.table[neighbour, COUNT] != 1:
            continue
        other = partner(texts, neighbour, side)
        n_shared, weight, left_weight = _share_left(texts, index, other, side, left)
        is_merged = n_shared >= MIN_SHARED_WORDS and weight >= MERGED * min(
            texts.table[index, WEIGHT], left_weight
        )
        # a subhead that the other text runs into its sentence
        if 1 < n_own <= n_shared and _stands_at_side(texts, index, other, neighbour < index):
            is_merged = True
        if not is_merged:
            is_merged = _count_pairs_left(texts, index, other, side) >= MERGED_PAIRS
        if is_merged and weight > best_weight:
            best_weight, best = weight, other
    if best >= 0:
        if side == 0:
            link(texts, index, best)
        else:
            link(texts, best, index)


@compiled
def _share_left(texts, index, other, side, left):
    """Count the words a sentence shares with what another has left over.

    Returns how many distinct ones, what they weigh, and what all that is left weighs.
    ``left`` is zeros, and is again.
    """
    read_features(texts, index)
    for at in range(texts.table[other, START], texts.table[other + 1, START]):
        left[texts.words[WORDS, at]] += (
            1  # counted, because a subhead repeats the words of its sentence
        )
    at_link = texts.table[other, HEAD]
    while at_link >= 0:
        taken = texts.links[at_link, side]
        read_features(texts, taken)
        start = texts.table[taken, START]
        for at in range(start, start + texts.table[taken, N_WORDS]):
            left[texts.words[DISTINCT, at]] -= 1
        at_link = texts.links[at_link, BEHIND + 1 - side]
    n_shared, weight, left_weight = 0, 0, 0
    start = texts.table[index, START]
    for at in range(start, start + texts.table[index, N_WORDS]):
        word = texts.words[DISTINCT, at]
        if left[word] > 0:
            n_shared += 1
            weight += texts.weights[word]
    for at in range(texts.table[other, START], texts.table[other + 1, START]):
        word = texts.words[WORDS, at]
        if left[word] > 0:
            left_weight += texts.weights[word]
        left[word] = 0
    at_link = texts.table[other, HEAD]
    while at_link >= 0:
        taken = texts.links[at_link, side]
        start = texts.table[taken, START]
        for at in range(start, start + texts.table[taken, N_WORDS]):
            left[texts.words[DISTINCT, at]] = 0
        at_link = texts.links[at_link, BEHIND + 1 - side]
    return n_shared, weight, left_weight


@compiled
def _stands_at_side(texts, index, other, at_end):
    """Whether a sentence's words are the last, or first, words of another."""
    start, end = texts.table[index, START], texts.table[index + 1, START]
    low, high = texts.table[other, START], texts.table[other + 1, START]
    n = end - start
    if high - low < n:
        return False
    if at_end:
        low = high - n
    for at in range(n):
        if texts.words[WORDS, start + at] != texts.words[WORDS, low + at]:
            return False
    return True


@compiled
def _holds(values, n, wanted):
    low, high = 0, n
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < n and values[low] == wanted


@compiled
def _count_pairs_left(texts, index, other, side):
    """Count a sentence's pairs of words that another has, and none that is linked to that."""
    read_features(texts, other)
    own, theirs = texts.table[index, START], texts.table[other, START]
    count = 0
    for at in range(own, own + texts.table[index, N_PAIRS]):
        pair = texts.words[PAIRS, at]
        if not _holds(texts.words[PAIRS, theirs:], texts.table[other, N_PAIRS], pair):
            continue
        is_left = True
        at_link = texts.table[other, HEAD]
        while at_link >= 0 and is_left:
            taken = texts.links[at_link, side]
            start = texts.table[taken, START]
            is_left = not _holds(texts.words[PAIRS, start:], texts.table[taken, N_PAIRS], pair)
            at_link = texts.links[at_link, BEHIND + 1 - side]
        count += is_left
    return count


@compiled
def find_clauses(texts, cuts):
    """Write the word before which each sentence that took a clause is cut, or -1."""
    n_a, n = texts.n_a, len(texts.masses)
    cuts[:] = -1
    _find_clauses(texts, 0, n_a, n_a, n, 1, cuts)
    _find_clauses(texts, n_a, n, 0, n_a, 0, cuts)


@compiled
def _gram(texts, at):
    state = np.uint64(0)
    for step in range(MIN_CLAUSE_WORDS):
        state = fold(state, np.uint64(texts.words[WORDS, at + step] + 1))
    return mix(state)


@compiled
def _find_clauses(texts, first, last, low, high, side, cuts):
    """Cut sentences from low to high that took a clause of a free one, from first to last."""
    size = 0
    for sentence in range(first, last):
        length = texts.table[sentence + 1, START] - texts.table[sentence, START]
        if texts.table[sentence, FREE] and length >= MIN_CLAUSE_WORDS:
            size += length - MIN_CLAUSE_WORDS + 1
    if size == 0:
        return
    lent = np.empty(size, np.uint64)
    size = 0
    for sentence in range(first, last):
        if texts.table[sentence, FREE]:
            stop = texts.table[sentence + 1, START] - MIN_CLAUSE_WORDS + 1
            for at in range(texts.table[sentence, START], stop):
                lent[size] = _gram(texts, at)
                size += 1
    sort(lent)
    for sentence in range(low, high):
        if texts.table[sentence, COUNT] == 1:
            other = partner(texts, sentence, side)
            if texts.table[other, KEY] != texts.table[sentence, KEY]:
                cuts[sentence] = _cut(texts, sentence, other, lent)


@compiled
def _cut(texts, sentence, other, lent):
    """Return the word where a lent clause that the partner lacks begins or ends, or -1."""
    start, end = texts.table[sentence, START], texts.table[sentence + 1, START]
    first, last = -1, -1
    for at in range(start, end - MIN_CLAUSE_WORDS + 1):
        gram = _gram(texts, at)
        if not _holds(lent, len(lent), gram):
            continue
        is_used = False
        for place in range(
            texts.table[other, START], texts.table[other + 1, START] - MIN_CLAUSE_WORDS + 1
        ):
            if _gram(texts, place) == gram:
                is_used = True
                break
        if not is_used:
            first = at if first < 0 else first
            last = at
    if first < 0:
        return -1
    before, behind = first - start, end - last - MIN_CLAUSE_WORDS
    if behind <= MAX_LOOSE_WORDS and before > MIN_CLAUSE_WORDS // 2:
        return before
    if before <= MAX_LOOSE_WORDS and behind > MIN_CLAUSE_WORDS // 2:
        return last + MIN_CLAUSE_WORDS - start
    return -1
