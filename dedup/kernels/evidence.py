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
COLUMNS = 14
(
    _IS_EQUAL, _WEIGHT_A, _WEIGHT_B, _SHARED_A, _SHARED_B, _PASSAGES_A, _PASSAGES_B, _LONGEST,
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
        longest,
        slots,
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
def _fill(table, keys, places, n):
    """Put the non-zero keys into the empty table and write where each is.

    Returns how many are distinct.
    """
    distinct = 0
    for i in range(n):
        if keys[i] != _ZERO:
            at = _slot(table, keys[i])
            places[i] = at
            if table[at] == _ZERO:
                table[at] = keys[i]
                distinct += 1
    return distinct


@numba.njit(cache=True, nogil=True)
def _look_up(table, keys, n, places, seen, mark):
    """Write where each non-zero key is in the table, or -1; mark those found.

    Returns how many distinct keys were found.
    """
    found = 0
    for i in range(n):
        places[i] = -1
        if keys[i] != _ZERO:
            at = _slot(table, keys[i])
            if table[at] != _ZERO:
                places[i] = at
                if seen[at] != mark:
                    seen[at] = mark
                    found += 1
    return found


@numba.njit(cache=True, nogil=True)
def _count_distinct(table, keys, places, n):
    """Return how many distinct non-zero keys there are; the table is left empty."""
    distinct = _fill(table, keys, places, n)
    _empty(table, keys, places, n)
    return distinct


@numba.njit(cache=True, nogil=True)
def _empty(table, keys, places, n):
    for i in range(n):
        if keys[i] != _ZERO:
            table[places[i]] = _ZERO


@numba.njit(cache=True, nogil=True)
def _numbers(tokens, start, n, shingles, n_shingles, size, out):
    """Write the counted tokens with a digit.

    Returns how many they are, and the weight of all counted tokens.
    """
    weight, until, n_out = 0, 0, 0
    for i in range(n):
        if i < n_shingles and shingles[i] != _ZERO:
            until = i + size
        if i < until:
            token = tokens[start + i]
            weight += 1 if token & _UNSPACED else 2
            if token & _DIGIT:
                out[n_out] = token
                n_out += 1
    return n_out, weight


@numba.njit(cache=True, nogil=True)
def _passages(tokens, start, n, keys, places, n_shingles, size, seen, mark, min_run_weight):
    """Return the weight in shared passages, their number and the weight of the longest.

    A shingle is shared where ``seen`` has the mark at its place (a's side), or
    where its place is not -1 (b's side, which has no ``seen``).
    """
    total, passages, longest, run, until = 0, 0, 0, 0, 0
    for i in range(n):
        if (
            i < n_shingles
            and keys[i] != _ZERO
            and places[i] >= 0
            and (len(seen) == 0 or seen[places[i]] == mark)
        ):
            until = i + size
        if i < until:
            run += 1 if tokens[start + i] & _UNSPACED else 2
        elif run:
            if run >= min_run_weight:
                total += run
                passages += 1
                longest = max(longest, run)
            run = 0
    if run >= min_run_weight:
        total += run
        passages += 1
        longest = max(longest, run)
    return total, passages, longest


@numba.njit(cache=True, nogil=True)
def _are_equal(tokens, start_a, start_b, n):
    for i in range(n):
        if tokens[start_a + i] != tokens[start_b + i]:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def _measure_pairs(
    tokens, offsets, is_formula, pairs, multipliers, min_run_weight, longest, slots, evidence
):  # fmt: skip
    size = len(multipliers)
    keys_a, keys_b = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    numbers_a, numbers_b = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    places_a, places_b = np.empty(longest, np.int64), np.empty(longest, np.int64)
    places_n, nowhere = np.empty(longest, np.int64), np.empty(0, np.int64)
    shingles, numbers = np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)
    own, own_numbers = np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)
    seen, seen_numbers = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
    places_of_numbers = np.empty(longest, np.int64)
    now = -1
    n_a = m_a = k_a = weight_a = distinct_a = distinct_numbers_a = 0
    start_a = offsets[0]
    for row in range(len(pairs)):
        a, b = pairs[row]
        if a != now:
            _empty(shingles, keys_a, places_a, m_a)
            _empty(numbers, numbers_a, places_n, k_a)
            now = a
            start_a = offsets[a]
            n_a = offsets[a + 1] - start_a
            m_a = _shingles(tokens, is_formula, start_a, offsets[a + 1], multipliers, keys_a)
            k_a, weight_a = _numbers(tokens, start_a, n_a, keys_a, m_a, min(size, n_a), numbers_a)
            distinct_a = _fill(shingles, keys_a, places_a, m_a)
            distinct_numbers_a = _fill(numbers, numbers_a, places_n, k_a)
        start_b = offsets[b]
        n_b = offsets[b + 1] - start_b
        m_b = _shingles(tokens, is_formula, start_b, offsets[b + 1], multipliers, keys_b)
        k_b, weight_b = _numbers(tokens, start_b, n_b, keys_b, m_b, min(size, n_b), numbers_b)
        mark = row + 1
        out = evidence[row]
        out[_IS_EQUAL] = n_a == n_b and n_a > 0 and _are_equal(tokens, start_a, start_b, n_a)
        out[_WEIGHT_A], out[_WEIGHT_B] = weight_a, weight_b
        out[_SHINGLES_A], out[_NUMBERS_A] = distinct_a, distinct_numbers_a
        out[_SHINGLES_B] = _count_distinct(own, keys_b, places_b, m_b)
        out[_NUMBERS_B] = _count_distinct(own_numbers, numbers_b, places_of_numbers, k_b)
        out[_SHARED_SHINGLES] = _look_up(shingles, keys_b, m_b, places_b, seen, mark)
        out[_SHARED_NUMBERS] = _look_up(
            numbers, numbers_b, k_b, places_of_numbers, seen_numbers, mark
        )
        if out[_SHARED_SHINGLES] == 0:
            continue
        out[_SHARED_A], out[_PASSAGES_A], longest_in_a = _passages(
            tokens, start_a, n_a, keys_a, places_a, m_a, min(size, n_a), seen, mark,
            min_run_weight,
        )  # fmt: skip
        out[_SHARED_B], out[_PASSAGES_B], longest_in_b = _passages(
            tokens, start_b, n_b, keys_b, places_b, m_b, min(size, n_b), nowhere, mark,
            min_run_weight,
        )  # fmt: skip
        out[_LONGEST] = min(longest_in_a, longest_in_b)
