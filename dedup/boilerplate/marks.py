"""What single code points are in the eyes of the cues, as a table for their loops."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.lines import BULLETS, LINE_BREAK, STOPS
from dedup.kernels import cutting

__all__ = ["cue_marks"]

_POINTS = 0x10000
#: No line break is beyond.
_BREAKS_BELOW = 0x2060
#: Digits stand in rows of ten, which begin at these places among sixteen code points.
_ROW, _ROWS, _STARTS = 10, 16, (0, 6)


@cache
def cue_marks() -> NDArray[np.uint16]:
    """Return the bits of :mod:`dedup.kernels.cutting` that cues ask for, not to be changed."""
    table = np.zeros(_POINTS, np.uint16)
    for bit, marks in (
        (cutting.BREAK, LINE_BREAK.findall("".join(map(chr, range(_BREAKS_BELOW))))),
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
