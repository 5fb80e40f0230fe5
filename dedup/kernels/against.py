"""What one body shares with each of many, and what it is to each.

Most bodies that share keys with another share little else. So of each only the runs of
shared shingles are counted first; all evidence is, where those leave a relation possible.
"""

import numpy as np

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import F64, I64, U64, Bools, I64Rows
from dedup.kernels.body_keys import (
    count_words,
    drop_formulas,
    drop_repeated,
    has_any,
    is_same,
    number_plainly,
    weigh,
    weigh_the_same,
)
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
from dedup.kernels.constants import UNSPACED
from dedup.kernels.judging import (
    COPY_COVERAGE,
    DISTINCT,
    IDENTICAL,
    PASSAGE_WORDS,
    judged,
    share,
    strength,
)
from dedup.kernels.numbered import count_shared, fill, slots_for
from dedup.kernels.shared import count_marked, look_up, passages

__all__ = ["measure_against"]

_UNSPACED, _ZERO = np.uint64(UNSPACED), np.uint64(0)


@compiled
def _weigh_uncommon(tokens, n, is_formula):
    """Return the half-words of the n first tokens where no boilerplate starts."""
    total = 0
    for i in range(n):
        if not is_formula[i]:
            total += 1 if tokens[i] & _UNSPACED else 2
    return total


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
    spare_table, spare_repeats = np.empty(slots_for(most), np.int32), np.empty((most, 2), np.int32)
    plain_spots, plain_before = np.empty(most, np.int32), np.empty(most + 1, np.int32)
    number_plainly(plain_spots, plain_before)

    keys_a, numbers_a = np.empty(n_a, np.uint64), np.empty(n_a, np.uint64)
    spots_a, before_a = plain_spots, plain_before
    size_a = min(len(multipliers), n_a)
    n_all_a = shingle_all(own_tokens, n_a, multipliers, keys_a)
    n_keys_a = n_all_a
    has_formulas, are_alike = has_any(own_is_formula[:n_all_a]), weigh_the_same(own_tokens)
    if not are_alike:
        before_a = np.empty(n_a + 1, np.int32)
        weigh(own_tokens, before_a)
    if has_formulas:
        spots_a = np.empty(n_a, np.int32)
        n_keys_a = drop_formulas(keys_a[:n_all_a], own_is_formula, spots_a)
    counted_a, n_numbers_a = count_words(
        own_tokens, own_is_formula, n_all_a, are_alike and not has_formulas, numbers_a
    )
    keys_a, spots_a = keys_a[:n_keys_a], spots_a[:n_keys_a]
    numbers_a = numbers_a[: drop_repeated(numbers_a[:n_numbers_a], spare_table, spare_repeats)]
    table, number_table = (
        np.empty(slots_for(n_keys_a), np.int32),
        np.empty(slots_for(len(numbers_a)), np.int32),
    )
    repeats = np.empty((n_keys_a, 2), np.int32)
    n_repeats = fill(table, keys_a, repeats)
    fill(number_table, numbers_a, spare_repeats)
    eights = np.empty(n_keys_a // 8 + 1, np.uint64)
    is_shared = eights.view(np.uint8)

    all_keys, others = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    numbers = np.empty(longest, np.uint64)
    its_spots, its_before = np.empty(longest, np.int32), np.empty(longest + 1, np.int32)
    for b in range(len(starts)):
        its, its_formula = tokens[starts[b] : ends[b]], is_formula[starts[b] : ends[b]]
        n_b = len(its)
        size_b = min(len(multipliers), n_b)
        is_equal = is_same(own_tokens, its)
        n_all = shingle_all(its, n_b, multipliers, all_keys)
        has_formulas, are_alike = has_any(its_formula[:n_all]), weigh_the_same(its)
        n_keys, uncommon, spots, before = n_all, 2 * n_all, plain_spots, plain_before
        if not are_alike:
            before = its_before
            weigh(its, before)
        if has_formulas:
            spots = its_spots
            n_keys = drop_formulas(all_keys[:n_all], its_formula, spots)
        if has_formulas or not are_alike:
            # Each shingle that counts has a token of its own that does.
            uncommon = _weigh_uncommon(its, n_all, its_formula)
        keys = all_keys[:n_keys]
        for block in range(len(eights)):
            eights[block] = _ZERO
        n_others, total, passages_b, longest_b = look_up(
            table, keys_a, keys, spots, before, size_b, is_shared, others, min_run_weight
        )
        relations[b], strengths[b] = DISTINCT, 0.0
        may_be_long = is_equal or longest_b >= 2 * lines[PASSAGE_WORDS]
        if not may_be_long and share(total, uncommon) < lines[COPY_COVERAGE]:
            continue
        shared = count_marked(is_shared, eights, repeats, n_repeats)
        shared_a, passages_a, longest_a = passages(
            spots_a, before_a, size_a, is_shared, eights, min_run_weight
        )
        if not may_be_long and share(shared_a, counted_a) < lines[COPY_COVERAGE]:
            continue
        counted_b, n_numbers = count_words(
            its, its_formula, n_all, are_alike and not has_formulas, numbers
        )
        n_numbers = drop_repeated(numbers[:n_numbers], spare_table, spare_repeats)
        out = evidence[b]
        out[IS_EQUAL] = 1 if is_equal else 0
        out[WEIGHT_A], out[WEIGHT_B] = counted_a, counted_b
        out[SHARED_A], out[SHARED_B] = shared_a, total
        out[PASSAGES_A], out[PASSAGES_B] = passages_a, passages_b
        out[LONGEST] = min(longest_a, longest_b)
        out[SHINGLES_A] = n_keys_a - n_repeats
        # Of a copy's shingles few are not a's.
        out[SHINGLES_B] = shared + drop_repeated(others[:n_others], spare_table, spare_repeats)
        out[SHARED_SHINGLES] = shared
        out[NUMBERS_A], out[NUMBERS_B] = len(numbers_a), n_numbers
        out[SHARED_NUMBERS] = count_shared(number_table, numbers_a, numbers[:n_numbers])
        relations[b] = judged(out, lines)
        if relations[b] == IDENTICAL:
            strengths[b] = 1.0
        elif relations[b] != DISTINCT:
            strengths[b] = strength(out)
