"""Strings, numbers and words of JSON, as RFC 8259 has them, in a buffer of lines.

Each loop is given where something starts and returns where it ended, or -1 for all
that takes a closer look. Nothing looks behind the line feed of its line, but for the
``WIDTH`` bytes that can be read there.
"""

import numpy as np

from dedup.kernels.blocks import (
    WIDTH,
    bytes_between,
    bytes_like,
    copy_block,
    load_eight,
    trailing_zeros,
)
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.stretches import write_utf8

__all__ = [
    "ODD", "end_of_line", "read_string", "skip_number", "skip_string", "skip_white", "skip_word",
]  # fmt: skip

#: What is returned for all that takes a closer look.
ODD = -1
_QUOTE, _BACKSLASH, _SLASH, _LETTER_U = map(ord, '"\\/u')
_LETTER_B, _LETTER_F, _LETTER_N, _LETTER_R, _LETTER_T = map(ord, "bfnrt")
_LINE_FEED, _RETURN, _TAB, _SPACE = map(ord, "\n\r\t ")
_MINUS, _PLUS, _STOP, _DIGIT_0, _DIGIT_9, _LARGE_E, _SMALL_E = map(ord, "-+.09Ee")
_LETTER_A, _SMALL = ord("a"), 0x20
_LAST_CONTROL, _FIRST_BEYOND, _LAST_BYTE = 0x1F, 0x80, 0xFF
_HIGH_SURROGATES, _LOW_SURROGATES, _BEHIND_SURROGATES, _BEYOND_PLANE = (
    0xD800, 0xDC00, 0xE000, 0x10000,
)  # fmt: skip
#: A longer number may be one that parsers take in different ways.
_MAX_NUMBER_BYTES = 40
_MAX_EXPONENT_DIGITS = 2
_FOUR_BYTES = np.uint64(0xFFFFFFFF)
_TRUE, _NULL, _ALSE = (
    np.uint64(int.from_bytes(word, "little")) for word in (b"true", b"null", b"alse")
)


@inlined
def skip_white(block, i):
    """Return where the white space at i ends."""
    while block[i] == _SPACE or block[i] == _TAB or block[i] == _RETURN:
        i += 1
    return i


@compiled
def end_of_line(block, i):
    """Return where the line feed behind i is, and whether all before it is UTF-8."""
    is_valid = True
    while True:
        behind = np.int64(trailing_zeros(bytes_like(block, i, _LINE_FEED)))
        beyond = np.int64(trailing_zeros(bytes_between(block, i, _FIRST_BEYOND, _LAST_BYTE)))
        if is_valid and beyond < behind:
            found = _skip_beyond(block, i + beyond)
            if found == ODD:
                is_valid = False
            else:
                i = found
        elif behind < WIDTH:
            return i + behind, is_valid
        else:
            i += WIDTH


@compiled
def read_string(block, i, out, at):
    """Write what the string stands for whose quotation mark is before i.

    Returns where it ends, and where what was written does. Up to ``WIDTH`` more bytes
    are written.
    """
    while True:
        copy_block(out, at, block, i)
        plain = np.int64(trailing_zeros(_special(block, i)))
        i += plain
        at += plain
        if plain == WIDTH:
            continue
        if block[i] == _QUOTE:
            return i + 1, at
        if block[i] != _BACKSLASH:
            return ODD, at
        byte = block[i + 1]
        if byte == _LETTER_U:
            i, point = _read_escape(block, i)
            if i == ODD:
                return ODD, at
            at = write_utf8(out, at, point)
            continue
        if byte == _LETTER_N:
            byte = _LINE_FEED
        elif byte == _LETTER_T:
            byte = _TAB
        elif byte == _LETTER_R:
            byte = _RETURN
        elif byte == _LETTER_B or byte == _LETTER_F:
            byte = 8 if byte == _LETTER_B else 12
        elif byte != _QUOTE and byte != _BACKSLASH and byte != _SLASH:
            return ODD, at
        out[at] = byte
        at += 1
        i += 2


@compiled
def skip_string(block, i):
    """Return where the string ends whose quotation mark is before i."""
    while True:
        plain = np.int64(trailing_zeros(_special(block, i)))
        i += plain
        if plain == WIDTH:
            continue
        if block[i] == _QUOTE:
            return i + 1
        if block[i] != _BACKSLASH:
            return ODD
        byte = block[i + 1]
        if byte == _LETTER_U:
            i, _ = _read_escape(block, i)
            if i == ODD:
                return ODD
            continue
        is_letter = byte == _LETTER_N or byte == _LETTER_T or byte == _LETTER_R
        is_letter |= byte == _LETTER_B or byte == _LETTER_F
        if not is_letter and byte != _QUOTE and byte != _BACKSLASH and byte != _SLASH:
            return ODD
        i += 2


@compiled
def skip_number(block, i):
    """Return where the number at i ends, and whether it is digits alone."""
    start = i
    if block[i] == _MINUS:
        i += 1
    end = _skip_digits(block, i)
    if end == i or (block[i] == _DIGIT_0 and end > i + 1):
        return ODD, False
    is_whole = i == start
    i = end
    if block[i] == _STOP:
        is_whole = False
        end = _skip_digits(block, i + 1)
        if end == i + 1:
            return ODD, False
        i = end
    if block[i] == _SMALL_E or block[i] == _LARGE_E:
        is_whole = False
        i += 1
        if block[i] == _PLUS or block[i] == _MINUS:
            i += 1
        end = _skip_digits(block, i)
        if end == i or end - i > _MAX_EXPONENT_DIGITS:
            return ODD, False
        i = end
    if i - start > _MAX_NUMBER_BYTES:
        return ODD, False
    return i, is_whole


@compiled
def skip_word(block, i):
    """Return where true, false or null at i ends, and whether it is null."""
    word = load_eight(block, i) & _FOUR_BYTES
    if word == _TRUE or word == _NULL:
        return i + 4, word == _NULL
    if load_eight(block, i + 1) & _FOUR_BYTES == _ALSE and block[i] == _LETTER_F:
        return i + 5, False
    return ODD, False


@inlined
def _special(block, i):
    """Return a bit for each of 64 bytes: whether a string does not go on as it stands."""
    marks = bytes_like(block, i, _QUOTE) | bytes_like(block, i, _BACKSLASH)
    return marks | bytes_between(block, i, 0, _LAST_CONTROL)


@compiled
def _skip_digits(block, i):
    while _DIGIT_0 <= block[i] <= _DIGIT_9:
        i += 1
    return i


@compiled
def _read_escape(block, i):
    """Return where the code point that is escaped at i ends, in one or two parts, and it."""
    point = _hexadecimal(block, i + 2)
    i += 6
    if point == ODD or _LOW_SURROGATES <= point < _BEHIND_SURROGATES:
        return ODD, point
    if _HIGH_SURROGATES <= point < _LOW_SURROGATES:
        if block[i] != _BACKSLASH or block[i + 1] != _LETTER_U:
            return ODD, point
        low = _hexadecimal(block, i + 2)
        i += 6
        if low < _LOW_SURROGATES or low >= _BEHIND_SURROGATES:
            return ODD, point
        point = _BEYOND_PLANE + (point - _HIGH_SURROGATES) * 1024 + (low - _LOW_SURROGATES)
    return i, point


@compiled
def _hexadecimal(block, i):
    """Return the number of four digits, or -1; stops at the first byte that is none."""
    number = np.int64(0)
    for place in range(i, i + 4):
        digit = np.int64(block[place])
        if _DIGIT_0 <= digit <= _DIGIT_9:
            digit -= _DIGIT_0
        else:
            digit = (digit | _SMALL) - _LETTER_A
            if digit < 0 or digit > 5:
                return np.int64(ODD)
            digit += 10
        number = number * 16 + digit
    return number


@compiled
def _skip_beyond(block, i):
    """Return where the characters beyond ASCII from i on end, or -1 if they are not UTF-8.

    References
    ----------
    The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences).
    """
    while block[i] >= _FIRST_BEYOND:
        first, low, high, more = block[i], 0x80, 0xBF, 0
        if 0xC2 <= first <= 0xDF:
            more = 1
        elif 0xE0 <= first <= 0xEF:
            more = 2
            if first == 0xE0:
                low = 0xA0
            elif first == 0xED:
                high = 0x9F
        elif 0xF0 <= first <= 0xF4:
            more = 3
            if first == 0xF0:
                low = 0x90
            elif first == 0xF4:
                high = 0x8F
        else:
            return ODD
        if block[i + 1] < low or block[i + 1] > high:
            return ODD
        for place in range(i + 2, i + 1 + more):
            if block[place] < 0x80 or block[place] > 0xBF:
                return ODD
        i += 1 + more
    return i
