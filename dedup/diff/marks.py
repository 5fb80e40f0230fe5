"""What single code points are in the eyes of a diff, as a table for the loops."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.lines import BULLETS, STOPS
from dedup.diff.pieces import ENDING, OPENING, OPENING_AFTER_SPACE, UNSPACED_MARKS
from dedup.diff.sentences import LINE_BREAKS, UNMARKED
from dedup.diff.source import BRACKETS, FINAL_MARKS
from dedup.kernels import cutting

__all__ = ["marks_table"]

_POINTS = 0x10000
#: Beside these no code point is white space.
_MAY_BE_SPACE = (*range(0x100), 0x1680, *range(0x2000, 0x2060), 0x3000)
#: Digits stand in rows of ten, which begin at these places among sixteen code points.
_ROW, _ROWS, _STARTS = 10, 16, (0, 6)


@cache
def marks_table() -> NDArray[np.uint16]:
    """Return the bits of :mod:`dedup.kernels.cutting` for every code point below 0x10000."""
    table = np.zeros(_POINTS, np.uint16)
    spaces = [mark for mark in map(chr, _MAY_BE_SPACE) if mark.isspace()]
    unmarked = UNMARKED.findall("".join(map(chr, range(0xE00, 0x1800))))
    breaks = [mark for mark in spaces if LINE_BREAKS.match(mark)]
    for bit, marks in (
        (cutting.SPACE, spaces),
        (cutting.BREAK, breaks),
        (cutting.OPENING, OPENING),
        (cutting.OPENING_AFTER_SPACE, OPENING_AFTER_SPACE),
        (cutting.ENDING, ENDING),
        (cutting.UNSPACED_MARK, UNSPACED_MARKS),
        (cutting.FINAL, FINAL_MARKS),
        (cutting.BRACKET, BRACKETS),
        (cutting.UNMARKED, unmarked),
        (cutting.STOP, STOPS),
        (cutting.BULLET, BULLETS),
        (cutting.DECIMAL, _decimals()),
    ):
        table[[ord(mark) for mark in marks]] |= bit
    return table


def _decimals() -> list[str]:
    """Return the decimal digits."""
    starts = (row + start for row in range(0, _POINTS, _ROWS) for start in _STARTS)
    zeros = [start for start in starts if chr(start).isdecimal()]
    digits = (chr(zero + step) for zero in zeros for step in range(_ROW))
    return list(filter(str.isdecimal, digits))
