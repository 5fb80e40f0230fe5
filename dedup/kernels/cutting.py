"""Sentences of a text, as :func:`dedup.diff.sentences.cut_sentences`.

Where a sentence ends is told by who knows the language; here those places become
sentences that cut no token, without white space around them, and the words of each.
"""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.arrays import F64, I64, U8, U16, U32, U64, I64Rows
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT, GOLDEN
from dedup.kernels.thresholds import UNSPACED_FROM, WORDLESS_MASS

__all__ = [
    "BRACKET", "BREAK", "BULLET", "DECIMAL", "ENDING", "FINAL", "OPENING", "OPENING_AFTER_SPACE",
    "SPACE", "STOP", "UNMARKED", "UNSPACED_MARK", "count_languages", "cut_sentences",
    "hash_points", "is_mark", "read_words",
]  # fmt: skip

#: Bits of the table of marks: what a code point below 0x10000 is to cues and diff.
(
    SPACE, BREAK, OPENING, OPENING_AFTER_SPACE, ENDING, UNSPACED_MARK, FINAL, BRACKET, UNMARKED,
    STOP, BULLET, DECIMAL,
) = (1 << bit for bit in range(12))  # fmt: skip
_DIGIT = np.uint64(DIGIT)
_GOLDEN = np.uint64(GOLDEN)
_SPACE_POINT = 32


@inlined
def is_mark(marks, point, kind):
    """Whether a code point is of a kind."""
    return point < 0x10000 and marks[point] & kind != 0


@compiled
def cut_sentences(points: U32, marks: U16, spans: I64Rows, cuts: I64, sentences: I64Rows) -> int:
    """Write where each sentence starts and ends, its first token and one past its last.

    ``cuts``: increasing code points. Returns the number of sentences, however long.
    """
    length, n_tokens = len(points), len(spans)
    n, first, next_cut, left, token = 0, 0, 0, 0, 0
    for at in range(1, length + 1):
        is_cut = at == length
        while next_cut < len(cuts) and cuts[next_cut] <= at:
            is_cut |= cuts[next_cut] == at
            next_cut += 1
        before = points[at - 1]
        if not is_cut and is_mark(marks, before, SPACE):
            is_cut = is_mark(marks, before, BREAK) and not is_mark(marks, points[at], BREAK)
            if not is_cut and before == _SPACE_POINT and is_mark(marks, points[at], UNMARKED):
                start = at - 1
                while start > 0 and points[start - 1] == _SPACE_POINT:
                    start -= 1
                is_cut = start > 0 and is_mark(marks, points[start - 1], UNMARKED)
        if not is_cut:
            continue
        while token < n_tokens and spans[token, 1] <= at:
            token += 1
        if token < n_tokens and spans[token, 0] < at and not is_mark(marks, before, SPACE):
            continue  # inside a token
        right = at
        while left < right and is_mark(marks, points[left], SPACE):
            left += 1
        while right > left and is_mark(marks, points[right - 1], SPACE):
            right -= 1
        if left < right:
            last = first
            while last < n_tokens and spans[last, 0] < right:
                last += 1
            sentences[n, 0], sentences[n, 1] = left, right
            sentences[n, 2], sentences[n, 3] = first, last
            n += 1
            first = last
        left = at
    return n


@compiled
def hash_points(points, start, end):
    """Hash a stretch of text that has no words."""
    state = _GOLDEN
    for at in range(start, end):
        state = fold(state, np.uint64(points[at]) + _GOLDEN)
    return mix(state)


@compiled
def read_words(
    points: U32, spans: I64Rows, tokens: U64, is_hidden: U8, sentences: I64Rows,
    block: U16, entry: U32, sequence: U32, names: U64,
    words: U64, is_figure: U8, offsets: I64, masses: F64,
) -> bool:  # fmt: skip
    """Write the words of each sentence that count, and what it is worth.

    ``names``: hashes of "per", "cent" and "percent"; ``is_hidden``: whether each token is
    markup, empty if none is. Returns whether one is a letter of a script without spaces:
    those need the plain path.
    """
    n = 0
    offsets[0] = 0
    for sentence in range(len(sentences)):
        start = n
        for token in range(sentences[sentence, 2], sentences[sentence, 3]):
            if len(is_hidden) and is_hidden[token]:
                continue
            word = tokens[token]
            if word == names[1] and n > start and words[n - 1] == names[0]:
                words[n - 1] = names[2]
                continue
            if spans[token, 2] == 1 and _is_unspaced(
                points, spans[token, 0], block, entry, sequence
            ):
                return True
            words[n] = word
            is_figure[n] = 0
            if word & _DIGIT:
                start_of_word, end_of_word = spans[token, 0], spans[token, 1]
                is_figure[n] = _has_figure(
                    points, start_of_word, end_of_word, block, entry, sequence
                )
            n += 1
        masses[sentence] = n - start
        if n == start:
            words[n] = hash_points(points, sentences[sentence, 0], sentences[sentence, 1])
            is_figure[n] = 0
            masses[sentence] = WORDLESS_MASS
            n += 1
        offsets[sentence + 1] = n
    return False


@inlined
def _entry(point, block, entry):
    return entry[(np.int64(block[point >> 8]) << 8) | (point & 255)]


@compiled
def _is_unspaced(points, at, block, entry, sequence):
    """Whether a token of one letter is of a script where such a letter may be a word."""
    if points[at] < 128:
        return False
    while True:
        found = _entry(points[at], block, entry)
        count = (found >> 4) & 31
        if count:
            value = found >> 9
            return (value if count == 1 else sequence[value]) >= UNSPACED_FROM
        at += 1


@compiled
def _has_figure(points, start, end, block, entry, sequence):
    """Whether the normal form of a token begins or ends with a digit."""
    for at in range(start, end):
        found = _entry(points[at], block, entry)
        if (found >> 4) & 31:
            value = found >> 9
            if _is_digit(value if (found >> 4) & 31 == 1 else sequence[value]):
                return True
            break
    for at in range(end - 1, start - 1, -1):
        found = _entry(points[at], block, entry)
        count = (found >> 4) & 31
        if count:
            value = found >> 9
            return _is_digit(value if count == 1 else sequence[value + count - 1])
    return False


@inlined
def _is_digit(point):
    return point >= 48 and point <= 57


@compiled
def count_languages(tokens: U64, known: U64, languages: I64, counts: I64) -> None:
    """Count the words of each language.

    ``known``: hashes of function words, sorted; ``languages``: a bit for each language
    whose word it is.
    """
    for token in tokens:
        low, high = 0, len(known)
        while low < high:
            middle = (low + high) >> 1
            if known[middle] < token:
                low = middle + 1
            else:
                high = middle
        if low < len(known) and known[low] == token:
            for language in range(len(counts)):
                counts[language] += (languages[low] >> language) & 1
