"""The records of a diff, from the rows that the compiled loops write."""

from collections.abc import Sequence
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from dedup.diff.compose import MERGED, SPLIT, TYPOGRAPHY, WHITE_SPACE
from dedup.diff.facts import call_out
from dedup.diff.result import EditKind, Op, Segment, WordEdit, WordOp

__all__ = ["NOTES", "make_segments"]

#: By their numbers in rows; a note may also be a reason of chrome.
NOTES = (TYPOGRAPHY, MERGED, SPLIT, WHITE_SPACE)
_OPS = (Op.KEPT, Op.EDITED, Op.MOVED, Op.ADDED, Op.DROPPED, Op.CHROME)
_WORD_OPS = {0: WordOp.KEPT, 3: WordOp.ADDED, 4: WordOp.DROPPED, 6: WordOp.REPLACED}
_KINDS = (EditKind.WORDING, EditKind.TYPOGRAPHY, None)


def make_segments(
    texts: Sequence[str], parts: NDArray[np.int64], words: NDArray[np.int64], notes: Sequence[str]
) -> tuple[Segment, ...]:
    """Return a segment for each row of parts, in their order.

    Parameters
    ----------
    texts : Sequence[str]
        Both.
    parts, words : int64
        Rows as :func:`dedup.kernels.composing.compose` writes them.
    notes : Sequence[str]
        What the numbers of notes mean: :data:`NOTES`, then the reasons of chrome.
    """
    text_a, text_b = texts
    segments = []
    for op, a, end_a, b, end_b, first, last, group, note in parts.tolist():
        edits: tuple[WordEdit, ...] = ()
        if first != last:
            edits = call_out(text_a, text_b, tuple(starmap(_edit, words[first:last].tolist())))
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


def _edit(op: int, a: int, end_a: int, b: int, end_b: int, kind: int) -> WordEdit:
    span_a = (a, end_a) if a >= 0 else None
    return WordEdit(_WORD_OPS[op], span_a, (b, end_b) if b >= 0 else None, _KINDS[kind])
