"""Links to parts that tile both texts, with word edits, as :mod:`dedup.diff.compose`."""

import numpy as np

from dedup.kernels.arrays import I64, U8, U16, U32, U64, I64Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.cutting import SPACE, is_mark
from dedup.kernels.matching import match_words
from dedup.kernels.pieces import KIND, MARKS, START, Text, cut_pieces, room_for_pieces
from dedup.kernels.ranks import NO_REASON

__all__ = [
    "ADDED",
    "CHROME",
    "DROPPED",
    "EDITED",
    "FIRST_WORD",
    "GROUP",
    "KEPT",
    "LAST_WORD",
    "MERGED",
    "MOVED",
    "NOTE",
    "PART_COLUMNS",
    "REPLACED",
    "SPLIT",
    "TYPOGRAPHY",
    "TYPOGRAPHY_ONLY",
    "WHITE_SPACE",
    "WORDING",
    "WORD_COLUMNS",
    "A",
    "B",
    "compose",
]  # fmt: skip

#: What became of a part, and of words; these stand in the first column of either.
KEPT, EDITED, MOVED, ADDED, DROPPED, CHROME, REPLACED = range(7)
#: Columns of parts: from A and B on the span in either text (-1: none); then which
#: words; the group (0: none); the note (-1: none, else its place among all notes).
A, B, FIRST_WORD, LAST_WORD, GROUP, NOTE = 1, 3, 5, 6, 7, 8
PART_COLUMNS = 9
#: Columns of words: operation, spans as above, kind (-1: none).
WORD_KIND = 5
WORD_COLUMNS = 6
WORDING, TYPOGRAPHY = range(2)
#: Notes of parts; the reasons of chrome stand behind them.
TYPOGRAPHY_ONLY, MERGED, SPLIT, WHITE_SPACE = range(4)


@compiled
def compose(
    marks: U16, names: U64,
    points_a: U32, spans_a: I64Rows, tokens_a: U64, hidden_a: U8, sentences_a: I64Rows,
    reasons_a: I64,
    points_b: U32, spans_b: I64Rows, tokens_b: U64, hidden_b: U8, sentences_b: I64Rows,
    reasons_b: I64,
    links: I64Rows, parts: I64Rows, words: I64Rows,
) -> int:  # fmt: skip
    """Write the parts that links make, in no order; return how many there are.

    ``links``: rows as ``align`` writes them; ``names``: hashes of "per", "cent" and
    "percent"; ``reasons_a``, ``reasons_b``: the note of each sentence that is chrome.
    """
    a = Text(points_a, spans_a, tokens_a, hidden_a, sentences_a)
    b = Text(points_b, spans_b, tokens_b, hidden_b, sentences_b)
    n_a = len(sentences_a)
    first_a, first_b, behind = _partners(links, n_a, len(sentences_b))
    words_a, rows_a = room_for_pieces(a)
    words_b, rows_b = room_for_pieces(b)
    blocks = np.empty((min(len(words_a), len(words_b)) + 1, 3), np.int64)
    own_a, own_b = np.empty(n_a, np.int64), np.empty(len(sentences_b), np.int64)
    is_done = np.zeros(n_a, np.bool_)
    n, n_words, groups = 0, 0, 0
    for index in range(len(links)):
        if is_done[links[index, 0]]:
            continue
        size_a, size_b, is_moved = _gather(
            links, index, first_b, behind, n_a, own_a, own_b, is_done
        )
        if size_a == 1 and size_b == 1:
            low_a, high_a = sentences_a[own_a[0], 0], sentences_a[own_a[0], 1]
            low_b, high_b = sentences_b[own_b[0], 0], sentences_b[own_b[0], 1]
            if _is_same(points_a, low_a, high_a, points_b, low_b, high_b):
                op = MOVED if is_moved else KEPT
                n = _add(parts, n, op, low_a, high_a, low_b, high_b, -1)
                continue
        size_rows_a = _cut_all(a, marks, names, own_a[:size_a], words_a, rows_a)
        size_rows_b = _cut_all(b, marks, names, own_b[:size_b], words_b, rows_b)
        n_blocks = match_words(words_a[:size_rows_a], words_b[:size_rows_b], rows_a, blocks)
        first = n
        low_a, low_b = 0, 0
        for cut in range(size_a + size_b - 1):
            if cut < size_a - 1:
                high_a = _place_of(rows_a, size_rows_a, sentences_a[own_a[cut + 1], 0])
                high_b = _across(blocks, n_blocks, high_a, 0, rows_b, size_rows_b)
            elif cut < size_a + size_b - 2:
                at = cut - size_a + 2
                high_b = _place_of(rows_b, size_rows_b, sentences_b[own_b[at], 0])
                high_a = _across(blocks, n_blocks, high_b, 1, rows_a, size_rows_a)
            else:
                high_a, high_b = size_rows_a, size_rows_b
            if high_a == low_a and high_b == low_b:
                continue
            n, n_words = _add_part(
                a, b, marks, rows_a, rows_b, blocks[:n_blocks],
                low_a, high_a, low_b, high_b, parts, n, words, n_words,
            )  # fmt: skip
            low_a, low_b = high_a, high_b
        groups = _join(parts, first, n, groups, is_moved, MERGED if size_a > 1 else SPLIT)
    for index in range(n_a):
        if first_a[index] < 0:
            op = DROPPED if reasons_a[index] == NO_REASON else CHROME
            n = _add(
                parts, n, op, sentences_a[index, 0], sentences_a[index, 1], -1, -1, reasons_a[index]
            )
    for index in range(len(sentences_b)):
        if first_b[index] < 0:
            op = ADDED if reasons_b[index] == NO_REASON else CHROME
            n = _add(
                parts, n, op, -1, -1, sentences_b[index, 0], sentences_b[index, 1], reasons_b[index]
            )
    return n


@compiled
def _partners(links, n_a, n_b):
    """Return the first link of each sentence, or -1, and each link's next one in b."""
    first_a, first_b = np.full(n_a, -1, np.int64), np.full(n_b, -1, np.int64)
    behind = np.empty(len(links), np.int64)
    for index in range(len(links) - 1, -1, -1):
        j = links[index, 1] - n_a
        first_a[links[index, 0]] = index
        behind[index] = first_b[j]
        first_b[j] = index
    return first_a, first_b, behind


@compiled
def _gather(links, index, first_b, behind, n_a, own_a, own_b, is_done):
    """Write the sentences of either text that a link joins; say whether they moved."""
    size_a, size_b, has_stayed = 0, 0, False
    at = index
    while at < len(links) and links[at, 0] == links[index, 0]:
        own_b[size_b] = links[at, 1] - n_a
        size_b += 1
        has_stayed |= links[at, 2] != 0
        at += 1
    at = first_b[own_b[0]]
    while at >= 0:
        own_a[size_a] = links[at, 0]
        is_done[links[at, 0]] = True
        size_a += 1
        has_stayed |= links[at, 2] != 0
        at = behind[at]
    return size_a, size_b, not has_stayed


@compiled
def _is_same(points_a, low_a, high_a, points_b, low_b, high_b):
    if high_a - low_a != high_b - low_b:
        return False
    for at in range(high_a - low_a):
        if points_a[low_a + at] != points_b[low_b + at]:
            return False
    return True


@compiled
def _is_same_stripped(a, b, marks, low_a, high_a, low_b, high_b):
    """Whether two stretches are the same but for white space behind them."""
    while high_a > low_a and is_mark(marks, a.points[high_a - 1], SPACE):
        high_a -= 1
    while high_b > low_b and is_mark(marks, b.points[high_b - 1], SPACE):
        high_b -= 1
    return _is_same(a.points, low_a, high_a, b.points, low_b, high_b)


@compiled
def _add(parts, n, op, low_a, high_a, low_b, high_b, note):
    parts[n, 0], parts[n, A], parts[n, A + 1] = op, low_a, high_a
    parts[n, B], parts[n, B + 1] = low_b, high_b
    parts[n, FIRST_WORD] = parts[n, LAST_WORD] = parts[n, GROUP] = 0
    parts[n, NOTE] = note
    return n + 1


@compiled
def _cut_all(text, marks, names, sentences, words, rows):
    """Write the pieces of neighbouring sentences, and where the last ends."""
    n = 0
    for sentence in sentences:
        n = cut_pieces(text, marks, names, sentence, words, rows, n)
    rows[n, START] = text.sentences[sentences[len(sentences) - 1], 1]
    return n


@compiled
def _place_of(rows, n, start):
    """Return the first piece that starts there."""
    at = 0
    while at < n and rows[at, START] != start:
        at += 1
    return at


@compiled
def _across(blocks, n_blocks, at, side, rows, n):
    """Return where in the other text a cut falls: behind the marks that close a sentence."""
    place = 0
    for index in range(n_blocks):
        if blocks[index, side] >= at:
            break
        place = blocks[index, 1 - side] + min(blocks[index, 2], at - blocks[index, side])
    while 0 < place < n and rows[place, KIND] == MARKS:
        place += 1
    return place


@compiled
def _add_part(
    a, b, marks, rows_a, rows_b, blocks, low_a, high_a, low_b, high_b,
    parts, n, words, n_words,
):  # fmt: skip
    """Add the part between two cuts; return the numbers of parts and of word edits."""
    start_a, end_a = rows_a[low_a, START], rows_a[high_a, START]
    start_b, end_b = rows_b[low_b, START], rows_b[high_b, START]
    if low_b == high_b:
        return _add(parts, n, DROPPED, start_a, end_a, -1, -1, -1), n_words
    if low_a == high_a:
        return _add(parts, n, ADDED, -1, -1, start_b, end_b, -1), n_words
    first = n_words
    at_a, at_b = low_a, low_b
    for index in range(len(blocks) + 1):
        block_a, block_b, length = high_a, high_b, 0
        if index < len(blocks):
            skip = max(low_a - blocks[index, 0], low_b - blocks[index, 1], 0)
            stop = min(high_a - blocks[index, 0], high_b - blocks[index, 1], blocks[index, 2])
            if skip >= stop:
                continue
            block_a, block_b = blocks[index, 0] + skip, blocks[index, 1] + skip
            length = stop - skip
        if block_a > at_a or block_b > at_b:
            n_words = _add_change(rows_a, at_a, block_a, rows_b, at_b, block_b, words, n_words)
        n_words = _add_kept(a, b, marks, rows_a, block_a, rows_b, block_b, length, words, n_words)
        at_a, at_b = block_a + length, block_b + length
    has_wording, has_typography = False, False
    for at in range(first, n_words):
        has_wording |= words[at, WORD_KIND] == WORDING
        has_typography |= words[at, WORD_KIND] == TYPOGRAPHY
    op = EDITED if has_wording else KEPT
    note = TYPOGRAPHY_ONLY if has_typography and not has_wording else -1
    n = _add(parts, n, op, start_a, end_a, start_b, end_b, note)
    if not (has_wording or has_typography):
        return n, first
    parts[n - 1, FIRST_WORD], parts[n - 1, LAST_WORD] = first, n_words
    return n, n_words


@compiled
def _add_word(words, n, op, low_a, high_a, low_b, high_b, kind):
    words[n, 0], words[n, A], words[n, A + 1] = op, low_a, high_a
    words[n, B], words[n, B + 1], words[n, WORD_KIND] = low_b, high_b, kind
    return n + 1


@compiled
def _add_change(rows_a, low_a, high_a, rows_b, low_b, high_b, words, n):
    """Add what stands between two blocks."""
    is_marks_only = True
    for at in range(low_a, high_a):
        is_marks_only &= rows_a[at, KIND] == MARKS
    for at in range(low_b, high_b):
        is_marks_only &= rows_b[at, KIND] == MARKS
    kind = TYPOGRAPHY if is_marks_only else WORDING
    if low_a == high_a:
        return _add_word(words, n, ADDED, -1, -1, rows_b[low_b, START], rows_b[high_b, START], kind)
    if low_b == high_b:
        return _add_word(
            words, n, DROPPED, rows_a[low_a, START], rows_a[high_a, START], -1, -1, kind
        )
    return _add_word(
        words, n, REPLACED, rows_a[low_a, START], rows_a[high_a, START], rows_b[low_b, START],
        rows_b[high_b, START], kind,
    )  # fmt: skip


@compiled
def _add_kept(a, b, marks, rows_a, at_a, rows_b, at_b, length, words, n):
    """Add a block of equal words; pieces set otherwise are edits of typography."""
    if length == 0:
        return n
    low_a, high_a = rows_a[at_a, START], rows_a[at_a + length, START]
    low_b, high_b = rows_b[at_b, START], rows_b[at_b + length, START]
    if _is_same_stripped(a, b, marks, low_a, high_a, low_b, high_b):
        return _add_word(words, n, KEPT, low_a, high_a, low_b, high_b, -1)
    is_open = False
    for step in range(length):
        low_a, high_a = rows_a[at_a + step, START], rows_a[at_a + step + 1, START]
        low_b, high_b = rows_b[at_b + step, START], rows_b[at_b + step + 1, START]
        is_same = _is_same_stripped(a, b, marks, low_a, high_a, low_b, high_b)
        if is_same and is_open:
            words[n - 1, A + 1], words[n - 1, B + 1] = high_a, high_b
        elif is_same:
            n = _add_word(words, n, KEPT, low_a, high_a, low_b, high_b, -1)
        else:
            n = _add_word(words, n, REPLACED, low_a, high_a, low_b, high_b, TYPOGRAPHY)
        is_open = is_same
    return n


@compiled
def _join(parts, first, last, groups, is_moved, note):
    """Give the parts of one merge, split or move what they have alike; return the groups."""
    n_shared = 0
    for index in range(first, last):
        n_shared += parts[index, A] >= 0 and parts[index, B] >= 0
    is_group = n_shared > 1
    for index in range(first, last):
        if parts[index, A] < 0 or parts[index, B] < 0:
            continue
        if is_moved:
            parts[index, 0] = MOVED
        if is_group:
            parts[index, GROUP], parts[index, NOTE] = groups + 1, note
    return groups + is_group
