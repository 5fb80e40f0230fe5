"""Which sentences may be linked, as :func:`dedup.diff.source.read_source`."""

from dedup.kernels.arrays import F64, I64, U8, U16, U32, I64Rows
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.cutting import BRACKET, FINAL, is_mark
from dedup.kernels.thresholds import MIN_DOUBTFUL_MASS

__all__ = ["BODY", "CHROME", "DOUBTFUL", "NO_REASON", "OUTSIDE", "rank_sentences"]

#: What the ranks are in an array.
BODY, DOUBTFUL, OUTSIDE, CHROME = range(4)
#: Stands for no reason why a unit or a sentence is chrome.
NO_REASON = -1


@compiled
def rank_sentences(
    points: U32, marks: U16, spans: I64Rows, units: U32, codes: I64, is_certain: U8, outside: int,
    sentences: I64Rows, masses: F64, reasons: I64, ranks: I64,
) -> None:  # fmt: skip
    """Write why each sentence is chrome, and its rank.

    ``codes``: why each unit is chrome; ``is_certain``: of each reason, whether what both
    articles have stays chrome by it; ``outside``: the reason "outside the main text".
    """
    n = len(sentences)
    _cover(spans, units, codes, sentences, reasons)
    for index in range(1, n):
        # a line of marks belongs to the menu it stands in
        if _is_wordless(sentences, index) and reasons[index] == NO_REASON:
            reasons[index] = reasons[index - 1]
    first = 0
    while first < n and _is_wordless(sentences, first):
        first += 1
    if first < n:
        # as do those above the first line with a word
        for index in range(first):
            reasons[index] = reasons[first]
    for index in range(n):
        ranks[index] = BODY
        if reasons[index] != NO_REASON:
            final = is_mark(marks, points[sentences[index, 1] - 1], FINAL)
            if not final or masses[index] < MIN_DOUBTFUL_MASS or is_certain[reasons[index]]:
                ranks[index] = CHROME
            else:
                ranks[index] = OUTSIDE if reasons[index] == outside else DOUBTFUL
    for index in range(1, n - 1):
        # a sentence in the middle of a menu is a headline
        if ranks[index - 1] == CHROME and ranks[index + 1] == CHROME and ranks[index] != BODY:
            ranks[index] = CHROME
    _admit_credits(points, marks, sentences, reasons, ranks)


@inlined
def _is_wordless(sentences, index):
    return sentences[index, 2] == sentences[index, 3]


@compiled
def _cover(spans, units, codes, sentences, reasons):
    """Write the reason of each sentence of which half or more stands in chrome units."""
    at = 0
    for index in range(len(sentences)):
        start, end = sentences[index, 0], sentences[index, 1]
        reasons[index] = NO_REASON
        while at < len(units) and _end_of_unit(spans, units, at) <= start:
            at += 1
        covered, reason, unit = 0, NO_REASON, at
        while unit < len(units) and spans[units[unit], 0] < end:
            if codes[unit] != NO_REASON:
                stop = _end_of_unit(spans, units, unit)
                covered += min(stop, end) - max(spans[units[unit], 0], start)
                reason = codes[unit] if reason == NO_REASON else reason
            unit += 1
        if 2 * covered >= end - start:
            reasons[index] = reason


@inlined
def _end_of_unit(spans, units, unit):
    behind = len(spans)
    if unit + 1 < len(units):
        behind = units[unit + 1]
    return spans[behind - 1, 1]


@compiled
def _admit_credits(points, marks, sentences, reasons, ranks):
    """Count what stands in brackets right under the body as its last line."""
    n = len(sentences)
    index = n
    while index > 0 and ranks[index - 1] != BODY:
        index -= 1
    if index == 0:
        return
    while index < n and ranks[index] == DOUBTFUL:
        first, last = points[sentences[index, 0]], points[sentences[index, 1] - 1]
        if not (is_mark(marks, first, BRACKET) or is_mark(marks, last, BRACKET)):
            return
        ranks[index], reasons[index] = BODY, NO_REASON
        index += 1
