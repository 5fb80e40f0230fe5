"""Blocks of words that two sentences share, as :mod:`dedup.diff.words`.

References
----------
H. Hyyro, "Bit-parallel LCS-length computation revisited", 2004, and rapidfuzz's walk
back through its table, whose choices among equal subsequences are repeated here.
"""

import numpy as np

from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.pieces import KIND, LONG
from dedup.kernels.thresholds import MAX_CONFETTI_WORDS

__all__ = ["find_blocks", "match_words"]


@compiled
def match_words(a, b, rows_a, blocks):
    """Write the blocks two sentences share: start in a, in b, length; return their number."""
    n = find_blocks(a, b, blocks)
    return _drop_confetti(rows_a, len(a), len(b), blocks, _slide(a, b, blocks, n))


@compiled
def find_blocks(a, b, blocks):
    """Write the blocks of the longest common subsequence."""
    least = min(len(a), len(b))
    prefix, suffix = 0, 0
    while prefix < least and a[prefix] == b[prefix]:
        prefix += 1
    while suffix < least - prefix and a[len(a) - 1 - suffix] == b[len(b) - 1 - suffix]:
        suffix += 1
    columns, rows = len(a) - prefix - suffix, len(b) - prefix - suffix
    n = 0
    if suffix:
        blocks[0, 0], blocks[0, 1], blocks[0, 2] = len(a) - suffix, len(b) - suffix, suffix
        n = 1
    # whether the subsequence of the first row words of b, column words of a ends there
    is_longer = np.empty((rows + 1, columns), np.bool_)
    lengths = np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):
        word, diagonal = b[prefix + row - 1], 0
        for column in range(columns):
            above = lengths[column + 1]
            best = max(above, lengths[column])
            if a[prefix + column] == word:
                best = diagonal + 1
            is_longer[row, column] = best > lengths[column]
            lengths[column + 1], diagonal = best, above
    row, column = rows, columns
    while row and column:
        if not is_longer[row, column - 1]:
            column -= 1
            continue
        row -= 1
        if row and is_longer[row, column - 1]:
            continue
        column -= 1
        n = _add_before(blocks, n, prefix + column, prefix + row, 1)
    if prefix:
        n = _add_before(blocks, n, 0, 0, prefix)
    for at in range(n // 2):
        for side in range(3):
            other = blocks[n - 1 - at, side]
            blocks[n - 1 - at, side], blocks[at, side] = blocks[at, side], other
    return n


@inlined
def _add_before(blocks, n, at_a, at_b, length):
    """Put a block before the last one; make one of both where they touch."""
    if n and blocks[n - 1, 0] == at_a + length and blocks[n - 1, 1] == at_b + length:
        n -= 1
        length += blocks[n, 2]
    blocks[n, 0], blocks[n, 1], blocks[n, 2] = at_a, at_b, length
    return n + 1


@compiled
def _slide(a, b, blocks, n):
    """Join two blocks where a run added or dropped between them can slide to an end."""
    slid = 0
    for index in range(n):
        at_a, at_b, length = blocks[index, 0], blocks[index, 1], blocks[index, 2]
        if slid and length <= MAX_CONFETTI_WORDS:
            end_a = blocks[slid - 1, 0] + blocks[slid - 1, 2]
            end_b = blocks[slid - 1, 1] + blocks[slid - 1, 2]
            is_same = False
            # the short block repeats the run's first words: give them to the run's start
            if at_a == end_a and at_b > end_b:
                is_same = _repeats(b, end_b, at_b, length)
            elif at_b == end_b and at_a > end_a:
                is_same = _repeats(a, end_a, at_a, length)
            if is_same:
                blocks[slid - 1, 2] += length
                continue
        blocks[slid, 0], blocks[slid, 1], blocks[slid, 2] = at_a, at_b, length
        slid += 1
    return slid


@compiled
def _repeats(words, start, end, length):
    for step in range(length):
        if words[start + step] != words[end + step]:
            return False
    return True


@compiled
def _drop_confetti(rows_a, n_a, n_b, blocks, n):
    """Drop blocks too light to tell the changes around them apart."""
    index = 0
    while index < n:
        at_a, at_b, length = blocks[index, 0], blocks[index, 1], blocks[index, 2]
        end_a = end_b = 0
        if index:
            end_a = blocks[index - 1, 0] + blocks[index - 1, 2]
            end_b = blocks[index - 1, 1] + blocks[index - 1, 2]
        next_a, next_b = n_a, n_b
        if index + 1 < n:
            next_a, next_b = blocks[index + 1, 0], blocks[index + 1, 1]
        before = max(at_a - end_a, at_b - end_b)
        after = max(next_a - at_a, next_b - at_b) - length
        index += 1
        if not before or not after or length > MAX_CONFETTI_WORDS:
            continue
        weight = 0
        for at in range(at_a, at_a + length):
            weight += rows_a[at, KIND] == LONG
        if weight < length and 2 * weight + length <= min(before, after) + 1:
            for at in range(index, n):
                for side in range(3):
                    blocks[at - 1, side] = blocks[at, side]
            n -= 1
            index = 0
    return n
