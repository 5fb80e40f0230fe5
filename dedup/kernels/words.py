"""ASCII words eight bytes at a time.

References
----------
H. S. Warren, "Hacker's Delight", 2nd ed., section 6-1 (finding bytes in a word).
"""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.compiled import compiled, inlined, instruction
from dedup.kernels.constants import DIGIT

__all__ = ["PADDING_BYTES", "read_word"]

#: Readable bytes that a buffer has behind its last text.
PADDING_BYTES = 8

_EIGHT, _THREE, _SIXTY_FOUR = np.uint64(8), np.uint64(3), np.uint64(64)
_ONES = 0x0101010101010101
_HIGH = np.uint64(0x80 * _ONES)
_LOW = np.uint64(0x7F * _ONES)
_CASE = np.uint64(0x20 * _ONES)
_FROM_A, _ABOVE_Z = (np.uint64((0x80 - ord(c)) * _ONES) for c in "a{")
_FROM_0, _ABOVE_9 = (np.uint64((0x80 - ord(c)) * _ONES) for c in "0:")
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_NO_FLAGS = np.uint64(0xFFFFFFFFFFFFFFFC)


@instruction("load_eight")
def _load_eight(buffer, index):
    """Return the eight bytes from index on as a little-endian uint64."""
    return np.uint64(int.from_bytes(bytes(buffer[index : index + 8]), "little"))


@instruction("trailing_zeros")
def _trailing_zeros(value):
    """Return the number of zero bits below the lowest one, as uint64."""
    return np.uint64((int(value) & -int(value)).bit_length() - 1)


@inlined
def _letters(eight):
    """Return the high bit of each byte that is an ASCII letter."""
    low = (eight | _CASE) & _LOW
    return (low + _FROM_A) & ~(low + _ABOVE_Z) & ~eight & _HIGH


@inlined
def _digits(eight):
    """Return the high bit of each byte that is an ASCII digit."""
    low = eight & _LOW
    return (low + _FROM_0) & ~(low + _ABOVE_9) & ~eight & _HIGH


@compiled
def read_word(buffer, start, end, basis):
    """Hash the ASCII letters and digits from start on, as ``token_hash`` does.

    Reads up to ``PADDING_BYTES`` beyond end. Returns the hash and where the word
    stops.
    """
    at = start
    digits = np.uint64(0)
    first, state = np.uint64(0), np.uint64(0)
    blocks = 0
    length = 0
    while True:
        eight = _load_eight(buffer, at)
        letters = _letters(eight)
        numerals = _digits(eight)
        stops = ~(letters | numerals) & _HIGH
        here = 8
        if stops:
            here = np.int64(_trailing_zeros(stops) >> _THREE)
        here = min(here, end - at)
        if here == 0:
            break
        kept = _ALL >> (_SIXTY_FOUR - _EIGHT * np.uint64(here))
        digits |= numerals & kept
        block = (eight | (letters >> np.uint64(2))) & kept
        if blocks == 0:
            first = block
        elif blocks == 1:
            length = _length(buffer, at + here, end) + at + here - start
            state = fold(fold(basis + np.uint64(length), first), block)
        else:
            state = fold(state, block)
        blocks += 1
        at += here
        if here < 8:
            break
    if blocks == 1:
        state = fold(basis + np.uint64(at - start), first)
    flags = np.uint64(DIGIT) if digits else np.uint64(0)
    return (mix(state) & _NO_FLAGS) | flags, at


@compiled
def _length(buffer, at, end):
    """Return how many letters and digits follow; for the few words beyond eight bytes."""
    n = 0
    while at + n < end:
        eight = _load_eight(buffer, at + n)
        stops = ~(_letters(eight) | _digits(eight)) & _HIGH
        if stops:
            return min(n + np.int64(_trailing_zeros(stops) >> _THREE), end - at)
        n += 8
    return end - at
