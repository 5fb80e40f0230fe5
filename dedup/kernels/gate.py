"""One article at a time, as a filter needs it: its body and its posting keys.

Repeats :func:`dedup.match.body.make_body`, :mod:`dedup.fingerprint` and
:mod:`dedup.index.keys` for a single article, without a batch's set-up.
"""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import hash_unit, shingle_all
from dedup.kernels.arrays import I64, U8, U16, U32, U64, Bools
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import GOLDEN, POWER_BASE, UNSPACED
from dedup.kernels.hashsets import has_each
from dedup.kernels.screening import encode
from dedup.kernels.sorting import sort
from dedup.kernels.stretches import LONGEST_FORM_BYTES
from dedup.kernels.tokenise import NO_SPANS, _tokenise, code_point_table
from dedup.kernels.words import PADDING_BYTES

__all__ = ["TextReader", "body_keys", "cut_article", "outline_article"]

_UNSPACED, _POWER_BASE = np.uint64(UNSPACED), np.uint64(POWER_BASE)
_FAMILY = np.uint64(3)
_EXACT, _SAMPLE = np.uint64(0), np.uint64(2)


class TextReader:
    """Tokenises single texts into buffers that it keeps."""

    def __init__(self, seed: int) -> None:
        self._basis = np.uint64(GOLDEN ^ seed)
        self._offsets = np.zeros(2, np.int64)
        self._ends = np.zeros(2, np.int64), np.zeros(2, np.int64)
        self._grow(1 << 14)

    def read(self, text: str) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        """Return the token hashes of a text and the first token of each unit."""
        encoded = text.encode("utf-8", "surrogatepass")
        raw = np.frombuffer(encoded + bytes(PADDING_BYTES), np.uint8)
        if len(encoded) > self._size:
            self._grow(2 * len(encoded))
        self._offsets[1] = len(encoded)
        tokens, units = self._ends
        _tokenise(
            raw, self._offsets, *code_point_table(), self._basis, self._kinds, self._entries,
            self._forms, self._tokens, NO_SPANS, tokens, self._units, units,
        )  # fmt: skip
        return self._tokens[: tokens[1]], self._units[: units[1]]

    def _grow(self, size: int) -> None:
        self._size = size
        self._kinds = np.empty(size + 5, np.uint8)
        self._entries = np.empty(size + 5, np.uint32)
        self._forms = np.empty(LONGEST_FORM_BYTES * size + 4, np.uint8)
        self._tokens = np.empty(size, np.uint64)
        self._units = np.empty(size, np.uint32)


@compiled
def cut_article(
    tokens: U64, units: U32, cues: Bools, starts: I64, slots: U64, bits: U8, unused: U64,
    multipliers: U64, min_weight: int, out: U64, is_formula: Bools, is_out: Bools,
) -> tuple[int, int, bool]:  # fmt: skip
    """Write the body of an article; return its length, its half-words, and if it has one.

    ``cues``: bool, the units that are chrome by cues, or empty where they do not
    count. ``starts`` and the next three: the :class:`~dedup.kernels.hashsets.HashSets` of
    the units and of the shingles that the site repeats. ``out`` and ``is_formula`` have
    room for all tokens, ``is_out`` for all units.
    """
    at, weight, has_body = _cut(
        tokens, units, cues, starts, slots, bits, unused, min_weight, out, is_formula, is_out
    )
    shingle_slots, shingle_bits = slots[starts[1] :], bits[starts[1] :]
    if has_body and len(shingle_slots):
        hashes = np.empty(at, np.uint64)
        count = shingle_all(out, at, multipliers, hashes)
        has_each(shingle_slots, shingle_bits, unused[1], hashes, count, is_formula)
    return at, weight, has_body


@compiled
def outline_article(
    tokens: U64, units: U32, cues: Bools, starts: I64, slots: U64, bits: U8, unused: U64,
    multipliers: U64, min_weight: int, codes: U16,
) -> int:  # fmt: skip
    """Write the outline of an article's body; return the body's length.

    As :func:`cut_article`; ``codes`` has room for all tokens: what
    :func:`dedup.kernels.screening.screen` asks for.
    """
    body, is_formula = np.empty(len(tokens), np.uint64), np.empty(len(tokens), np.bool_)
    at, _, _ = _cut(
        tokens, units, cues, starts, slots, bits, unused, min_weight, body, is_formula,
        np.empty(len(units), np.bool_),
    )  # fmt: skip
    encode(body[:at], multipliers, codes)
    return at


@compiled
def _cut(
    tokens, units, cues, starts, slots, bits, unused, min_weight, out, is_formula, is_out
):  # fmt: skip
    """Write the words of a body, none of them formula, or all where there is no body."""
    n, m = len(tokens), len(units)
    at, weight = 0, 0
    _mark_chrome(tokens, units, cues, starts, slots, bits, unused, is_out)
    for unit in range(m):
        start = np.int64(units[unit])
        end = np.int64(units[unit + 1]) if unit + 1 < m else n
        if is_out[unit]:
            continue
        for i in range(start, end):
            out[at] = tokens[i]
            weight += 1 if tokens[i] & _UNSPACED else 2
            at += 1
    if weight < min_weight:
        for i in range(n):
            out[i] = tokens[i]
            is_formula[i] = True
        return n, weight, False
    is_formula[:at] = False
    return at, weight, True


@compiled
def _mark_chrome(tokens, units, cues, starts, slots, bits, unused, is_out):
    """Say of each unit whether it is chrome."""
    n, m = len(tokens), len(units)
    is_out[:m] = False
    unit_slots, unit_bits = slots[: starts[1]], bits[: starts[1]]
    if len(unit_slots):
        hashes = np.empty(m, np.uint64)
        for unit in range(m):
            end = np.int64(units[unit + 1]) if unit + 1 < m else n
            hashes[unit] = hash_unit(tokens, np.int64(units[unit]), end)
        has_each(unit_slots, unit_bits, unused[0], hashes, m, is_out)
    if len(cues):
        for unit in range(m):
            is_out[unit] = is_out[unit] or cues[unit]


def body_keys(
    tokens: U64, is_formula: Bools, multipliers: U64, limit: np.uint64, floor: int
) -> U64:
    """Return the posting keys of a body: the exact one, then its sampled shingles'.

    Empty for an empty body.
    """
    keys = np.empty(len(tokens) + 1, np.uint64)
    return keys[: _body_keys(tokens, is_formula, multipliers, limit, floor, keys)].copy()


@compiled
def _body_keys(
    tokens: U64, is_formula: Bools, multipliers: U64, limit: np.uint64, floor: int, keys: U64
) -> int:
    n = len(tokens)
    if n == 0:
        return 0
    digest = np.uint64(n)
    for i in range(n):
        digest = (digest ^ tokens[i]) * _POWER_BASE
        digest ^= digest >> np.uint64(32)
    hashes, below = np.empty(n, np.uint64), np.empty(n, np.uint64)
    n_hashes, n_below = 0, 0
    for i in range(shingle_all(tokens, n, multipliers, hashes)):
        if is_formula[i]:
            continue
        hashed = hashes[i]
        hashes[n_hashes] = hashed
        n_hashes += 1
        if hashed <= limit:
            below[n_below] = hashed
            n_below += 1
    keys[0] = (digest & ~_FAMILY) | _EXACT
    count = _distinct(below[:n_below], n_below, keys)
    if count < floor:
        count = _distinct(hashes[:n_hashes], floor, keys)
    for i in range(1, count + 1):
        keys[i] = (keys[i] & ~_FAMILY) | _SAMPLE
    return count + 1


@compiled
def _distinct(values, most, out):
    """Sort values; write the least ``most`` distinct ones from place 1 on; return their number."""
    sort(values)
    n = 0
    for i in range(len(values)):
        if n == most:
            break
        if i == 0 or values[i] != values[i - 1]:
            n += 1
            out[n] = values[i]
    return n
