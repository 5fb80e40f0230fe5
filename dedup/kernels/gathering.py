"""Columns of values out of what lines hold in slots.

A column is one buffer of UTF-8 with offsets; what UTF-8 never holds stands for no value.
"""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.arrays import I32, I64, U8, Bools, I64Rows, U8Rows
from dedup.kernels.blocks import WIDTH, copy_block, load_eight
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import GOLDEN
from dedup.kernels.jsonvalues import ABSENT, NULL, STRING

__all__ = [
    "DATE", "ID", "NEEDED_ID", "NO_VALUE", "OUTLET", "PLAIN", "TEXT", "either", "gather",
    "number_names", "read_hosts",
]  # fmt: skip

#: Which values a column takes: of a text any but the empty one; others are not blank.
TEXT, PLAIN, ID, NEEDED_ID, DATE, OUTLET = range(6)
#: Stands for no value.
NO_VALUE = 0xFF
#: A whole number with so many digits would be read as a date.
_DATE_DIGITS = len("20260822")
_EIGHT, _SIXTY_FOUR = np.uint64(8), np.uint64(64)
_ALL, _BASIS = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(GOLDEN)
_HTTP = np.uint64(int.from_bytes(b"http://", "little"))
_HTTPS = np.uint64(int.from_bytes(b"https://", "little"))
_SEVEN_BYTES = np.uint64(0xFFFFFFFFFFFFFF)
_WWW = np.uint64(int.from_bytes(b"www.", "little"))
_FOUR_BYTES = np.uint64(0xFFFFFFFF)
_DIGIT_0, _DIGIT_9, _LARGE_A, _LARGE_Z, _SMALL_A, _SMALL_Z = map(ord, "09AZaz")
_STOP, _HYPHEN, _SLASH, _QUESTION, _HASH = map(ord, ".-/?#")
_SMALL = 0x20


@compiled
def gather(
    values: U8, starts: I64Rows, ends: I64Rows, kinds: U8Rows, slots: I64, rule: int,
    out: U8, out_ends: I64, is_odd: Bools,
) -> None:  # fmt: skip
    """Take of each line the first value that the rule takes.

    Parameters
    ----------
    values, starts, ends, kinds, is_odd
        Of ``ScannedLines``; lines that take a closer look become odd.
    slots : int64
        Where values may be, the first choice first.
    out : uint8
        As long as the slots' values together, a byte a line, and ``WIDTH`` more.
    out_ends : int64 of shape (n + 1,)
        Begins with 0.
    """
    at = np.int64(0)
    for line in range(len(is_odd)):
        found, is_empty = -1, False
        for place in range(len(slots)):
            slot = slots[place]
            kind = kinds[slot, line]
            first, last = starts[slot, line], ends[slot, line]
            if kind == ABSENT:
                continue
            if kind == NULL or (kind == STRING and first == last):
                is_empty = True
            elif kind == STRING:
                is_blank = rule != TEXT and _is_blank(values, first, last)
                if is_blank and rule == DATE:
                    is_odd[line] = True
                if rule == OUTLET and _scheme(values, first, last) > 0:
                    is_odd[line] = True
                if not is_blank:
                    found = slot
            elif rule == ID or rule == NEEDED_ID or rule == DATE:
                if rule == DATE and last - first == _DATE_DIGITS:
                    is_odd[line] = True
                found = slot
            if found >= 0:
                break
        if found >= 0:
            at = _copy(values, starts[found, line], ends[found, line], out, at)
        elif rule == TEXT:
            is_odd[line] |= not is_empty
        else:
            is_odd[line] |= rule == NEEDED_ID
            out[at] = NO_VALUE
            at += 1
        out_ends[line + 1] = at


@compiled
def either(buffer: U8, ends: I64, others: U8, other_ends: I64, out: U8, out_ends: I64) -> None:
    """Take the value of the first column, or where it has none that of the second."""
    at = np.int64(0)
    for row in range(len(ends) - 1):
        if _has_value(buffer, ends[row], ends[row + 1]):
            at = _copy(buffer, ends[row], ends[row + 1], out, at)
        else:
            at = _copy(others, other_ends[row], other_ends[row + 1], out, at)
        out_ends[row + 1] = at


@compiled
def read_hosts(urls: U8, ends: I64, out: U8, out_ends: I64, is_unclear: Bools) -> None:
    """Take of plain URLs what :func:`dedup.article.host_of` does; the others are unclear."""
    at = np.int64(0)
    for row in range(len(ends) - 1):
        start, end = ends[row], ends[row + 1]
        first = start + _scheme(urls, start, end)
        stop = first
        while stop < end and _is_of_host(urls[stop]):
            stop += 1
        is_host = stop > first > start and (
            stop == end or urls[stop] == _SLASH or urls[stop] == _QUESTION or urls[stop] == _HASH
        )
        begin = at
        if is_host:
            for place in range(first, stop):
                byte = urls[place]
                out[at] = byte | _SMALL if _LARGE_A <= byte <= _LARGE_Z else byte
                at += 1
            if at - begin >= 4 and load_eight(out, begin) & _FOUR_BYTES == _WWW:
                for place in range(begin + 4, at):
                    out[place - 4] = out[place]
                at -= 4
        else:
            is_unclear[row] = _has_value(urls, start, end)
        if at == begin:
            out[at] = NO_VALUE
            at += 1
        out_ends[row + 1] = at


@compiled
def number_names(buffer: U8, ends: I64, places: I64, codes: I32, firsts: I64) -> int:
    """Count the different names, and number them in the order in which they come.

    Parameters
    ----------
    places : int64
        Zeros, a power of two and more than twice as many as rows.
    codes, firsts
        Filled: the number of each row's name, and where each name stands first.
    """
    mask = len(places) - 1
    n = 0
    for row in range(len(ends) - 1):
        start, end = ends[row], ends[row + 1]
        at = np.int64(_digest(buffer, start, end) >> _EIGHT) & mask
        while places[at] != 0:
            other = firsts[places[at] - 1]
            if _is_alike(buffer, start, end, ends[other], ends[other + 1]):
                break
            at = (at + 1) & mask
        if places[at] == 0:
            firsts[n] = row
            n += 1
            places[at] = n
        codes[row] = places[at] - 1
    return n


@compiled
def _copy(buffer, start, end, out, at):
    for step in range(0, end - start, WIDTH):
        copy_block(out, at + step, buffer, start + step)
    return at + end - start


@compiled
def _has_value(buffer, start, end):
    return end - start != 1 or buffer[start] != NO_VALUE


@compiled
def _is_alike(buffer, start, end, first, last):
    if end - start != last - first:
        return False
    i = 0
    while i < end - start and buffer[start + i] == buffer[first + i]:
        i += 1
    return i == end - start


@compiled
def _digest(buffer, start, end):
    state = _BASIS + np.uint64(end - start)
    at = start
    while at < end:
        kept = _EIGHT * np.uint64(min(end - at, 8))
        state = fold(state, load_eight(buffer, at) & (_ALL >> (_SIXTY_FOUR - kept)))
        at += 8
    return mix(state)


@compiled
def _scheme(buffer, start, end):
    """Return how many bytes ``http://`` or ``https://`` takes there, 0 where neither is."""
    head = load_eight(buffer, start)
    if end - start >= 8 and head == _HTTPS:
        return 8
    return 7 if end - start >= 7 and head & _SEVEN_BYTES == _HTTP else 0


@compiled
def _is_of_host(byte):
    small = byte | _SMALL
    is_plain = _SMALL_A <= small <= _SMALL_Z or _DIGIT_0 <= byte <= _DIGIT_9
    return is_plain or byte == _STOP or byte == _HYPHEN


@compiled
def _is_blank(buffer, start, end):
    """Say whether there is nothing but what ``str.isspace`` calls white space."""
    i = start
    while i < end:
        byte = np.int64(buffer[i])
        if byte < 0x80:
            if byte != 0x20 and not 0x09 <= byte <= 0x0D and not 0x1C <= byte <= 0x1F:
                return False
            i += 1
        elif byte == 0xC2:
            if buffer[i + 1] != 0x85 and buffer[i + 1] != 0xA0:
                return False
            i += 2
        elif 0xE1 <= byte <= 0xE3:
            point = (byte & 0x0F) << 12 | np.int64(buffer[i + 1] & 0x3F) << 6
            point |= np.int64(buffer[i + 2] & 0x3F)
            is_space = point == 0x1680 or point == 0x3000 or 0x2000 <= point <= 0x200A
            is_line_end = point == 0x2028 or point == 0x2029
            if not is_space and not is_line_end and point != 0x202F and point != 0x205F:
                return False
            i += 3
        else:
            return False
    return True
