"""What the shingles, weights and numbers of a body are, before it is compared with any."""

import numpy as np

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import DIGIT, UNSPACED
from dedup.kernels.numbered import fill, slots_for

__all__ = ["COUNTED", "DISTINCT", "END_OF_KEYS", "IS_PLAIN", "OWN", "read_bodies"]

#: Columns of what is known of a body: where its keys end, what counts in half-words, how many
#: distinct shingles it has, and whether all of them count and all its words weigh the same.
END_OF_KEYS, COUNTED, DISTINCT, IS_PLAIN, OWN = range(5)

_DIGIT, _UNSPACED = np.uint64(DIGIT), np.uint64(UNSPACED)
_ZERO = np.uint64(0)


@compiled
def _combine(tokens):
    """Return the bits that any of the tokens has."""
    every = _ZERO
    for i in range(len(tokens)):
        every |= tokens[i]
    return every


@compiled
def _has_any(flags):
    has_any = False
    for i in range(len(flags)):
        has_any |= flags[i]
    return has_any


@compiled
def _read_odd_body(tokens, is_formula, n_keys, keys, spots, before, numbers):
    """Move the shingles that count to the front; write their spots, the weights, the numbers.

    ``before``: half-words before each token. Returns how many shingles count, how many numbers
    do, and what counts in half-words.
    """
    size = len(tokens) - n_keys + 1
    n, n_numbers, counted, until, weight = 0, 0, 0, 0, 0
    for at in range(len(tokens)):
        token = tokens[at]
        before[at] = weight
        own = 1 if token & _UNSPACED else 2
        weight += own
        if at < n_keys and not is_formula[at]:
            keys[n] = keys[at]
            spots[n] = at
            n += 1
            until = at + size
        if at < until:
            counted += own
            if token & _DIGIT:
                numbers[n_numbers] = token
                n_numbers += 1
    before[len(tokens)] = weight
    return n, n_numbers, counted


@compiled
def _read_numbers(tokens, numbers):
    """Write the numbers among the tokens; return how many they are."""
    n = 0
    for i in range(len(tokens)):
        if tokens[i] & _DIGIT:
            numbers[n] = tokens[i]
            n += 1
    return n


@compiled
def _drop_repeats(numbers, repeats, n_repeats):
    """Move what stands there first to the front; return how many such there are."""
    n, row = 0, 0
    for i in range(len(numbers)):
        if row < n_repeats and repeats[row, 0] == i:
            row += 1
            continue
        numbers[n] = numbers[i]
        n += 1
    return n


@compiled
def _mark_repeats(is_repeated, repeats, n_repeats):
    for i in range(len(is_repeated)):
        is_repeated[i] = 0
    for row in range(n_repeats):
        is_repeated[repeats[row, 0]] = 1


@compiled
def read_bodies(
    tokens, offsets, is_formula, multipliers, table, repeats,
    keys, spots, is_repeated, before, numbers, number_offsets, own,
):  # fmt: skip
    """Write what is needed of each body for its every pair.

    ``keys`` and, of odd bodies only, ``spots``, from where the body starts; ``before`` with a
    place more for each body; ``is_repeated`` of bodies that repeat a shingle; the distinct
    ``numbers`` of all, each body's up to its end in ``number_offsets``; ``own``: see `OWN`.
    """
    for body in range(len(offsets) - 1):
        start, end = offsets[body], offsets[body + 1]
        its_tokens, its_keys = tokens[start:end], keys[start:end]
        its_formula, its_numbers = is_formula[start:end], numbers[number_offsets[body] :]
        every = _combine(its_tokens)
        n_keys = shingle_all(its_tokens, end - start, multipliers, its_keys)
        n_numbers, counted = 0, 2 * (end - start)
        is_plain = every & _UNSPACED == _ZERO and not _has_any(its_formula[:n_keys])
        if not is_plain:
            n_keys, n_numbers, counted = _read_odd_body(
                its_tokens, its_formula, n_keys, its_keys, spots[start:end],
                before[start + body :], its_numbers,
            )  # fmt: skip
        elif every & _DIGIT != _ZERO:
            n_numbers = _read_numbers(its_tokens, its_numbers)
        its_numbers = its_numbers[:n_numbers]
        n_repeats = fill(table[: slots_for(n_numbers)], its_numbers, repeats)
        if n_repeats:
            n_numbers = _drop_repeats(its_numbers, repeats, n_repeats)
        number_offsets[body + 1] = number_offsets[body] + n_numbers
        its_keys = its_keys[:n_keys]
        n_repeats = fill(table[: slots_for(n_keys)], its_keys, repeats)
        if n_repeats:
            _mark_repeats(is_repeated[start : start + n_keys], repeats, n_repeats)
        own[body, END_OF_KEYS], own[body, COUNTED] = start + n_keys, counted
        own[body, DISTINCT], own[body, IS_PLAIN] = n_keys - n_repeats, is_plain
