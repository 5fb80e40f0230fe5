"""JSON Lines: the strings of wanted keys, of as many lines as a buffer holds.

Whatever is not plainly an object of RFC 8259 whose wanted values are strings, whole
numbers or null is left to a parser, a line at a time: such lines are odd.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U8, U64, Bools, I64Rows, U8Rows
from dedup.kernels.blocks import WIDTH, load_eight
from dedup.kernels.compiled import compiled
from dedup.kernels.jsonstrings import ODD, end_of_line, skip_string, skip_white
from dedup.kernels.jsonvalues import ABSENT, read_value, skip_value

__all__ = [
    "DOUBTFUL", "UNWANTED", "Keys", "ScannedLines", "UnknownKey", "scan_lines",
]  # fmt: skip

#: Slots of keys that nobody wants, and of those whose lines are odd.
UNWANTED, DOUBTFUL = -1, -2
_FINE, _ODD, _UNKNOWN = range(3)
_QUOTE, _COMMA, _COLON, _OPEN_OBJECT, _CLOSE_OBJECT = map(ord, '",:{}')
_EIGHT, _SIXTY_FOUR = np.uint64(8), np.uint64(64)
_ZERO, _ALL = np.uint64(0), np.uint64(0xFFFFFFFFFFFFFFFF)


class Keys(NamedTuple):
    """The keys that are known, and what is done with each.

    Attributes
    ----------
    names : uint8
        One behind another, with ``WIDTH`` more bytes.
    ends : int64 of shape (keys + 1,)
        Where each starts, and where the last ends.
    slots : int64 of shape (keys,)
        Where the values of each go, ``UNWANTED`` or ``DOUBTFUL``.
    """

    names: NDArray[np.uint8]
    ends: NDArray[np.int64]
    slots: NDArray[np.int64]

    @classmethod
    def of(cls, slots: dict[bytes, int]) -> "Keys":
        """Return some keys by name."""
        names = np.frombuffer(b"".join(slots) + bytes(WIDTH), np.uint8)
        ends = np.array([0, *map(len, slots)], np.int64).cumsum()
        return cls(names, ends, np.array(list(slots.values()), np.int64))


class UnknownKey(NamedTuple):
    """A key that has to be known before a buffer can be read."""

    name: bytes


class ScannedLines(NamedTuple):
    """What n lines hold in m slots.

    Attributes
    ----------
    values : uint8
        In UTF-8, in the order in which they stand in the lines.
    starts, ends : int64 of shape (m, n)
        Where each is in these; both 0 where there is none.
    kinds : uint8 of shape (m, n)
        As :mod:`~dedup.kernels.jsonvalues` names them.
    is_odd : bool of shape (n,)
        What takes a parser; nothing else is known of those lines.
    lines : int64 of shape (n + 1,)
        Where each line starts; the last ends a byte before the last of these.
    seen : bool of shape (keys,)
        Which keys stand in a line that is not odd.
    """

    values: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    is_odd: NDArray[np.bool_]
    lines: NDArray[np.int64]
    seen: NDArray[np.bool_]


def scan_lines(
    block: NDArray[np.uint8], size: int, lines: int, keys: Keys
) -> ScannedLines | UnknownKey:
    """Read whole lines, each of which ends with a line feed.

    Parameters
    ----------
    block : uint8
        ``size`` bytes of lines and ``WIDTH`` more.
    lines : int
        How many there are.
    """
    slots = max(int(keys.slots.max(initial=-1)) + 1, 1)
    scanned = ScannedLines(
        np.empty(size + 2 * WIDTH, np.uint8),
        np.zeros((slots, lines), np.int64),
        np.zeros((slots, lines), np.int64),
        np.zeros((slots, lines), np.uint8),
        np.zeros(lines, np.bool_),
        np.zeros(lines + 1, np.int64),
        np.zeros(len(keys.slots), np.bool_),
    )
    heads = np.empty(len(keys.slots), np.uint64)
    met = np.empty(len(keys.slots), np.int64)
    start, end = _scan(
        block, size, *keys, heads, met, scanned.values, scanned.starts, scanned.ends,
        scanned.kinds, scanned.is_odd, scanned.lines, scanned.seen,
    )  # fmt: skip
    return scanned if start == end else UnknownKey(block[start:end].tobytes())


@compiled
def _scan(
    block: U8, size: int, names: U8, name_ends: I64, slots: I64, heads: U64, met: I64,
    values: U8, starts: I64Rows, ends: I64Rows, kinds: U8Rows, is_odd: Bools, lines: I64,
    seen: Bools,
) -> tuple[int, int]:  # fmt: skip
    """Read all lines; return the span of a key that is not known, an empty one if all are."""
    for key in range(len(slots)):
        heads[key] = _head(names, name_ends[key], name_ends[key + 1])
    at, line = 0, 0
    filled = np.int64(0)
    while at < size:
        end, is_valid = end_of_line(block, at)
        state, start, stop, n_met = _ODD, 0, 0, 0
        behind = filled
        if is_valid:
            state, start, stop, n_met, behind = _scan_object(
                block, at, end, names, name_ends, slots, heads, met, values, filled, starts,
                ends, kinds, line,
            )  # fmt: skip
        if state == _UNKNOWN:
            return start, stop
        if state == _ODD:
            is_odd[line] = True
            for slot in range(len(ends)):
                starts[slot, line], ends[slot, line] = 0, 0
                kinds[slot, line] = ABSENT
        else:
            filled = behind
            for i in range(n_met):
                seen[met[i]] = True
        at = end + 1
        line += 1
        lines[line] = at
    return 0, 0


@compiled
def _scan_object(
    block, i, end, names, name_ends, slots, heads, met, values, at, starts,
    ends, kinds, line,
):  # fmt: skip
    """Read one line, whose values are written from at on.

    Returns what it is, the span of a key that is unknown, how many keys it has, and where
    its values end.
    """
    n_met = 0
    guess = 0
    i = skip_white(block, i)
    if block[i] != _OPEN_OBJECT:
        return _ODD, 0, 0, n_met, at
    i = skip_white(block, i + 1)
    if block[i] == _CLOSE_OBJECT:
        return _ODD, 0, 0, n_met, at
    while True:
        if block[i] != _QUOTE:
            return _ODD, 0, 0, n_met, at
        start = i + 1
        i = skip_string(block, start)
        if i == ODD:
            return _ODD, 0, 0, n_met, at
        stop = i - 1
        key = _find_key(block, start, stop, names, name_ends, heads, guess)
        if key == len(slots):
            return _UNKNOWN, start, stop, n_met, at
        i = skip_white(block, i)
        if block[i] != _COLON:
            return _ODD, 0, 0, n_met, at
        i = skip_white(block, i + 1)
        slot = slots[key]
        if slot == DOUBTFUL or n_met == len(met):
            return _ODD, 0, 0, n_met, at
        met[n_met] = key
        n_met += 1
        guess = key + 1
        if slot == UNWANTED:
            i = skip_value(block, i)
        elif kinds[slot, line] != ABSENT:
            return _ODD, 0, 0, n_met, at
        else:
            starts[slot, line] = at
            i, kind, at = read_value(block, i, values, at)
            ends[slot, line] = at
            kinds[slot, line] = kind
        if i == ODD:
            return _ODD, 0, 0, n_met, at
        i = skip_white(block, i)
        if block[i] == _CLOSE_OBJECT:
            break
        if block[i] != _COMMA:
            return _ODD, 0, 0, n_met, at
        i = skip_white(block, i + 1)
    i = skip_white(block, i + 1)
    return _FINE if i == end else _ODD, 0, 0, n_met, at


@compiled
def _head(buffer, start, end):
    """Return the first eight bytes of a name, zeros behind a shorter one."""
    if end == start:
        return _ZERO
    size = np.uint64(min(end - start, 8))
    return load_eight(buffer, start) & (_ALL >> (_SIXTY_FOUR - _EIGHT * size))


@compiled
def _find_key(block, start, stop, names, name_ends, heads, guess):
    """Return which key stands there; as many as there are if none of them."""
    head, size, n = _head(block, start, stop), stop - start, len(heads)
    for step in range(n):
        key = guess + step
        if key >= n:
            key -= n
        first = name_ends[key]
        if heads[key] != head or name_ends[key + 1] - first != size:
            continue
        i = 8
        while i < size and block[start + i] == names[first + i]:
            i += 1
        if i >= size:
            return key
    return n
