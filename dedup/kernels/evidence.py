"""What the two bodies of each pair share, as :func:`dedup.match.evidence.measure`.

Each body is read once. Then one's shingles go into a hash table, and every
partner's are looked up there.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import I64, U64, Bools, I64Rows
from dedup.kernels.columns import (
    COLUMNS,
    IS_EQUAL,
    LONGEST,
    NUMBERS_A,
    NUMBERS_B,
    PASSAGES_A,
    PASSAGES_B,
    SHARED_A,
    SHARED_B,
    SHARED_NUMBERS,
    SHARED_SHINGLES,
    SHINGLES_A,
    SHINGLES_B,
    WEIGHT_A,
    WEIGHT_B,
)
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT, UNSPACED

__all__ = ["BodyBatch", "measure_pairs"]

_DIGIT = np.uint64(DIGIT)
_UNSPACED = np.uint64(UNSPACED)
_ZERO, _ONE, _TWENTY = np.uint64(0), np.uint64(1), np.uint64(20)
_THREE, _FOUR, _FORTY = np.uint64(3), np.uint64(4), np.uint64(40)


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
    _measure_pairs(*bodies, pairs, multipliers, min_run_weight, longest, slots, evidence)
    return evidence


@inlined
def _slot(table, mask, key):
    """Return where a key is in the table, or the free slot where it would be."""
    at = (key >> _TWENTY) & mask
    while table[at] != _ZERO and table[at] != key:
        at = (at + _ONE) & mask
    return at


@inlined
def _mask(n):
    """Return the mask of a table with room for n keys, at most half full."""
    slots = 4
    while slots < 2 * n:
        slots *= 2
    return np.uint64(slots - 1)


@inlined
def _filter_place(mask, key):
    """Return a place among four times the slots, by other bits than the slot's."""
    return (key >> _FORTY) & (_FOUR * mask + _THREE)


@compiled
def _fill(table, mask, keys, start, end, places):
    """Put keys into the empty table and write where each is, from 0 on."""
    for i in range(start, end):
        at = _slot(table, mask, keys[i])
        places[i - start] = at
        table[at] = keys[i]


@compiled
def _empty(table, places, n):
    for i in range(n):
        table[places[i]] = _ZERO


@compiled
def _read_body(tokens, is_formula, start, end, multipliers, keys, spots, before, numbers):
    """Write a body's shingles that count, their places, its weights and its numbers.

    ``keys`` and ``spots`` from start on; ``before``, from 0 on: half-words before each
    token. Returns the number of shingles and of ``numbers``, and what counts in half-words.
    """
    n = end - start
    size = min(len(multipliers), n)
    end_of_keys = start + shingle_all(tokens[start:end], n, multipliers, keys[start:end])
    n_keys, n_numbers, counted, until = start, start, 0, start
    weight = 0
    for at in range(start, end):
        token = tokens[at]
        before[at - start] = weight
        own = 1 if token & _UNSPACED else 2
        weight += own
        if at < end_of_keys and not is_formula[at]:
            keys[n_keys] = keys[at]
            spots[n_keys] = at - start
            n_keys += 1
            until = at + size
        if at < until:
            counted += own
            if token & _DIGIT:
                numbers[n_numbers] = token
                n_numbers += 1
    before[n] = weight
    return n_keys, n_numbers, counted


@compiled
def _mark_first(table, keys, start, end, places, is_first):
    """Say of each key whether it stands there for the first time; return how many do."""
    mask = _mask(end - start)
    distinct = 0
    for i in range(start, end):
        at = _slot(table, mask, keys[i])
        is_first[i] = table[at] == _ZERO
        if is_first[i]:
            places[distinct] = at
            distinct += 1
            table[at] = keys[i]
    _empty(table, places, distinct)
    return distinct


@compiled
def _read_bodies(bodies, multipliers, table, places, keys, spots, is_first, before, numbers, own):
    """Write what is needed of each body for its every pair."""
    tokens, offsets, is_formula = bodies
    for body in range(len(offsets) - 1):
        start, end = offsets[body], offsets[body + 1]
        end_keys, end_numbers, counted = _read_body(
            tokens, is_formula, start, end, multipliers, keys, spots, before[start + body :],
            numbers,
        )  # fmt: skip
        distinct_numbers = _mark_first(table, numbers, start, end_numbers, places, is_first)
        at = start
        for i in range(start, end_numbers):
            if is_first[i]:
                numbers[at] = numbers[i]
                at += 1
        distinct = _mark_first(table, keys, start, end_keys, places, is_first)
        own[body, 0], own[body, 1] = end_keys, counted
        own[body, 2], own[body, 3] = distinct, distinct_numbers


@inlined
def _close(before, run_start, until, min_run_weight, total, passages, longest):
    """Count the run of tokens, if it is long enough."""
    run = before[until] - before[run_start]
    if run >= min_run_weight:
        return total + run, passages + 1, max(longest, run)
    return total, passages, longest


@compiled
def _look_up(
    table, mask, may_be, keys, spots, is_first, start, end, before, size, seen, mark,
    min_run_weight,
):  # fmt: skip
    """Look for each of b's shingles; mark those that a has too.

    Returns how many distinct ones a has; the weight in shared passages, their number and
    the weight of the longest.
    """
    found, total, passages, longest, run_start, until = 0, 0, 0, 0, 0, 0
    for i in range(start, end):
        if not may_be[_filter_place(mask, keys[i])]:
            continue
        at = _slot(table, mask, keys[i])
        if table[at] == _ZERO:
            continue
        seen[at] = mark
        found += 1 if is_first[i] else 0
        spot = spots[i]
        if spot > until:
            total, passages, longest = _close(
                before, run_start, until, min_run_weight, total, passages, longest
            )
            run_start = spot
        until = spot + size
    total, passages, longest = _close(
        before, run_start, until, min_run_weight, total, passages, longest
    )
    return found, total, passages, longest


@compiled
def _passages(places, spots, start, end, before, size, seen, mark, min_run_weight):
    """Return the weight in a's shared passages, their number and the weight of the longest."""
    total, passages, longest, run_start, until = 0, 0, 0, 0, 0
    for i in range(start, end):
        if seen[places[i - start]] != mark:
            continue
        spot = spots[i]
        if spot > until:
            total, passages, longest = _close(
                before, run_start, until, min_run_weight, total, passages, longest
            )
            run_start = spot
        until = spot + size
    return _close(before, run_start, until, min_run_weight, total, passages, longest)


@compiled
def _count_shared(table, mask, keys, start, end):
    shared = 0
    for i in range(start, end):
        shared += table[_slot(table, mask, keys[i])] != _ZERO
    return shared


@compiled
def _are_equal(tokens, start_a, start_b, n):
    for i in range(n):
        if tokens[start_a + i] != tokens[start_b + i]:
            return False
    return True


@compiled
def _measure_pairs(
    tokens: U64, offsets: I64, is_formula: Bools, pairs: I64Rows, multipliers: U64,
    min_run_weight: int, longest: int, slots: int, evidence: I64Rows,
) -> None:  # fmt: skip
    bodies = tokens, offsets, is_formula
    n_bodies = len(offsets) - 1
    keys, numbers = np.empty(len(tokens), np.uint64), np.empty(len(tokens), np.uint64)
    spots, is_first = np.empty(len(tokens), np.int32), np.empty(len(tokens), np.uint8)
    before = np.empty(len(tokens) + n_bodies, np.int32)
    own = np.empty((n_bodies, 4), np.int64)
    table, number_table = np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)
    seen, may_be = np.zeros(slots, np.uint32), np.zeros(4 * slots, np.uint8)
    places, places_n = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    _read_bodies(bodies, multipliers, table, places, keys, spots, is_first, before, numbers, own)
    now, filled, filled_n = -1, 0, 0
    mask = mask_n = _ZERO
    for row in range(len(pairs)):
        a, b = pairs[row, 0], pairs[row, 1]
        start_a, n_a = offsets[a], offsets[a + 1] - offsets[a]
        start_b, n_b = offsets[b], offsets[b + 1] - offsets[b]
        end_a, counted_a, distinct_a, numbers_a = own[a, 0], own[a, 1], own[a, 2], own[a, 3]
        end_b, counted_b, distinct_b, numbers_b = own[b, 0], own[b, 1], own[b, 2], own[b, 3]
        if a != now:
            _empty(table, places, filled)
            _empty(number_table, places_n, filled_n)
            now, filled, filled_n = a, end_a - start_a, numbers_a
            mask, mask_n = _mask(filled), _mask(filled_n)
            may_be[: 4 * np.int64(mask) + 4] = 0
            for i in range(start_a, end_a):
                may_be[_filter_place(mask, keys[i])] = 1
            _fill(table, mask, keys, start_a, end_a, places)
            _fill(number_table, mask_n, numbers, start_a, start_a + numbers_a, places_n)
        mark = np.uint32(row + 1)
        out = evidence[row]
        out[IS_EQUAL] = n_a == n_b and n_a > 0 and _are_equal(tokens, start_a, start_b, n_a)
        out[WEIGHT_A], out[WEIGHT_B] = counted_a, counted_b
        out[SHINGLES_A], out[SHINGLES_B] = distinct_a, distinct_b
        out[NUMBERS_A], out[NUMBERS_B] = numbers_a, numbers_b
        out[SHARED_NUMBERS] = _count_shared(
            number_table, mask_n, numbers, start_b, start_b + numbers_b
        )
        size_a, size_b = min(len(multipliers), n_a), min(len(multipliers), n_b)
        out[SHARED_SHINGLES], out[SHARED_B], out[PASSAGES_B], longest_in_b = _look_up(
            table, mask, may_be, keys, spots, is_first, start_b, end_b, before[start_b + b :],
            size_b, seen, mark, min_run_weight,
        )  # fmt: skip
        if out[SHARED_SHINGLES] == 0:
            continue
        out[SHARED_A], out[PASSAGES_A], longest_in_a = _passages(
            places, spots, start_a, end_a, before[start_a + a :], size_a, seen, mark,
            min_run_weight,
        )  # fmt: skip
        out[LONGEST] = min(longest_in_a, longest_in_b)
