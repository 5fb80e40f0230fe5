"""Stretches of text by the full rules: code points looked up in the table.

Repeats :func:`dedup.text.tokenize` and :func:`dedup.shingles.token_hash`; what is
plain ASCII takes a shorter way, :mod:`dedup.kernels.words`.
"""

import numpy as np

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT, UNSPACED
from dedup.text.table import CLASSES
from dedup.text.tokens import MIN_WORD_BEFORE_STOP

__all__ = ["LONGEST_FORM_BYTES", "tokenise_stretch", "write_utf8"]

_L, _D, _S, _X, _I = (CLASSES.index(c) for c in "LDSXI")
_A, _P, _C, _N, _J, _M, _Q, _W = (CLASSES.index(c) for c in "APCNJMQW")
#: A byte of text becomes at most so many of normal form (U+FDFA: 3 become 33).
LONGEST_FORM_BYTES = 12
_NO_FLAGS = np.uint64(0xFFFFFFFFFFFFFFFC)
_DIGIT, _UNSPACED = np.uint64(DIGIT), np.uint64(UNSPACED)
_SIXTY_FOUR = np.uint64(64)


@compiled
def tokenise_stretch(
    buffer, at, end_of_text, kinds, entries, block, entry, sequence, basis, raw,
    tokens, spans, n_tokens, units, n_units, first, last_length, is_cut,
):  # fmt: skip
    """Tokenise up to and including the next white space: no token goes on behind it.

    Returns where that is, and what goes on behind it. Spans are written for as many
    tokens as there are rows for, as by ``tokenise_plain``.
    """
    behind = _end_of_stretch(buffer, at, end_of_text, block, entry)
    n = _decode(buffer, at, behind, block, entry, kinds, entries)
    i, skipped = 0, 0
    while i < n:
        kind = kinds[i]
        if kind == _S:
            end, with_stops = _skip_marks(kinds, i + 1), True
        elif kind == _L or kind == _D:
            end, with_stops = _end_of_acronym(kinds, i) if kind == _L else i, False
            if end == i:
                end, with_stops = _end_of_word(kinds, i), True
        else:
            if kind == _N or kind == _J:
                is_cut = True
                i += 1
            elif kind == _M or kind == _P:
                i, cuts = _end_of_marks(kinds, i, n, last_length)
                is_cut |= cuts
            else:
                i += 1
            continue
        if is_cut:
            units[n_units] = n_tokens - first
            n_units += 1
            is_cut = False
        tokens[n_tokens], last_length = _hash_any(
            entries, kinds, i, end, sequence, basis, with_stops, raw
        )
        if kind == _S:
            tokens[n_tokens] |= _unspaced_flag(entries[i], block, entry, sequence)
        if n_tokens < len(spans):
            spans[n_tokens, 0] = _skip_points(buffer, at, i - skipped)
            at = _skip_points(buffer, spans[n_tokens, 0], end - i)
            spans[n_tokens, 1], spans[n_tokens, 2] = at, last_length
            skipped = end
        n_tokens += 1
        i = end
    return behind, n_tokens, n_units, last_length, is_cut


@compiled
def _end_of_stretch(buffer, i, end, block, entry):
    while i < end:
        byte = buffer[i]
        i += 1
        if byte < 0x80:
            kind = entry[(np.int64(block[0]) << 8) | byte] & 15
            if kind == _W or kind == _N:
                return i
    return end


@compiled
def _decode(buffer, start, end, block, entry, kinds, entries):
    """Write the class and the table entry of each code point; return their number."""
    i, n = start, 0
    while i < end:
        first = buffer[i]
        if first < 0x80:
            found = entry[(np.int64(block[0]) << 8) | first]
            i += 1
        else:
            if first < 0xE0:
                width, value = 2, np.uint32(first & 0x1F)
            elif first < 0xF0:
                width, value = 3, np.uint32(first & 0x0F)
            else:
                width, value = 4, np.uint32(first & 0x07)
            for j in range(1, width):
                value = np.uint32((value << 6) | (buffer[i + j] & 0x3F))
            i += width
            found = entry[(np.int64(block[value >> 8]) << 8) | (value & 255)]
        kinds[n] = found & 15
        entries[n] = found
        n += 1
    kinds[n : n + 5] = 255  # looking ahead never meets a token
    return n


@compiled
def _skip_points(buffer, at, count):
    """Return where so many code points from at on end."""
    for _ in range(count):
        at += 1
        while buffer[at] & 0xC0 == 0x80:  # the zero bytes behind a text end it
            at += 1
    return at


@inlined
def _skip_marks(kinds, i):
    while kinds[i] == _X or kinds[i] == _I:
        i += 1
    return i


@compiled
def _end_of_acronym(kinds, i):
    """Return where the acronym at i ends, or i where there is none."""
    end = i
    j = _skip_marks(kinds, i + 1)
    while kinds[j] == _P and kinds[j + 1] == _L:
        j = _skip_marks(kinds, j + 2)
        if kinds[j] == _L or kinds[j] == _D:
            break
        end = j
    return end


@compiled
def _end_of_word(kinds, i):
    while True:
        kind = kinds[i]
        if kind == _L or kind == _D or kind == _X or kind == _I:
            i += 1
        elif kind == _A:
            if kinds[i + 1] != _L and kinds[i + 1] != _D:
                return i
            i += 1
        elif kind == _P:
            if kinds[i - 1] != _D or kinds[i + 1] != _D:
                return i
            i += 1
        elif kind == _C:
            if kinds[i - 1] != _D or kinds[i + 1] != _D or kinds[i + 2] != _D:
                return i
            if kinds[i + 3] != _D or kinds[i + 4] == _D:
                return i
            i += 1
        else:
            return i


@compiled
def write_utf8(raw, at, point):
    """Write one code point; return where the next goes."""
    if point < 0x80:
        raw[at] = point
        return at + 1
    if point < 0x800:
        raw[at] = 0xC0 | (point >> 6)
        raw[at + 1] = 0x80 | (point & 0x3F)
        return at + 2
    if point < 0x10000:
        raw[at] = 0xE0 | (point >> 12)
        raw[at + 1] = 0x80 | ((point >> 6) & 0x3F)
        raw[at + 2] = 0x80 | (point & 0x3F)
        return at + 3
    raw[at] = 0xF0 | (point >> 18)
    raw[at + 1] = 0x80 | ((point >> 12) & 0x3F)
    raw[at + 2] = 0x80 | ((point >> 6) & 0x3F)
    raw[at + 3] = 0x80 | (point & 0x3F)
    return at + 4


@compiled
def _hash_any(entries, kinds, start, end, sequence, basis, with_stops, raw):
    """Return the hash of code points start to end and its length in code points."""
    length, size = 0, 0
    for i in range(start, end):
        found = entries[i]
        if kinds[i] == _P and not with_stops:
            continue
        count = np.int64((found >> 4) & 31)
        value = np.int64(found >> 9)
        if count == 1:
            size = write_utf8(raw, size, value)
        else:
            for j in range(value, value + count):
                size = write_utf8(raw, size, np.int64(sequence[j]))
        length += count
    flags = np.uint64(0)
    state = basis + np.uint64(size)
    block, shift = np.uint64(0), np.uint64(0)
    for i in range(size):
        if 48 <= raw[i] <= 57:
            flags |= _DIGIT
        block |= np.uint64(raw[i]) << shift
        shift += np.uint64(8)
        if shift == _SIXTY_FOUR:
            state = fold(state, block)
            block, shift = np.uint64(0), np.uint64(0)
    if shift:
        state = fold(state, block)
    return (mix(state) & _NO_FLAGS) | flags, length


@compiled
def _unspaced_flag(found, block, entry, sequence):
    """Return the flag of a token by itself: ``%`` is one, but becomes a word."""
    value = found >> 9
    if (found >> 4) & 31 > 1:
        value = sequence[value]
    own = entry[(np.int64(block[value >> 8]) << 8) | (value & 255)]
    return _UNSPACED if own & 15 == _S else np.uint64(0)


@compiled
def _end_of_marks(kinds, i, n, last_length):
    """Return where the sentence marks at i end and whether they cut a unit."""
    start = i
    has_mark = False
    while kinds[i] == _M or kinds[i] == _P:
        has_mark |= kinds[i] == _M
        i += 1
    is_hard = has_mark or i - start > 1
    while kinds[i] == _Q or kinds[i] == _A:
        i += 1
    is_cut = i >= n or kinds[i] == _W or kinds[i] == _N
    return i, is_cut and (is_hard or last_length >= MIN_WORD_BEFORE_STOP)
