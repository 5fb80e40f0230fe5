"""Runs of shingles that two bodies share, and the passages they make.

A body's shingles that count have numbers, from 0 on, and spots: the tokens where they start.
"""

import numpy as np

from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.numbered import place_of

__all__ = ["count_marked", "look_up", "passages"]

_ZERO, _ONE, _FIFTY_SIX = np.uint64(0), np.uint64(1), np.uint64(56)
#: Eight bytes that all are 1.
_ALL = np.uint64(0x0101010101010101)


@inlined
def _close(before, run_start, until, min_run_weight, total, passages, longest):
    """Count the run of tokens, if it is long enough."""
    run = before[until] - before[run_start]
    if run >= min_run_weight:
        return total + run, passages + 1, max(longest, run)
    return total, passages, longest


@compiled
def _length_of_run(keys, others):
    """Return how many of the first keys are the same."""
    room = min(len(keys), len(others))
    n = 0
    for block in range(room // 8):
        differ = _ZERO
        for step in range(8):
            differ |= keys[8 * block + step] ^ others[8 * block + step]
        if differ != _ZERO:
            break
        n += 8
    while n < room and keys[n] == others[n]:
        n += 1
    return n


@compiled
def _mark(marks):
    for i in range(len(marks)):
        marks[i] = 1


@compiled
def look_up(table, keys_a, keys, spots, before, size, is_shared, others, min_run_weight):
    """Look for each of b's shingles, and mark those of a that are met.

    Where one of a's is found, those after it are compared with b's one by one: most shared
    shingles come in runs. Those that a has not are written to ``others``.

    Returns how many others there are; the weight in b's shared passages, their number and
    the weight of the longest.
    """
    mask = np.uint64(len(table) - 1)
    n_others, at_b, end = _ZERO, _ZERO, np.uint64(len(keys))
    total, n_passages, longest, run_start, until = 0, 0, 0, 0, 0
    while at_b < end:
        number = table[place_of(table, mask, keys_a, keys[at_b])]
        if number < 0:
            others[n_others] = keys[at_b]
            n_others += _ONE
            at_b += _ONE
            continue
        i, at = np.int64(at_b), np.int64(number)
        n = _length_of_run(keys[i:], keys_a[at:])
        _mark(is_shared[at : at + n])
        first, last = spots[i], spots[i + n - 1]
        at_b += np.uint64(n)
        if last - first == n - 1:
            if first > until:
                total, n_passages, longest = _close(
                    before, run_start, until, min_run_weight, total, n_passages, longest
                )
                run_start = first
            until = last + size
        else:
            for step in range(i, i + n):
                spot = spots[step]
                if spot > until:
                    total, n_passages, longest = _close(
                        before, run_start, until, min_run_weight, total, n_passages, longest
                    )
                    run_start = spot
                until = spot + size
    total, n_passages, longest = _close(
        before, run_start, until, min_run_weight, total, n_passages, longest
    )
    return np.int64(n_others), total, n_passages, longest


@compiled
def count_marked(is_shared, eights, repeats, n_repeats):
    """Return how many distinct shingles of a are marked; mark all places of each of them.

    ``eights``: the bytes of ``is_shared``, eight as one number.
    """
    for row in range(n_repeats):
        is_shared[repeats[row, 1]] |= is_shared[repeats[row, 0]]
    n = 0
    for row in range(n_repeats):
        is_shared[repeats[row, 0]] = is_shared[repeats[row, 1]]
        n -= np.int64(is_shared[repeats[row, 1]])
    for eight in eights:
        n += np.int64((eight * _ALL) >> _FIFTY_SIX)
    return n


@compiled
def passages(spots, before, size, is_shared, eights, min_run_weight):
    """Return the weight in a's shared passages, their number and the weight of the longest."""
    total, n_passages, longest, run_start, until = 0, 0, 0, 0, 0
    for block in range((len(spots) + 7) // 8):
        if eights[block] == _ZERO:
            continue
        start = 8 * block
        if eights[block] == _ALL and spots[start + 7] - spots[start] == 7:
            if spots[start] > until:
                total, n_passages, longest = _close(
                    before, run_start, until, min_run_weight, total, n_passages, longest
                )
                run_start = spots[start]
            until = spots[start + 7] + size
            continue
        for step in range(start, min(start + 8, len(spots))):
            if not is_shared[step]:
                continue
            spot = spots[step]
            if spot > until:
                total, n_passages, longest = _close(
                    before, run_start, until, min_run_weight, total, n_passages, longest
                )
                run_start = spot
            until = spot + size
    return _close(before, run_start, until, min_run_weight, total, n_passages, longest)
