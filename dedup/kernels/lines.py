"""The lines of a text and what each looks like, as :mod:`dedup.boilerplate.lines`."""

import numpy as np

from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT
from dedup.kernels.cue_numbers import (
    KINDS,
    LABEL_WORDS,
    LOOKED_AT,
    MIN_LONG_WORDS,
    MIN_PROSE_WORDS,
    REACH,
    UNSPACED_TOKENS,
)
from dedup.kernels.cutting import BREAK, BULLET, DECIMAL, STOP, is_mark
from dedup.text.table import CLASSES

__all__ = [
    "BULLETED", "COVERED", "DIGITS", "FIRST", "HAS_COUNT", "HAS_STOP", "KIND", "LABEL", "LAST",
    "LINE_COLUMNS", "LOOKED", "N_WORDS", "PHRASES", "PROSE", "find_phrase", "follows", "read_lines",
]  # fmt: skip

#: Columns of lines, as the attributes of ``Line``; its words if it is prose; how many
#: phrases it has, of all kinds; from KIND on how many of each.
FIRST, LAST, N_WORDS, LOOKED, DIGITS, HAS_STOP, BULLETED, LABEL, COVERED, HAS_COUNT = range(10)
PROSE, PHRASES, KIND = 10, 11, 12
N_KINDS = len(KINDS)
LINE_COLUMNS = KIND + N_KINDS
_DIGIT = np.uint64(DIGIT)
_D = CLASSES.index("D")
_COLON = ord(":")
#: From here on (enclosed figures) what becomes a digit is no decimal digit itself.
_ENCLOSED = 0x1F100


@compiled
def read_lines(points, marks, spans, tokens, units, block, entry, phrases, lines):
    """Write the lines of a text that hold a token; return their number."""
    n, first = 0, 0
    ended = 0
    for unit in range(1, len(units) + 1):
        behind = len(tokens)
        if unit < len(units):
            behind = units[unit]
            if not _has_break(points, marks, spans[behind - 1, 1], spans[behind, 0]):
                continue
        token = np.int64(units[first])
        _read_line(points, marks, spans, tokens, token, behind, ended, phrases, lines[n])
        _count_digits(points, marks, spans, tokens, token, block, entry, lines[n])
        lines[n, FIRST], lines[n, LAST] = first, unit
        ended = spans[behind - 1, 1]
        n += 1
        first = unit
    return n


@compiled
def _has_break(points, marks, start, end):
    for at in range(start, end):
        if is_mark(marks, points[at], BREAK):
            return True
    return False


@compiled
def _read_line(points, marks, spans, tokens, token, behind, ended, phrases, line):
    count = behind - token
    line[LOOKED] = min(count, LOOKED_AT)
    start, end = spans[token, 0], spans[behind - 1, 1]
    _find_phrases(tokens, token, phrases, line)
    if line[LABEL] >= 0:
        is_label = False
        for at in range(start, spans[min(token + LABEL_WORDS, behind - 1), 0]):
            is_label |= points[at] == _COLON
        if not is_label:
            line[LABEL] = -1
    line[N_WORDS] = count
    if UNSPACED_TOKENS * count > end - start:
        line[N_WORDS] = (count + 1) // UNSPACED_TOKENS
    line[HAS_STOP] = 0
    for at in range(end, min(end + REACH, len(points))):
        if is_mark(marks, points[at], BREAK):
            break
        if is_mark(marks, points[at], STOP):
            line[HAS_STOP] = 1
    line[BULLETED] = 0
    for at in range(start - 1, max(ended, start - REACH) - 1, -1):
        if is_mark(marks, points[at], BREAK):
            break
        if is_mark(marks, points[at], BULLET):
            line[BULLETED] = 1
    is_prose = line[N_WORDS] >= MIN_LONG_WORDS or (
        line[HAS_STOP] and line[N_WORDS] >= MIN_PROSE_WORDS
    )
    line[PROSE] = line[N_WORDS] if is_prose else 0


@compiled
def _find_phrases(tokens, token, phrases, line):
    """Count the phrases at the first tokens of a line, by kind; write its label.

    ``HAS_COUNT`` says whether one is the line's second word.
    """
    line[LABEL], line[COVERED], line[HAS_COUNT], line[PHRASES] = -1, 0, 0, 0
    for kind in range(N_KINDS):
        line[KIND + kind] = 0
    slots, ranges, entries, rests = phrases
    for at in range(token, token + line[LOOKED]):
        slot = find_phrase(slots, tokens[at])
        if slot < 0:
            continue
        for which in range(ranges[slot, 0], ranges[slot, 1]):
            if follows(tokens, at + 1, entries, which, rests):
                kind = entries[which, 2]
                line[KIND + kind] += 1
                line[PHRASES] += 1
                line[COVERED] += entries[which, 1] + 1
                if at == token + 1:
                    line[HAS_COUNT] = 1
                if at - token < LABEL_WORDS and line[LABEL] < 0:
                    line[LABEL] = kind


@inlined
def find_phrase(slots, word):
    """Return the slot of the phrases that begin with a word, or -1."""
    mask = np.uint64(len(slots) - 1)
    at = (word >> np.uint64(20)) & mask
    while slots[at] != np.uint64(0) and slots[at] != word:
        at = (at + np.uint64(1)) & mask
    return np.int64(at) if slots[at] == word else -1


@compiled
def follows(tokens, at, entries, which, rests):
    """Whether the other words of a phrase stand there."""
    start, size = entries[which, 0], entries[which, 1]
    if at + size > len(tokens):
        return False
    for step in range(size):
        if tokens[at + step] != rests[start + step]:
            return False
    return True


@compiled
def _count_digits(points, marks, spans, tokens, token, block, entry, line):
    """Count the looked-at tokens that begin with a digit; judge the count of the line."""
    line[DIGITS] = 0
    for at in range(token, token + line[LOOKED]):
        is_number = False
        if tokens[at] & _DIGIT:
            point = points[spans[at, 0]]
            if point < 0x10000:
                is_number = is_mark(marks, point, DECIMAL)
            else:
                found = entry[(np.int64(block[point >> 8]) << 8) | (point & 255)]
                is_number = found & 15 == _D and point < _ENCLOSED
        line[DIGITS] += is_number
        if at == token and not is_number:
            line[HAS_COUNT] = 0
