"""What the two bodies of each pair share, as :func:`dedup.match.evidence.measure`.

One body's shingles go into a hash table; every partner's are looked up there.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle
from dedup.kernels.constants import DIGIT, UNSPACED

__all__ = ["COLUMNS", "BodyBatch", "measure_pairs"]

#: The columns of the result: the fields of ``Evidence``, in their order.
COLUMNS = 12
(
    _IS_EQUAL, _WEIGHT_A, _WEIGHT_B, _SHARED_A, _SHARED_B, _LONGEST,
    _SHINGLES_A, _SHINGLES_B, _SHARED_SHINGLES, _NUMBERS_A, _NUMBERS_B, _SHARED_NUMBERS,
) = range(COLUMNS)  # fmt: skip
_DIGIT = np.uint64(DIGIT)
_UNSPACED = np.uint64(UNSPACED)
_ZERO = np.uint64(0)


class BodyBatch(NamedTuple):
    """Bodies of n articles.

    ``tokens`` uint64, ``offsets`` int64 of shape (n + 1,), ``is_formula`` bool of the
    tokens' shape: the shingle that starts there is boilerplate of the site.
    """

    tokens: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    is_formula: NDArray[np.bool_]


def measure_pairs(
    bodies: BodyBatch,
    pairs: NDArray[np.int64],
    multipliers: NDArray[np.uint64],
    min_run_weight: int,
) -> NDArray[np.int64]:
    """Count what the bodies of each pair share.

    Parameters
    ----------
    pairs : int64 of shape (m, 2)
        Fastest when sorted by the first column.
    multipliers : uint64 of shape (size,)
        Of the shingles.

    Returns
    -------
    int64 of shape (m, COLUMNS)
    """
    evidence = np.zeros((len(pairs), COLUMNS), np.int64)
    longest = int(np.max(np.diff(bodies.offsets), initial=1))
    slots = 1 << (2 * longest - 1).bit_length()
    _measure_pairs(
        bodies.tokens,
        bodies.offsets,
        bodies.is_formula,
        pairs,
        multipliers,
        min_run_weight,
        (np.empty(longest, np.uint64), np.empty(longest, np.uint64)),
        (np.empty(longest, np.uint64), np.empty(longest, np.uint64)),
        (np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)),
        (np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)),
        (np.zeros(slots, np.int64), np.zeros(slots, np.int64)),
        evidence,
    )
    return evidence


@numba.njit(cache=True, nogil=True)
def _shingles(tokens, is_formula, start, end, multipliers, out):
    """Write the shingles in text order, 0 where they do not count; return their number."""
    n = end - start
    size = min(len(multipliers), n)
    if n == 0:
        return 0
    for i in range(n - size + 1):
        out[i] = _ZERO if is_formula[start + i] else shingle(tokens, start + i, size, multipliers)
    return n - size + 1


@numba.njit(cache=True, nogil=True, inline="always")
def _slot(table, key):
    """Return where a key is in the table, or the free slot where it would be."""
    mask = len(table) - 1
    at = np.int64(key >> np.uint64(20)) & mask
    while table[at] != _ZERO and table[at] != key:
        at = (at + 1) & mask
    return at


@numba.njit(cache=True, nogil=True)
def _fill(table, keys, n):
    """Put the non-zero keys into the empty table; return how many are distinct."""
    distinct = 0
    for i in range(n):
        if keys[i] != _ZERO:
            at = _slot(table, keys[i])
            if table[at] == _ZERO:
                table[at] = keys[i]
                distinct += 1
    return distinct


@numba.njit(cache=True, nogil=True)
def _clear(table, keys, n):
    """Empty the table of keys that were put in, in time linear in them."""
    mask = len(table) - 1
    for i in range(n):
        if keys[i] != _ZERO:
            at = np.int64(keys[i] >> np.uint64(20)) & mask
            while table[at] != _ZERO:
                table[at] = _ZERO
                at = (at + 1) & mask


@numba.njit(cache=True, nogil=True)
def _numbers(tokens, start, n, shingles, n_shingles, size, out):
    """Write counted tokens with a digit (0 for others); return the weight that counts."""
    weight = 0
    until = 0
    for i in range(n):
        if i < n_shingles and shingles[i] != _ZERO:
            until = i + size
        out[i] = _ZERO
        if i < until:
            token = tokens[start + i]
            weight += 1 if token & _UNSPACED else 2
            if token & _DIGIT:
                out[i] = token
    return weight


@numba.njit(cache=True, nogil=True)
def _passages(tokens, start, n, shingles, n_shingles, size, other, min_run_weight):
    """Return the weight in shared passages and the weight of the longest."""
    total, longest, run = 0, 0, 0
    until = 0
    for i in range(n):
        if i < n_shingles and shingles[i] != _ZERO and other[_slot(other, shingles[i])] != _ZERO:
            until = i + size
        if i < until:
            run += 1 if tokens[start + i] & _UNSPACED else 2
        elif run:
            if run >= min_run_weight:
                total += run
                longest = max(longest, run)
            run = 0
    if run >= min_run_weight:
        total += run
        longest = max(longest, run)
    return total, longest


@numba.njit(cache=True, nogil=True)
def _count_shared(table, keys, n, seen, mark):
    """Count the distinct keys that are in the table."""
    count = 0
    for i in range(n):
        if keys[i] != _ZERO:
            at = _slot(table, keys[i])
            if table[at] != _ZERO and seen[at] != mark:
                seen[at] = mark
                count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _are_equal(tokens, start_a, start_b, n):
    for i in range(n):
        if tokens[start_a + i] != tokens[start_b + i]:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def _measure_pairs(
    tokens, offsets, is_formula, pairs, multipliers, min_run_weight,
    keys, figures, shingle_tables, number_tables, seen_tables, evidence,
):  # fmt: skip
    size = len(multipliers)
    keys_a, keys_b = keys
    figures_a, figures_b = figures
    shingles_a, shingles_b = shingle_tables
    numbers_a, numbers_b = number_tables
    seen, seen_numbers = seen_tables
    now = -1
    n_a = m_a = weight_a = distinct_a = distinct_numbers_a = 0
    start_a = offsets[0]
    for row in range(len(pairs)):
        a, b = pairs[row]
        if a != now:
            _clear(shingles_a, keys_a, m_a)
            _clear(numbers_a, figures_a, n_a)
            now = a
            start_a = offsets[a]
            n_a = offsets[a + 1] - start_a
            m_a = _shingles(tokens, is_formula, start_a, offsets[a + 1], multipliers, keys_a)
            weight_a = _numbers(tokens, start_a, n_a, keys_a, m_a, min(size, n_a), figures_a)
            distinct_a = _fill(shingles_a, keys_a, m_a)
            distinct_numbers_a = _fill(numbers_a, figures_a, n_a)
        start_b = offsets[b]
        n_b = offsets[b + 1] - start_b
        m_b = _shingles(tokens, is_formula, start_b, offsets[b + 1], multipliers, keys_b)
        out = evidence[row]
        out[_IS_EQUAL] = n_a == n_b and n_a > 0 and _are_equal(tokens, start_a, start_b, n_a)
        out[_WEIGHT_A] = weight_a
        out[_SHINGLES_A] = distinct_a
        out[_NUMBERS_A] = distinct_numbers_a
        out[_WEIGHT_B] = _numbers(tokens, start_b, n_b, keys_b, m_b, min(size, n_b), figures_b)
        out[_SHINGLES_B] = _fill(shingles_b, keys_b, m_b)
        out[_NUMBERS_B] = _fill(numbers_b, figures_b, n_b)
        out[_SHARED_SHINGLES] = _count_shared(shingles_a, keys_b, m_b, seen, row + 1)
        out[_SHARED_NUMBERS] = _count_shared(numbers_a, figures_b, n_b, seen_numbers, row + 1)
        out[_SHARED_A], longest_in_a = _passages(
            tokens, start_a, n_a, keys_a, m_a, min(size, n_a), shingles_b, min_run_weight
        )
        out[_SHARED_B], longest_in_b = _passages(
            tokens, start_b, n_b, keys_b, m_b, min(size, n_b), shingles_a, min_run_weight
        )
        out[_LONGEST] = min(longest_in_a, longest_in_b)
        _clear(shingles_b, keys_b, m_b)
        _clear(numbers_b, figures_b, n_b)
