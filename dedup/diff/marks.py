"""What single code points are in the eyes of a diff, as a table for the loops."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.marks import cue_marks
from dedup.diff.pieces import ENDING, OPENING, OPENING_AFTER_SPACE, UNSPACED_MARKS
from dedup.diff.sentences import UNMARKED
from dedup.diff.source import BRACKETS, FINAL_MARKS
from dedup.kernels import cutting

__all__ = ["marks_table"]

#: Beside these no code point is white space.
_MAY_BE_SPACE = (*range(0x100), 0x1680, *range(0x2000, 0x2060), 0x3000)


@cache
def marks_table() -> NDArray[np.uint16]:
    """Return the bits of :mod:`dedup.kernels.cutting` for every code point below 0x10000."""
    table = cue_marks().copy()
    spaces = [mark for mark in map(chr, _MAY_BE_SPACE) if mark.isspace()]
    unmarked = UNMARKED.findall("".join(map(chr, range(0xE00, 0x1800))))
    for bit, marks in (
        (cutting.SPACE, spaces),
        (cutting.OPENING, OPENING),
        (cutting.OPENING_AFTER_SPACE, OPENING_AFTER_SPACE),
        (cutting.ENDING, ENDING),
        (cutting.UNSPACED_MARK, UNSPACED_MARKS),
        (cutting.FINAL, FINAL_MARKS),
        (cutting.BRACKET, BRACKETS),
        (cutting.UNMARKED, unmarked),
    ):
        table[[ord(mark) for mark in marks]] |= bit
    return table
