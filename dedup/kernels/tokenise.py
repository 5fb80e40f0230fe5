"""Tokens, units and their hashes from one buffer of UTF-8 texts.

Repeats :func:`dedup.text.tokenize` and :func:`dedup.shingles.token_hash`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import fold, mix
from dedup.kernels.arrays import I64, U8, U16, U32, U64
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT, GOLDEN, UNSPACED
from dedup.kernels.words import PADDING_BYTES, read_word
from dedup.text import load_code_points
from dedup.text.table import CLASSES
from dedup.text.tokens import MIN_WORD_BEFORE_STOP

__all__ = ["TokenBatch", "join_batches", "tokenise_batch", "tokenise_texts"]

_L, _D, _S, _X, _I = (CLASSES.index(c) for c in "LDSXI")
_A, _P, _C, _N, _J, _M, _Q, _W = (CLASSES.index(c) for c in "APCNJMQW")
_O = CLASSES.index("O")
#: The class of the bytes of code points beyond ASCII, until they are decoded.
_HIGH = 254
#: A byte of text becomes at most so many of normal form (U+FDFA: 3 become 33).
LONGEST_FORM_BYTES = 12
_NO_FLAGS = np.uint64(0xFFFFFFFFFFFFFFFC)
_DIGIT, _UNSPACED = np.uint64(DIGIT), np.uint64(UNSPACED)
_SIXTY_FOUR = np.uint64(64)


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Hashed tokens of n texts, one text after another.

    Attributes
    ----------
    tokens : uint64
    token_offsets : int64 of shape (n + 1,)
    units : uint32
        First token of each unit, counted within its text.
    unit_offsets : int64 of shape (n + 1,)
    """

    tokens: NDArray[np.uint64]
    token_offsets: NDArray[np.int64]
    units: NDArray[np.uint32]
    unit_offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.token_offsets) - 1

    def tokens_of(self, i: int) -> NDArray[np.uint64]:
        """Return the token hashes of text i."""
        return self.tokens[self.token_offsets[i] : self.token_offsets[i + 1]]

    def units_of(self, i: int) -> NDArray[np.uint32]:
        """Return the first tokens of the units of text i."""
        return self.units[self.unit_offsets[i] : self.unit_offsets[i + 1]]


@cache
def _table() -> tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint32]]:
    points = load_code_points()
    return (
        np.frombuffer(points.block, np.uint16),
        np.frombuffer(points.entry, np.uint32),
        np.frombuffer(points.sequence, np.uint32),
    )


def tokenise_batch(
    buffer: NDArray[np.uint8], offsets: NDArray[np.int64], seed: int = 0
) -> TokenBatch:
    """Tokenise the texts ``buffer[offsets[i]:offsets[i + 1]]``.

    Parameters
    ----------
    buffer : uint8
        UTF-8 (lone surrogates as three bytes each are separators). Copied unless
        ``PADDING_BYTES`` more bytes follow the last text.
    offsets : int64 of shape (n + 1,)
    seed : int
        Of the recipe.
    """
    if len(buffer) < offsets[-1] + PADDING_BYTES:
        buffer = np.concatenate((buffer, np.zeros(PADDING_BYTES, np.uint8)))
    size = int(offsets[-1] - offsets[0])
    longest = int(np.max(np.diff(offsets), initial=0))
    tokens = np.empty(size, np.uint64)
    units = np.empty(size, np.uint32)
    token_offsets = np.zeros(len(offsets), np.int64)
    unit_offsets = np.zeros(len(offsets), np.int64)
    _tokenise(
        buffer,
        offsets,
        *_table(),
        np.uint64(GOLDEN ^ seed),
        np.empty(longest + 5, np.uint8),
        np.empty(longest + 5, np.uint32),
        np.empty(LONGEST_FORM_BYTES * longest + 4, np.uint8),
        tokens,
        token_offsets,
        units,
        unit_offsets,
    )
    return TokenBatch(
        tokens[: token_offsets[-1]].copy(),
        token_offsets,
        units[: unit_offsets[-1]].copy(),
        unit_offsets,
    )


def tokenise_texts(texts: Sequence[str], seed: int = 0) -> TokenBatch:
    """Tokenise strings."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(raw) for raw in encoded], out=offsets[1:])
    padded = b"".join([*encoded, bytes(PADDING_BYTES)])
    return tokenise_batch(np.frombuffer(padded, np.uint8), offsets, seed)


def join_batches(batches: Sequence[TokenBatch]) -> TokenBatch:
    """Put batches one after another."""
    if not batches:
        return tokenise_texts([])
    return TokenBatch(
        np.concatenate([batch.tokens for batch in batches]),
        _joined([batch.token_offsets for batch in batches]),
        np.concatenate([batch.units for batch in batches]),
        _joined([batch.unit_offsets for batch in batches]),
    )


def _joined(offsets: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    lengths = np.concatenate([np.diff(part) for part in offsets])
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


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
def _write_utf8(raw, at, point):
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
            size = _write_utf8(raw, size, value)
        else:
            for j in range(value, value + count):
                size = _write_utf8(raw, size, np.int64(sequence[j]))
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


@compiled
def _classes_of_bytes(block, entry):
    """Return the class of each byte that is a code point by itself."""
    kind_of = np.full(256, _HIGH, np.uint8)
    for byte in range(128):
        kind_of[byte] = entry[(np.int64(block[0]) << 8) | byte] & 15
    return kind_of


@inlined
def _ends_plainly(buffer, i, end, kind_of):
    """Say whether an ASCII word that stops before i is a token, whatever follows."""
    if i == end:
        return True
    kind = kind_of[buffer[i]]
    if kind == _P:
        return i + 1 < end and (kind_of[buffer[i + 1]] == _W or kind_of[buffer[i + 1]] == _N)
    if kind == _C or kind == _A:
        if i + 1 == end:
            return True
        after = kind_of[buffer[i + 1]]
        return after != _L and after != _D and after != _HIGH
    return kind != _HIGH


@compiled
def _end_of_stretch(buffer, i, end, kind_of):
    """Return where a stretch up to and including white space ends: no token goes on behind it."""
    while i < end:
        kind = kind_of[buffer[i]]
        i += 1
        if kind == _W or kind == _N:
            return i
    return end


@compiled
def _tokenise_stretch(
    kinds, entries, n, block, entry, sequence, basis, raw,
    tokens, n_tokens, units, n_units, first, last_length, is_cut,
):  # fmt: skip
    """Tokenise n decoded code points by the full rules; return what goes on behind them."""
    i = 0
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
        n_tokens += 1
        i = end
    return n_tokens, n_units, last_length, is_cut


@compiled
def _tokenise(
    buffer: U8, offsets: I64, block: U16, entry: U32, sequence: U32, basis: np.uint64,
    kinds: U8, entries: U32, raw: U8, tokens: U64, token_offsets: I64, units: U32,
    unit_offsets: I64,
) -> None:  # fmt: skip
    kind_of = _classes_of_bytes(block, entry)
    n_tokens, n_units = 0, 0
    for text in range(len(offsets) - 1):
        first = n_tokens
        last_length = 0
        is_cut = True
        at, end_of_text = offsets[text], offsets[text + 1]
        while at < end_of_text:
            kind = kind_of[buffer[at]]
            if kind == _W or kind == _O or kind == _Q or kind == _C or kind == _A:
                at += 1
                continue
            if kind == _N:
                is_cut = True
                at += 1
                continue
            is_plain, end, hashed = False, at, basis
            if kind == _L or kind == _D:
                hashed, end = read_word(buffer, at, end_of_text, basis)
                is_plain = _ends_plainly(buffer, end, end_of_text, kind_of)
            if is_plain:
                if is_cut:
                    units[n_units] = n_tokens - first
                    n_units += 1
                    is_cut = False
                tokens[n_tokens] = hashed
                n_tokens += 1
                last_length = end - at
                at = end
                if end < end_of_text and kind_of[buffer[end]] == _P:
                    is_cut = last_length >= MIN_WORD_BEFORE_STOP
                    at += 1
                continue
            end = _end_of_stretch(buffer, at, end_of_text, kind_of)
            n = _decode(buffer, at, end, block, entry, kinds, entries)
            n_tokens, n_units, last_length, is_cut = _tokenise_stretch(
                kinds, entries, n, block, entry, sequence, basis, raw,
                tokens, n_tokens, units, n_units, first, last_length, is_cut,
            )  # fmt: skip
            at = end
        token_offsets[text + 1] = n_tokens
        unit_offsets[text + 1] = n_units
