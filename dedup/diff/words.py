"""Show what changed inside a sentence, word by word.

The runs are the longest common subsequence of the words, tidied for a reader:
a few common words left between two changes join them (no confetti), and a run
that could stand in two places stands where a clause begins.

References
----------
N. Fraser, "Diff strategies", 2006, for the two clean-ups.
"""

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from dedup.diff.pieces import Pieces, is_marks
from dedup.diff.result import EditKind, Span, WordEdit, WordOp
from dedup.kernels.thresholds import (
    MAX_CONFETTI_WORDS,
    SHORT_WORD,
)

__all__ = ["edit_words", "match_words"]

#: A block of equal words: (start in a, start in b, length).
Block = tuple[int, int, int]


def match_words(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Return the blocks of words two sentences share, tidied, in order."""
    known: dict[str, int] = {}
    codes_a = [known.setdefault(word, len(known)) for word in a]
    codes_b = [known.setdefault(word, len(known)) for word in b]
    blocks = [
        (code.src_start, code.dest_start, code.src_end - code.src_start)
        for code in Indel.opcodes(codes_a, codes_b)
        if code.tag == "equal"
    ]
    return _without_confetti(_slide(blocks, a, b), a, b)


def _without_confetti(blocks: list[Block], a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Drop blocks too light to tell the changes around them apart."""
    kept = list(blocks)
    is_changed = True
    while is_changed:
        is_changed = False
        for index, (at_a, at_b, length) in enumerate(kept):
            end_a, end_b, _ = (0, 0, 0) if not index else _end(kept[index - 1])
            next_a, next_b = (len(a), len(b)) if index + 1 == len(kept) else kept[index + 1][:2]
            before = max(at_a - end_a, at_b - end_b)
            after = max(next_a - at_a, next_b - at_b) - length
            if not before or not after or length > MAX_CONFETTI_WORDS:
                continue
            words = a[at_a : at_a + length]
            weight = sum(len(word) >= SHORT_WORD and not is_marks(word) for word in words)
            if weight < length and 2 * weight + length <= min(before, after) + 1:
                del kept[index]
                is_changed = True
                break
    return kept


def _end(block: Block) -> Block:
    return block[0] + block[2], block[1] + block[2], 0


def _slide(blocks: list[Block], a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Join two blocks where a run added or dropped between them can slide to an end."""
    slid: list[Block] = []
    for at_a, at_b, length in blocks:
        if slid:
            last_a, last_b, last = slid[-1]
            gap_a, gap_b = at_a - last_a - last, at_b - last_b - last
            if (gap_a == 0) != (gap_b == 0) and length <= MAX_CONFETTI_WORDS:
                words, start = (b, last_b + last) if gap_b else (a, last_a + last)
                end = start + (gap_b or gap_a)
                # the short block repeats the run's first words: give them to the run's start
                if list(words[start : start + length]) == list(words[end : end + length]):
                    slid[-1] = (last_a, last_b, last + length)
                    continue
        slid.append((at_a, at_b, length))
    return slid


def edit_words(
    text_a: str, text_b: str, a: Pieces, b: Pieces, blocks: Sequence[Block]
) -> tuple[WordEdit, ...]:
    """Turn blocks of equal words into edits that tile both sides.

    Kept pieces whose marks or case differ become edits of typography.
    """
    edits: list[WordEdit] = []
    at_a = at_b = 0
    for start_a, start_b, length in [*blocks, (len(a.words), len(b.words), 0)]:
        if start_a > at_a or start_b > at_b:
            edits.append(_change(a, b, (at_a, start_a), (at_b, start_b)))
        whole_a = (a.starts[start_a], a.starts[start_a + length])
        whole_b = (b.starts[start_b], b.starts[start_b + length])
        if length and text_a[slice(*whole_a)].rstrip() == text_b[slice(*whole_b)].rstrip():
            edits.append(WordEdit(WordOp.KEPT, whole_a, whole_b))
            at_a, at_b = start_a + length, start_b + length
            continue
        for step in range(length):
            span_a = (a.starts[start_a + step], a.starts[start_a + step + 1])
            span_b = (b.starts[start_b + step], b.starts[start_b + step + 1])
            is_same = text_a[slice(*span_a)].rstrip() == text_b[slice(*span_b)].rstrip()
            _append(edits, span_a, span_b, is_same=is_same)
        at_a, at_b = start_a + length, start_b + length
    return tuple(edits)


def _change(a: Pieces, b: Pieces, run_a: Span, run_b: Span) -> WordEdit:
    span_a = (a.starts[run_a[0]], a.starts[run_a[1]]) if run_a[0] < run_a[1] else None
    span_b = (b.starts[run_b[0]], b.starts[run_b[1]]) if run_b[0] < run_b[1] else None
    op = WordOp.REPLACED if span_a and span_b else WordOp.DROPPED if span_a else WordOp.ADDED
    is_marks_only = all(map(is_marks, a.words[slice(*run_a)] + b.words[slice(*run_b)]))
    return WordEdit(op, span_a, span_b, EditKind.TYPOGRAPHY if is_marks_only else EditKind.WORDING)


def _append(edits: list[WordEdit], a: Span, b: Span, *, is_same: bool) -> None:
    op = WordOp.KEPT if is_same else WordOp.REPLACED
    kind = None if is_same else EditKind.TYPOGRAPHY
    last = edits[-1] if edits else None
    if last and is_same and last.op == WordOp.KEPT and last.a and last.b:
        edits[-1] = WordEdit(op, (last.a[0], a[1]), (last.b[0], b[1]))
    else:
        edits.append(WordEdit(op, a, b, kind))
