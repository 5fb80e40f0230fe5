"""The records of a diff, from the rows that the compiled loops write."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.diff.compose import MERGED, SPLIT, TYPOGRAPHY, WHITE_SPACE
from dedup.diff.facts import find_kinds
from dedup.diff.result import EditKind, Op, Segment, WordEdit, WordOp
from dedup.kernels.composing import FIRST_WORD, LAST_WORD

__all__ = ["NOTES", "find_row_kinds", "make_segments"]

#: By their numbers in rows; a note may also be a reason of chrome.
NOTES = (TYPOGRAPHY, MERGED, SPLIT, WHITE_SPACE)
_OPS = (Op.KEPT, Op.EDITED, Op.MOVED, Op.ADDED, Op.DROPPED, Op.CHROME)
_WORD_OPS = {0: WordOp.KEPT, 3: WordOp.ADDED, 4: WordOp.DROPPED, 6: WordOp.REPLACED}
_KINDS = (EditKind.WORDING, EditKind.TYPOGRAPHY, None)

#: The kinds of a part's word edits, by its first one's row.
Kinds = dict[int, list[EditKind | None]]


def find_row_kinds(
    texts: tuple[str, str], parts: NDArray[np.int64], words: NDArray[np.int64]
) -> Kinds:
    """Return the kinds of the word edits, numbers, names and quotations called out.

    Parameters
    ----------
    texts : tuple[str, str]
        That the spans are of.
    parts, words : int64
        Rows as :func:`dedup.kernels.composing.compose` writes them: the edits before
        they are stretched over white space.
    """
    found = {}
    rows = _word_rows(parts, words)
    for first, last in parts[:, FIRST_WORD : LAST_WORD + 1].tolist():
        if first != last:
            spans = [
                ((a, end_a) if a >= 0 else None, (b, end_b) if b >= 0 else None)
                for _, a, end_a, b, end_b, _ in rows[first:last]
            ]
            found[first] = find_kinds(*texts, spans, [_KINDS[row[-1]] for row in rows[first:last]])
    return found


def make_segments(
    parts: NDArray[np.int64], words: NDArray[np.int64], kinds: Kinds, notes: Sequence[str]
) -> tuple[Segment, ...]:
    """Return a segment for each row of parts, in their order.

    Parameters
    ----------
    parts, words : int64
        Rows as :func:`dedup.kernels.ordering.finish_parts` leaves them.
    kinds : dict[int, list[EditKind | None]]
        Of the word edits.
    notes : Sequence[str]
        What the numbers of notes mean: :data:`NOTES`, then the reasons of chrome.
    """
    segments = []
    rows = _word_rows(parts, words)
    for op, a, end_a, b, end_b, first, last, group, note in parts.tolist():
        edits: tuple[WordEdit, ...] = ()
        if first != last:
            edits = tuple(
                [
                    WordEdit(
                        _WORD_OPS[word_op],
                        (start, end) if start >= 0 else None,
                        (its_start, its_end) if its_start >= 0 else None,
                        kind,
                    )
                    for (word_op, start, end, its_start, its_end, _), kind in zip(
                        rows[first:last], kinds[first], strict=True
                    )
                ]
            )
        segments.append(
            Segment(
                _OPS[op],
                (a, end_a) if a >= 0 else None,
                (b, end_b) if b >= 0 else None,
                edits,
                group or None,
                notes[note] if note >= 0 else None,
            )
        )
    return tuple(segments)


def _word_rows(parts: NDArray[np.int64], words: NDArray[np.int64]) -> list[list[int]]:
    rows: list[list[int]] = words[: parts[:, LAST_WORD].max(initial=0)].tolist()
    return rows
