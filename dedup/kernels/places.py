"""Where bodies stand that are at hand, by the numbers of their articles.

A table of rows, four to a set: an article's number says which set it is in, and in a full
set the oldest makes room. What was put aside earlier may be gone, never wrong.
"""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U8, I64Rows
from dedup.kernels.compiled import compiled

__all__ = [
    "AGED", "MISSING", "OUTDATED", "UNSURE", "keep_place", "keep_places", "locate", "make_places",
]  # fmt: skip

#: Columns: the article's number, 0 where there is none; how much was put before it; its
#: length; by what it was cut.
_NUMBER, _AT, _LENGTH, _STAMP = range(4)
#: Rows of a set.
_WAYS = 4
#: What :func:`locate` says of an article, from good to bad. ``UNSURE``: the same if what it
#: was cut by is.
_AT_HAND, AGED, MISSING, UNSURE = range(4)
#: Instead of the version at which a stamp was known to hold: it holds no more.
OUTDATED = -1


def make_places(bodies: int) -> NDArray[np.int64]:
    """Return a table with room for so many bodies or more; 32 bytes each."""
    places = np.zeros((max(_WAYS, 1 << (bodies - 1).bit_length()), 4), np.int64)
    places[:, _AT] = -1
    return places


@compiled
def locate(
    numbers: I64, places: I64Rows, confirmed: I64, version: int, head: int, size: int,
    starts: I64, ends: I64, stamps: I64, states: U8,
) -> int:  # fmt: skip
    """Write where the bodies of n articles stand, and how sure that is; return the worst.

    Parameters
    ----------
    confirmed : int64
        The version at which each stamp was last known to hold.
    version : int
        That of now.
    head, size : int
        How much was put so far, and how much there is room for.
    starts, ends, stamps : int64 of shape (n,)
        Of those that are not missing.
    states : uint8 of shape (n,)
        ``AGED``: put before the last half of the room.
    """
    mask = len(places) // _WAYS - 1
    worst = 0
    for i in range(len(numbers)):
        first = _WAYS * (numbers[i] & mask)
        state = MISSING
        for row in range(first, first + _WAYS):
            if places[row, _NUMBER] != numbers[i]:
                continue
            at, stamp = places[row, _AT], places[row, _STAMP]
            if at >= head - size and confirmed[stamp] != OUTDATED:
                starts[i] = at % size
                ends[i] = starts[i] + places[row, _LENGTH]
                stamps[i] = stamp
                state = AGED if at < head - size // 2 else _AT_HAND
                if confirmed[stamp] != version:
                    state = UNSURE
            break
        states[i] = state
        worst = max(worst, state)
    return worst


@compiled
def keep_places(places: I64Rows, numbers: I64, at: int, lengths: I64, stamps: I64) -> None:
    """Keep where the bodies of n articles stand, one behind the other."""
    for i in range(len(numbers)):
        _put(places, numbers[i], at, lengths[i], stamps[i])
        at += lengths[i]


@compiled
def keep_place(places: I64Rows, number: int, at: int, length: int, stamp: int) -> None:
    """Keep where the body of an article stands."""
    _put(places, number, at, length, stamp)


@compiled
def _put(places, number, at, length, stamp):
    first = _WAYS * (number & (len(places) // _WAYS - 1))
    chosen = first
    for row in range(first, first + _WAYS):
        if places[row, _NUMBER] == number:
            chosen = row
            break
        if places[row, _AT] < places[chosen, _AT]:
            chosen = row
    places[chosen, _NUMBER], places[chosen, _AT] = number, at
    places[chosen, _LENGTH], places[chosen, _STAMP] = length, stamp
