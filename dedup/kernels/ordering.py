"""Parts with the white space behind them, in the order of the first text.

As the last steps of :func:`dedup.diff.compose.compose` and of :func:`dedup.diff.diff`.
"""

import numpy as np

from dedup.kernels.arrays import I64, I64Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.composing import (
    ADDED,
    CHROME,
    DROPPED,
    FIRST_WORD,
    GROUP,
    LAST_WORD,
    MERGED,
    MOVED,
    NOTE,
    SPLIT,
    WHITE_SPACE,
    A,
    B,
)
from dedup.kernels.sorting import sort_pairs

__all__ = ["finish_parts"]


@compiled
def finish_parts(
    parts: I64Rows, n: int, words: I64Rows, size_a: int, size_b: int, is_swapped: bool, order: I64
) -> int:
    """Stretch n parts over both texts, exchange the texts if asked to, number the groups.

    ``size_a``, ``size_b``: code points of either text. Writes the order of the parts;
    returns their number, which is more if a text is white space alone.
    """
    n = _add_white_space(parts, n, A, size_a)
    n = _add_white_space(parts, n, B, size_b)
    at_a, at_b = np.empty(n, np.int64), np.empty(n, np.int64)
    n_a, n_b = _sort_by(parts, n, A, at_a), _sort_by(parts, n, B, at_b)
    _stretch(parts, at_a[:n_a], words, A, size_a)
    _stretch(parts, at_b[:n_b], words, B, size_b)
    if is_swapped:
        _swap(parts, n, words)
        _weave(parts, at_b[:n_b], at_a[:n_a], order)
    else:
        _weave(parts, at_a[:n_a], at_b[:n_b], order)
    _number_groups(parts, order[:n])
    return n


@compiled
def _add_white_space(parts, n, side, size):
    """Add what covers a text of which no part is; return the number of parts."""
    if size == 0:
        return n
    for part in range(n):
        if parts[part, side] >= 0:
            return n
    parts[n, 0], parts[n, NOTE], parts[n, GROUP] = CHROME, WHITE_SPACE, 0
    parts[n, FIRST_WORD] = parts[n, LAST_WORD] = 0
    parts[n, A] = parts[n, A + 1] = parts[n, B] = parts[n, B + 1] = -1
    parts[n, side], parts[n, side + 1] = 0, size
    return n + 1


@compiled
def _sort_by(parts, n, side, found):
    """Write the parts that a text has, in its order; return their number."""
    starts = np.empty(n, np.int64)
    size = 0
    for part in range(n):
        if parts[part, side] >= 0:
            starts[size], found[size] = parts[part, side], part
            size += 1
    sort_pairs(starts[:size], found[:size])
    return size


@compiled
def _stretch(parts, ordered, words, side, length):
    """Let each part, and its words, reach to the next; the first starts at 0."""
    for at in range(len(ordered)):
        part = ordered[at]
        if at == 0:
            parts[part, side] = 0
        end = length
        if at + 1 < len(ordered):
            end = parts[ordered[at + 1], side]
        parts[part, side + 1] = end
        first, last = -1, -1
        for word in range(parts[part, FIRST_WORD], parts[part, LAST_WORD]):
            if words[word, side] >= 0:
                first = word if first < 0 else first
                last = word
        if first >= 0:
            words[first, side] = parts[part, side]
            words[last, side + 1] = end


@compiled
def _swap(parts, n, words):
    for part in range(n):
        _swap_row(parts, part)
        if parts[part, NOTE] == MERGED or parts[part, NOTE] == SPLIT:
            parts[part, NOTE] = MERGED + SPLIT - parts[part, NOTE]
        for word in range(parts[part, FIRST_WORD], parts[part, LAST_WORD]):
            _swap_row(words, word)


@compiled
def _swap_row(rows, row):
    if rows[row, 0] == ADDED or rows[row, 0] == DROPPED:
        rows[row, 0] = ADDED + DROPPED - rows[row, 0]
    for step in range(2):
        own = rows[row, A + step]
        rows[row, A + step] = rows[row, B + step]
        rows[row, B + step] = own


@compiled
def _weave(parts, in_a, in_b, order):
    """Put what only b has behind what a has instead of it."""
    n = len(parts)
    first, last = np.full(n + 1, -1, np.int64), np.full(n + 1, -1, np.int64)
    anchor = n
    for at in range(len(in_b)):
        part = in_b[at]
        if parts[part, A] >= 0:
            if parts[part, 0] != MOVED:
                anchor = part
        elif first[anchor] < 0:
            first[anchor], last[anchor] = at, at + 1
        else:
            last[anchor] = at + 1
    n, waiting, is_in_body = 0, len(parts), False
    for part in in_a:
        has_stayed = parts[part, B] >= 0 and parts[part, 0] != MOVED
        if has_stayed or (is_in_body and parts[part, 0] == CHROME):
            n = _add_waiting(parts, in_b, first[waiting], last[waiting], order, n)
            first[waiting] = -1
        order[n] = part
        n += 1
        is_in_body |= parts[part, 0] != CHROME
        if has_stayed:
            waiting = part
    _add_waiting(parts, in_b, first[waiting], last[waiting], order, n)


@compiled
def _add_waiting(parts, in_b, first, last, order, n):
    if first >= 0:
        for at in range(first, last):
            if parts[in_b[at], A] < 0:
                order[n] = in_b[at]
                n += 1
    return n


@compiled
def _number_groups(parts, order):
    """Give the groups numbers from 1 on, in the order of their first parts."""
    numbers = np.zeros(len(parts) + 1, np.int64)
    n = 0
    for part in order:
        group = parts[part, GROUP]
        if group:
            if numbers[group] == 0:
                n += 1
                numbers[group] = n
            parts[part, GROUP] = numbers[group]
