"""A body's shingles in a hash table, and what another body has of them."""

import numpy as np

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.constants import DIGIT, UNSPACED

_DIGIT = np.uint64(DIGIT)
_UNSPACED = np.uint64(UNSPACED)
_ZERO, _ONE, _TWENTY = np.uint64(0), np.uint64(1), np.uint64(20)
_THREE, _FOUR, _FORTY = np.uint64(3), np.uint64(4), np.uint64(40)


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


@inlined
def _close(before, run_start, until, min_run_weight, total, passages, longest):
    """Count the run of tokens, if it is long enough."""
    run = before[until] - before[run_start]
    if run >= min_run_weight:
        return total + run, passages + 1, max(longest, run)
    return total, passages, longest


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
