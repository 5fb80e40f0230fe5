"""Links between sentences of the same words, as :mod:`dedup.diff.equal`."""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.compiled import compiled
from dedup.kernels.likeness import vocabulary
from dedup.kernels.links import is_free_pair, link, list_links
from dedup.kernels.texts import FREE, KEY

__all__ = ["link_equal", "number_sentences"]


@compiled
def number_sentences(hashes, offsets, keys):
    """Write the same number for sentences of the same words; return how many there are."""
    digests = np.empty(len(keys), np.uint64)
    for sentence in range(len(keys)):
        start, end = offsets[sentence], offsets[sentence + 1]
        state = np.uint64(end - start)
        for at in range(start, end):
            state = fold(state, hashes[at])
        digests[sentence] = mix(state)
    return vocabulary(digests, keys)


@compiled
def link_equal(texts, n_keys):
    """Link the sentences that one text and the other have alike. O(sentences)."""
    n_a, n = texts.n_a, len(texts.masses)
    first = np.full((n_keys, 2), -1, np.int64)
    counts = np.zeros((n_keys, 2), np.int64)
    behind = np.empty(n, np.int64)
    for sentence in range(n - 1, -1, -1):
        if texts.table[sentence, FREE]:
            key, side = texts.table[sentence, KEY], 0 if sentence < n_a else 1
            behind[sentence] = first[key, side]
            first[key, side] = sentence
            counts[key, side] += 1
    for i in range(n_a):
        key = texts.table[i, KEY]
        if texts.table[i, FREE] and counts[key, 0] == 1 and counts[key, 1] == 1:
            link(texts, i, first[key, 1])
    listed = np.empty(n, np.int64)
    for index in range(list_links(texts, listed)):
        i, j = texts.links[listed[index], 0], texts.links[listed[index], 1]
        _spread(texts, i, j, 1)
        _spread(texts, i, j, -1)
    for i in range(n_a):
        key = texts.table[i, KEY]
        if first[key, 0] != i:
            continue
        at, other = i, first[key, 1]
        while at >= 0 and other >= 0:
            if not texts.table[at, FREE]:
                at = behind[at]
            elif not texts.table[other, FREE]:
                other = behind[other]
            else:
                link(texts, at, other)


@compiled
def _spread(texts, i, j, step):
    """Link the equal neighbours of two linked sentences, and theirs."""
    i, j = i + step, j + step
    while 0 <= i < texts.n_a and texts.n_a <= j < len(texts.masses):
        if not is_free_pair(texts, i, j) or texts.table[i, KEY] != texts.table[j, KEY]:
            return
        link(texts, i, j)
        i, j = i + step, j + step
