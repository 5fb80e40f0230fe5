"""What one body shares with each of many, and what it is to each.

Most bodies that share keys with another share little else. So of each only the runs of
shared shingles are counted first; all evidence is, where those leave a relation possible.
"""

import numpy as np

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import F64, I64, U64, Bools, I64Rows
from dedup.kernels.columns import (
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
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import DIGIT, UNSPACED
from dedup.kernels.judging import (
    COPY_COVERAGE,
    DISTINCT,
    IDENTICAL,
    PASSAGE_WORDS,
    judged,
    share,
    strength,
)
from dedup.kernels.tables import (
    _count_shared,
    _fill,
    _filter_place,
    _mark_first,
    _mask,
    _passages,
    _read_body,
    _slot,
)

__all__ = ["measure_against"]

_DIGIT, _UNSPACED = np.uint64(DIGIT), np.uint64(UNSPACED)
_ZERO = np.uint64(0)


@compiled
def _first_distinct(table, keys, n, places, is_first):
    """Move the distinct ones of n keys to the front; return their number."""
    _mark_first(table, keys, 0, n, places, is_first)
    at = 0
    for i in range(n):
        if is_first[i]:
            keys[at] = keys[i]
            at += 1
    return at


@compiled
def _is_same(tokens, other):
    """Say whether two bodies have the very same words."""
    if len(tokens) != len(other) or len(tokens) == 0:
        return False
    for i in range(len(tokens)):
        if tokens[i] != other[i]:
            return False
    return True


@compiled
def _weigh(tokens, start, end, min_run_weight, total, passages, longest):
    """Count a run of tokens, if it is long enough."""
    run = 0
    for i in range(start, end):
        run += 1 if tokens[i] & _UNSPACED else 2
    if run >= min_run_weight:
        return total + run, passages + 1, max(longest, run)
    return total, passages, longest


@compiled
def _weigh_uncommon(tokens, n, is_formula):
    """Return the half-words of the n first tokens where no boilerplate starts."""
    total = 0
    for i in range(n):
        if not is_formula[i]:
            total += 1 if tokens[i] & _UNSPACED else 2
    return total


@compiled
def _runs(tokens, keys, n, is_formula, size, table, mask, may_be, min_run_weight, seen, mark):
    """Look for each of b's n shingles among a's, and mark those that are there.

    The others that are no boilerplate move to the front of ``keys``. Returns how many
    distinct ones a has, and how many the others are; the weight in shared passages, their
    number and the weight of the longest.
    """
    found, n_others, total, passages, longest, start, until = 0, 0, 0, 0, 0, 0, 0
    for i in range(n):
        if is_formula[i]:
            continue
        if not may_be[_filter_place(mask, keys[i])]:
            keys[n_others] = keys[i]
            n_others += 1
            continue
        at = _slot(table, mask, keys[i])
        if table[at] == _ZERO:
            keys[n_others] = keys[i]
            n_others += 1
            continue
        found += 1 if seen[at] != mark else 0
        seen[at] = mark
        if i > until:
            total, passages, longest = _weigh(
                tokens, start, until, min_run_weight, total, passages, longest
            )
            start = i
        until = i + size
    total, passages, longest = _weigh(
        tokens, start, until, min_run_weight, total, passages, longest
    )
    return found, n_others, total, passages, longest


@compiled
def _count(tokens, is_formula, size, numbers):
    """Write a body's numbers; return how many they are, and what counts in half-words."""
    n_numbers, counted, until = 0, 0, 0
    for i in range(len(tokens)):
        if i <= len(tokens) - size and not is_formula[i]:
            until = i + size
        if i < until:
            counted += 1 if tokens[i] & _UNSPACED else 2
            if tokens[i] & _DIGIT:
                numbers[n_numbers] = tokens[i]
                n_numbers += 1
    return n_numbers, counted


@compiled
def measure_against(
    own_tokens: U64, own_is_formula: Bools, tokens: U64, is_formula: Bools, starts: I64, ends: I64,
    multipliers: U64, min_run_weight: int, lines: F64, evidence: I64Rows, relations: I64,
    strengths: F64,
) -> None:  # fmt: skip
    """Measure and judge the pairs of one body a with each body b.

    Parameters
    ----------
    own_tokens, own_is_formula : uint64 and bool of a's length
    tokens, is_formula : uint64 and bool
        In which each b has its place.
    starts, ends : int64 of shape (n,)
        Of each b.
    lines : float64
        A policy's fields, as :data:`dedup.kernels.judging.LINES` names them.
    evidence : int64 of shape (n, COLUMNS), zeros
        The fields of ``Evidence``; stays as it is where nothing but ``DISTINCT`` is possible.
    relations : int64 of shape (n,)
    strengths : float64 of shape (n,)
        As of ``Match``; of distinct pairs 0.
    """
    n_a, longest = len(own_tokens), 1
    for b in range(len(starts)):
        longest = max(longest, ends[b] - starts[b])
    most = max(n_a, longest)
    size_a = min(len(multipliers), n_a)
    keys_a, numbers_a = np.empty(n_a, np.uint64), np.empty(n_a, np.uint64)
    spots_a, before_a = np.empty(n_a, np.int32), np.empty(n_a + 1, np.int32)
    keys, numbers = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    is_first, spare = np.empty(most, np.uint8), np.empty(most, np.uint64)
    scratch = np.zeros(np.int64(_mask(most)) + 1, np.uint64)

    end_a, end_numbers_a, counted_a = _read_body(
        own_tokens, own_is_formula, 0, n_a, multipliers, keys_a, spots_a, before_a, numbers_a
    )
    distinct_numbers_a = _first_distinct(scratch, numbers_a, end_numbers_a, spare, is_first)
    distinct_a = _mark_first(scratch, keys_a, 0, end_a, spare, is_first)
    mask, mask_n = _mask(end_a), _mask(distinct_numbers_a)
    table = np.zeros(np.int64(mask) + 1, np.uint64)
    may_be = np.zeros(4 * np.int64(mask) + 4, np.uint8)
    seen = np.zeros(np.int64(mask) + 1, np.uint32)
    number_table = np.zeros(np.int64(mask_n) + 1, np.uint64)
    places_a = np.empty(n_a, np.uint64)
    for i in range(end_a):
        may_be[_filter_place(mask, keys_a[i])] = 1
    _fill(table, mask, keys_a, 0, end_a, places_a)
    _fill(number_table, mask_n, numbers_a, 0, distinct_numbers_a, spare)

    for b in range(len(starts)):
        start, end = starts[b], ends[b]
        n_b = end - start
        its = tokens[start:end]
        size_b = min(len(multipliers), n_b)
        is_equal = _is_same(own_tokens, its)
        its_formula = is_formula[start:end]
        n_keys, mark = shingle_all(its, n_b, multipliers, keys), np.uint32(b + 1)
        found, n_others, total, passages, longest_b = _runs(
            its, keys, n_keys, its_formula, size_b, table, mask, may_be, min_run_weight, seen, mark
        )
        relations[b], strengths[b] = DISTINCT, 0.0
        may_be_long = is_equal or longest_b >= 2 * lines[PASSAGE_WORDS]
        # Each shingle that counts has a token of its own that does.
        if not may_be_long and (
            share(total, _weigh_uncommon(its, n_keys, its_formula)) < lines[COPY_COVERAGE]
        ):
            continue
        shared_a, passages_a, longest_a = _passages(
            places_a, spots_a, 0, end_a, before_a, size_a, seen, mark, min_run_weight
        )
        if not may_be_long and share(shared_a, counted_a) < lines[COPY_COVERAGE]:
            continue
        out = evidence[b]
        # Of a copy's shingles few are not a's.
        distinct_b = found + _mark_first(scratch, keys, 0, n_others, spare, is_first)
        end_numbers_b, counted_b = _count(its, its_formula, size_b, numbers)
        distinct_numbers_b = _first_distinct(scratch, numbers, end_numbers_b, spare, is_first)
        out[IS_EQUAL] = 1 if is_equal else 0
        out[WEIGHT_A], out[WEIGHT_B] = counted_a, counted_b
        out[SHARED_A], out[SHARED_B] = shared_a, total
        out[PASSAGES_A], out[PASSAGES_B] = passages_a, passages
        out[LONGEST] = min(longest_a, longest_b)
        out[SHINGLES_A], out[SHINGLES_B] = distinct_a, distinct_b
        out[SHARED_SHINGLES] = found
        out[NUMBERS_A], out[NUMBERS_B] = distinct_numbers_a, distinct_numbers_b
        out[SHARED_NUMBERS] = _count_shared(number_table, mask_n, numbers, 0, distinct_numbers_b)
        relations[b] = judged(out, lines)
        if relations[b] == IDENTICAL:
            strengths[b] = 1.0
        elif relations[b] != DISTINCT:
            strengths[b] = strength(out)
