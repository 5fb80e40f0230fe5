"""Plain ASCII text, 64 bytes at a time.

What each byte is stands in masks of 64 bits, the first byte lowest, so that a word's
end is found by counting bits. Whatever the masks do not tell is left to the full
rules, :mod:`dedup.kernels.stretches`.

References
----------
G. Langdale, D. Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 28 (2019),
section 3.1 (structural characters as bits).
"""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.blocks import WIDTH, bytes_between, bytes_like, load_eight, trailing_zeros
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT
from dedup.text.tokens import MIN_WORD_BEFORE_STOP

__all__ = ["PADDING_BYTES", "tokenise_plain"]

#: Readable bytes that a buffer has behind its last text.
PADDING_BYTES = WIDTH
#: In a block with text behind it what ends before this bit is seen whole: whether a
#: comma is part of a number, five bytes tell.
_LIMIT = np.uint64(WIDTH - 5)
_TAB, _SPACE, _QUOTE, _PERCENT, _APOSTROPHE, _COMMA, _STOP = map(ord, "\t \"%',.")
_EXCLAMATION, _QUESTION, _PARENTHESIS, _BRACKET, _BRACE, _GRAVE = map(ord, "!?)]}`")

_ZERO, _ONE, _TWO, _THREE, _FOUR, _EIGHT = (np.uint64(n) for n in (0, 1, 2, 3, 4, 8))
_SIXTY_FOUR = np.uint64(64)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
#: Makes a small letter of each letter, and leaves digits and the full stop alone.
_SMALL = np.uint64(0x2020202020202020)
_NO_FLAGS = np.uint64(0xFFFFFFFFFFFFFFFC)
_DIGIT = np.uint64(DIGIT)


@inlined
def _lowest(count):
    """Return a mask of the lowest bits, fewer than 64."""
    return (_ONE << count) - _ONE


@inlined
def _has(mask, bit):
    return (mask >> bit) & _ONE != _ZERO


@compiled
def tokenise_plain(
    buffer, at, end, basis, tokens, spans, n_tokens, units, n_units, first, last_length, is_cut
):
    """Tokenise from at on as far as all is plain; return how far, and what goes on there.

    Reads up to ``PADDING_BYTES`` beyond end. Spans are written for as many tokens as
    there are rows for: first byte, one past the last, code points of the normal form.
    """
    while at < end:
        here = np.uint64(min(WIDTH, end - at))
        limit = _LIMIT if here == _SIXTY_FOUR else _SIXTY_FOUR
        (
            words, digits, silent, initials, enders, stops, marks, closing, white, newlines,
            odd, unclear,
        ) = _read_block(buffer, at, _ALL >> (_SIXTY_FOUR - here))  # fmt: skip
        events = words | enders | odd
        i = _ZERO
        while True:
            if events >> i == _ZERO:
                is_cut |= newlines >> i != _ZERO
                i = here
                break
            skipped = trailing_zeros(events >> i)
            is_cut |= (newlines >> i) & _lowest(skipped) != _ZERO
            i += skipped
            is_word = _has(words, i)
            dropped, is_hard = silent, False
            if is_word:
                stop = i + trailing_zeros(~(words >> i))
                if stop == i + _ONE:
                    while stop < limit and _has(initials, stop):
                        stop += _TWO
                        dropped = stops
            elif _has(enders, i):
                stop = i + trailing_zeros(~(enders >> i))
                is_hard = stop > i + _ONE or _has(marks, i)
                if stop < limit:
                    stop += trailing_zeros(~(closing >> stop))
            else:
                return at + np.int64(i), n_tokens, n_units, last_length, is_cut
            if stop >= limit and i > _ZERO:
                break  # it is seen whole from its own first byte on
            if stop >= limit or _has(unclear, stop):
                return at + np.int64(i), n_tokens, n_units, last_length, is_cut
            if is_word:
                if is_cut:
                    units[n_units] = n_tokens - first
                    n_units += 1
                    is_cut = False
                here_only = _lowest(stop - i)
                hashed, length = _hash_word(
                    buffer, at + np.int64(i), stop - i, (dropped >> i) & here_only, basis
                )
                if (digits >> i) & here_only != _ZERO:
                    hashed |= _DIGIT
                tokens[n_tokens] = hashed
                last_length = np.int64(length)
                if n_tokens < len(spans):
                    spans[n_tokens, 0], spans[n_tokens, 1] = at + np.int64(i), at + np.int64(stop)
                    spans[n_tokens, 2] = last_length
                n_tokens += 1
            elif stop == here or _has(white, stop):
                is_cut |= is_hard or last_length >= MIN_WORD_BEFORE_STOP
            i = stop
        at += np.int64(i)
    return at, n_tokens, n_units, last_length, is_cut


@inlined
def _read_block(buffer, at, valid):
    """Return what the bytes from at on are: masks, of which only the valid bits are set."""
    digits = bytes_between(buffer, at, 0x30, 0x39) & valid
    letters = (
        bytes_between(buffer, at, 0x41, 0x5A) | bytes_between(buffer, at, 0x61, 0x7A)
    ) & valid
    beyond = bytes_between(buffer, at, 0x80, 0xFF) & valid
    newlines = (
        bytes_between(buffer, at, 0x0A, 0x0D) | bytes_between(buffer, at, 0x1C, 0x1E)
    ) & valid
    white = newlines | ((bytes_like(buffer, at, _TAB) | bytes_like(buffer, at, _SPACE)) & valid)
    stops = bytes_like(buffer, at, _STOP) & valid
    marks = (bytes_like(buffer, at, _EXCLAMATION) | bytes_like(buffer, at, _QUESTION)) & valid
    commas = bytes_like(buffer, at, _COMMA) & valid
    apostrophes = (bytes_like(buffer, at, _APOSTROPHE) | bytes_like(buffer, at, _GRAVE)) & valid
    brackets = (
        bytes_like(buffer, at, _PARENTHESIS)
        | bytes_like(buffer, at, _BRACKET)
        | bytes_like(buffer, at, _BRACE)
    )
    closing = apostrophes | ((brackets | bytes_like(buffer, at, _QUOTE)) & valid)
    odd = beyond | (bytes_like(buffer, at, _PERCENT) & valid)

    plain = letters | digits
    groups = commas & (digits >> _TWO) & (digits >> _THREE) & ~(digits >> _FOUR)
    joints = apostrophes & (plain << _ONE) & (plain >> _ONE)
    joints |= (stops | groups) & (digits << _ONE) & (digits >> _ONE)
    initials = stops & (letters << _ONE) & (letters >> _ONE) & ~((plain | joints) >> _TWO)
    silent = apostrophes | commas
    # Where a word ends only if the full rules say so.
    unclear = beyond | ((silent | stops) & (beyond >> _ONE)) | (stops & (joints >> _TWO))
    unclear |= commas & ((beyond >> _TWO) | (beyond >> _THREE) | (beyond >> _FOUR))
    return (
        plain | joints, digits, silent, initials, stops | marks, stops, marks, closing, white,
        newlines, odd, unclear,
    )  # fmt: skip


@compiled
def _hash_word(buffer, start, length, dropped, basis):
    """Hash a word as ``token_hash`` does, without the bytes that are dropped.

    Returns the hash without its flags, and how many bytes it is of.
    """
    if dropped:
        return _hash_rest(buffer, start, length, dropped, basis)
    state = basis + length
    done = _ZERO
    while done < length:
        kept = min(length - done, _EIGHT)
        eight = load_eight(buffer, start + np.int64(done)) | _SMALL
        state = fold(state, eight & (_ALL >> (_SIXTY_FOUR - _EIGHT * kept)))
        done += _EIGHT
    return mix(state) & _NO_FLAGS, length


@compiled
def _hash_rest(buffer, start, length, dropped, basis):
    size = length
    left = dropped
    while left:
        left &= left - _ONE
        size -= _ONE
    state = basis + size
    block, shift = _ZERO, _ZERO
    for i in range(np.int64(length)):
        if _has(dropped, np.uint64(i)):
            continue
        block |= np.uint64(buffer[start + i] | 0x20) << shift
        shift += _EIGHT
        if shift == _SIXTY_FOUR:
            state = fold(state, block)
            block, shift = _ZERO, _ZERO
    if shift:
        state = fold(state, block)
    return mix(state) & _NO_FLAGS, size
