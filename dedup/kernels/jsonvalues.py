"""Values of JSON: those that are wanted are written, the others are passed over."""

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.jsonstrings import (
    ODD,
    read_string,
    skip_number,
    skip_string,
    skip_white,
    skip_word,
)

__all__ = ["ABSENT", "NULL", "STRING", "WHOLE", "read_value", "skip_value"]

#: What a line has under a wanted key; ``WHOLE``: digits.
ABSENT, NULL, STRING, WHOLE = range(4)
_QUOTE, _COMMA, _COLON, _DIGIT_0, _DIGIT_9 = map(ord, '",:09')
_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_LIST, _CLOSE_LIST = map(ord, "{}[]")
_LETTER_F, _LETTER_N, _LETTER_T = map(ord, "fnt")
_MAX_DEPTH = 60
#: Numbers with more digits may be rounded.
_MAX_DIGITS = 18
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@compiled
def read_value(block, i, out, at):
    """Write a wanted value; return where it ends, its kind, and where what was written does."""
    byte = block[i]
    if byte == _QUOTE:
        i, at = read_string(block, i + 1, out, at)
        return i, STRING, at
    if byte == _LETTER_N:
        i, is_null = skip_word(block, i)
        return (i if is_null else ODD), NULL, at
    if byte < _DIGIT_0 or byte > _DIGIT_9:
        return ODD, ABSENT, at
    end, is_whole = skip_number(block, i)
    if end == ODD or not is_whole or end - i > _MAX_DIGITS:
        return ODD, ABSENT, at
    for place in range(i, end):
        out[at] = block[place]
        at += 1
    return end, WHOLE, at


@compiled
def skip_value(block, i):
    """Return where any value ends that starts at i."""
    stack, depth = _ZERO, 0  # of what is open a bit each, the innermost lowest: is it an object
    while True:
        byte = block[i]
        if byte == _QUOTE:
            i = skip_string(block, i + 1)
        elif byte == _OPEN_OBJECT or byte == _OPEN_LIST:
            if depth == _MAX_DEPTH:
                return ODD
            is_object = byte == _OPEN_OBJECT
            i = skip_white(block, i + 1)
            if block[i] == (_CLOSE_OBJECT if is_object else _CLOSE_LIST):
                i += 1
            else:
                stack = (stack << _ONE) | (_ONE if is_object else _ZERO)
                depth += 1
                if is_object:
                    i = _skip_key(block, i)
                if i == ODD:
                    return ODD
                continue
        elif byte == _LETTER_T or byte == _LETTER_F or byte == _LETTER_N:
            i, _ = skip_word(block, i)
        else:
            i, _ = skip_number(block, i)
        if i == ODD:
            return ODD
        while depth > 0:
            is_object = stack & _ONE != _ZERO
            i = skip_white(block, i)
            if block[i] == _COMMA:
                i = skip_white(block, i + 1)
                if is_object:
                    i = _skip_key(block, i)
                break
            if block[i] != (_CLOSE_OBJECT if is_object else _CLOSE_LIST):
                return ODD
            i += 1
            stack >>= _ONE
            depth -= 1
        if i == ODD or depth == 0:
            return i


@compiled
def _skip_key(block, i):
    """Return where the value of the key at i starts."""
    if block[i] != _QUOTE:
        return ODD
    i = skip_string(block, i + 1)
    if i == ODD:
        return ODD
    i = skip_white(block, i)
    if block[i] != _COLON:
        return ODD
    return skip_white(block, i + 1)
