"""Which of many bodies may be anything but distinct from one, told cheaply.

Most bodies that share keys with another share a headline or two. Of those an outline is
enough: 16 bits of a hash of each shingle, which is made of seven bits of each token.
Boilerplate of theirs counts as if it were body, so that nobody has to look for it, and every
token as a whole word: what is shared can only seem more than it is.
"""

import numpy as np

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import F64, I64, U16, U64, Bools
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import GOLDEN, UNSPACED
from dedup.kernels.judging import COPY_COVERAGE, MIN_WORDS, PASSAGE_WORDS, share

__all__ = ["encode", "encode_body", "encode_small", "screen", "small_code"]

_UNSPACED = np.uint64(UNSPACED)
_CODE = np.uint64(48)
_SPREAD, _SIX_BITS, _TWO = np.uint64(GOLDEN), np.uint64(58), np.uint64(2)
_CODES = 1 << 16
_ONE, _THREE, _SEVEN = np.uint16(1), np.uint16(3), np.uint16(7)
_NONE = np.uint8(0)


@compiled
def encode_body(tokens: U64, multipliers: U64, codes: U16) -> int:
    """Write a code of each shingle; return the number of shingles."""
    return encode(tokens, multipliers, codes)


@compiled
def encode(tokens, multipliers, codes):
    """As :func:`encode_body`, for other loops."""
    small = np.empty(len(tokens), np.uint64)
    for i in range(len(tokens)):
        small[i] = np.uint64(small_code(tokens[i]))
    return encode_small(small, len(tokens), multipliers, codes)


@inlined
def small_code(token):
    """Return seven bits of a token, in a byte of which the lowest is free."""
    return np.uint8(((token * _SPREAD) >> _SIX_BITS) << _TWO | (token & _UNSPACED))


@compiled
def encode_small(small, n, multipliers, codes):
    """As :func:`encode_body`, of what is kept of n tokens."""
    hashes = np.empty(n, np.uint64)
    count = shingle_all(small, n, multipliers, hashes)
    for i in range(count):
        codes[i] = np.uint16(hashes[i] >> _CODE)
    return count


@inlined
def _bit(code):
    return np.uint8(_ONE << (code & _SEVEN))


@inlined
def _has(bits, code):
    return bits[code >> _THREE] & _bit(code) != _NONE


@compiled
def screen(
    own_tokens: U64, own_is_formula: Bools, codes: U16, starts: I64, ends: I64, multipliers: U64,
    lines: F64, may_match: Bools,
) -> None:  # fmt: skip
    """Say of each body b whether it may be anything but distinct from the body a.

    Parameters
    ----------
    own_tokens, own_is_formula : uint64 and bool of a's length
    codes : uint16
        In which each b has its place, as :func:`encode_body` writes them.
    starts, ends : int64 of shape (n,)
        Of each b, in tokens.
    lines : float64
        As for :func:`dedup.kernels.against.measure_against`.
    may_match : bool of shape (n,)
        Where it is False, that finds the pair distinct, whatever is formula in b.
    """
    size_a = min(len(multipliers), len(own_tokens))
    own_codes = np.empty(len(own_tokens), np.uint16)
    in_a, in_b = np.zeros(_CODES // 8, np.uint8), np.zeros(_CODES // 8, np.uint8)
    counted, until, again = 0, 0, 0
    end = encode(own_tokens, multipliers, own_codes)
    for i in range(len(own_tokens)):
        if i < end and not own_is_formula[i]:
            again += 1 if _has(in_a, own_codes[i]) else 0
            in_a[own_codes[i] >> _THREE] |= _bit(own_codes[i])
            until = i + size_a
        if i < until:
            counted += 1 if own_tokens[i] & _UNSPACED else 2
    hits = np.empty(1, np.uint16)

    for b in range(len(starts)):
        its = codes[starts[b] : ends[b]]
        size = min(len(multipliers), len(its))
        may_match[b] = len(its) == len(own_tokens) and _is_same(own_codes, its, end)
        if may_match[b] or counted < 2 * lines[MIN_WORDS]:
            continue
        if len(hits) < len(its):
            hits = np.empty(2 * len(its), np.uint16)
        n_hits, longest = _shared(its, size, in_a, hits)
        may_match[b] = longest >= 2 * lines[PASSAGE_WORDS]
        # A shingle of a covers no more than its own words, wherever it stands in a.
        most = 2 * size_a * (n_hits + again)
        if may_match[b] or share(most, counted) < lines[COPY_COVERAGE]:
            continue
        for i in range(n_hits):
            in_b[hits[i] >> _THREE] |= _bit(hits[i])
        most = _covered(own_tokens, own_codes, own_is_formula, size_a, in_b)
        may_match[b] = share(most, counted) >= lines[COPY_COVERAGE]
        for i in range(n_hits):
            in_b[hits[i] >> _THREE] = _NONE


@compiled
def _is_same(codes, others, n):
    for i in range(n):
        if codes[i] != others[i]:
            return False
    return n > 0


@compiled
def _shared(codes, size, in_a, hits):
    """Write b's shingles that a may have; return how many, and the longest run's half-words."""
    n_hits, longest, start, until = 0, 0, 0, 0
    for i in range(len(codes) - size + 1 if size else 0):
        if _has(in_a, codes[i]):
            hits[n_hits] = codes[i]
            n_hits += 1
            if i > until:
                longest = max(longest, until - start)
                start = i
            until = i + size
    # No token weighs more than two.
    return n_hits, 2 * max(longest, until - start)


@compiled
def _covered(tokens, codes, is_formula, size, in_b):
    """Return how many half-words of a stand in shingles that b may have."""
    total, until = 0, 0
    for i in range(len(tokens)):
        if i <= len(tokens) - size and not is_formula[i] and _has(in_b, codes[i]):
            until = i + size
        if i < until:
            total += 1 if tokens[i] & _UNSPACED else 2
    return total
