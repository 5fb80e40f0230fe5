"""Sentences in pieces, as :mod:`dedup.diff.pieces`: words, and the marks between them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import GOLDEN
from dedup.kernels.cutting import (
    ENDING,
    OPENING,
    OPENING_AFTER_SPACE,
    SPACE,
    UNSPACED_MARK,
    hash_points,
    is_mark,
)
from dedup.kernels.thresholds import SHORT_WORD

__all__ = ["KIND", "LONG", "MARKS", "SHORT", "START", "Text", "cut_pieces", "room_for_pieces"]

#: Columns of the rows of pieces: code point where it starts, and its kind.
START, KIND = 0, 1
#: A short word, a word that says something by itself, marks without a word.
SHORT, LONG, MARKS = range(3)
_GOLDEN = np.uint64(GOLDEN)
_SPACE, _STOP, _COMMA = map(ord, " .,")


class Text(NamedTuple):
    """One text: code points, tokens and where they stand, which are markup, sentences."""

    points: NDArray[np.uint32]
    spans: NDArray[np.int64]
    tokens: NDArray[np.uint64]
    is_hidden: NDArray[np.uint8]
    sentences: NDArray[np.int64]


@compiled
def room_for_pieces(text):
    """Return room for the pieces of a text: their words, and their rows."""
    most = 2 * len(text.tokens) + len(text.sentences) + 1
    return np.empty(most, np.uint64), np.empty((most, 2), np.int64)


@inlined
def _hash_mark(point):
    """Return what ``hash_points`` returns for one code point."""
    return mix(fold(_GOLDEN, np.uint64(point) + _GOLDEN))


@compiled
def cut_pieces(text, marks, names, sentence, words, rows, n):
    """Write the pieces of a sentence behind the n that are there; return their number.

    ``names``: hashes of "per", "cent" and "percent".
    """
    start, stop = text.sentences[sentence, 0], text.sentences[sentence, 1]
    end, is_first = start, True
    for token in range(text.sentences[sentence, 2], text.sentences[sentence, 3]):
        if len(text.is_hidden) and text.is_hidden[token]:
            continue
        word, at = text.tokens[token], text.spans[token, 0]
        if is_first:
            rows[n, START] = start
        elif word == names[1] and words[n - 1] == names[0]:
            words[n - 1] = names[2]
            rows[n - 1, KIND] = LONG
            end = text.spans[token, 1]
            continue
        elif at - end == 1 and text.points[end] == _SPACE:
            rows[n, START] = at
        else:
            at = _opening(text.points, marks, end, at)
            n = _cut_marks(text.points, marks, end, at, False, words, rows, n)
            rows[n, START] = at
        words[n] = word
        rows[n, KIND] = LONG if text.spans[token, 2] >= SHORT_WORD else SHORT
        n += 1
        end, is_first = text.spans[token, 1], False
    if is_first:
        words[n] = hash_points(text.points, start, stop)
        rows[n, START], rows[n, KIND] = start, MARKS
        return n + 1
    return _cut_marks(text.points, marks, end, stop, True, words, rows, n)


@compiled
def _opening(points, marks, gap_start, start):
    """Return where the quotes and brackets right before a word start."""
    at = start
    while at > gap_start and is_mark(marks, points[at - 1], OPENING_AFTER_SPACE):
        at -= 1
    if at > gap_start and is_mark(marks, points[at - 1], SPACE):
        return at
    at = start
    while at > gap_start and is_mark(marks, points[at - 1], OPENING):
        at -= 1
    return at


@compiled
def _cut_marks(points, marks, start, end, is_end, words, rows, n):
    """Write the marks of a gap between words, if they are a piece of their own."""
    is_stop = 1 < start < len(points) and points[start] == _STOP
    if is_stop and (points[start - 1] == _STOP or points[start - 2] == _STOP):
        start += 1  # the last full stop of an acronym belongs to it
    low, high = start, end
    while low < high and is_mark(marks, points[low], SPACE):
        low += 1
    while low < high and is_mark(marks, points[high - 1], SPACE):
        high -= 1
    if low >= high or (high - low == 1 and points[low] == _STOP and not is_end):
        return n
    is_closed, is_ending = is_end or high - low < end - start, False
    for at in range(low, high):
        is_closed |= is_mark(marks, points[at], UNSPACED_MARK)
        is_ending |= is_mark(marks, points[at], ENDING)
    if not is_closed:
        return n
    words[n] = _hash_mark(_STOP if is_ending else _COMMA)
    rows[n, START], rows[n, KIND] = low, MARKS
    return n + 1
