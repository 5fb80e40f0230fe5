"""What the shingles, weights and numbers of a body are, before it is compared with any."""

import numpy as np

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import DIGIT, UNSPACED
from dedup.kernels.numbered import fill, slots_for

__all__ = [
    "COUNTED",
    "DISTINCT",
    "END_OF_KEYS",
    "HAS_SPOTS",
    "HAS_WEIGHTS",
    "OWN",
    "count_words",
    "drop_formulas",
    "drop_repeated",
    "has_any",
    "is_same",
    "number_plainly",
    "read_bodies",
    "weigh",
    "weigh_the_same",
]

#: Columns of what is known of a body: where its keys end, what counts in half-words, how many
#: distinct shingles it has, whether its shingles have spots of their own, its tokens weights.
END_OF_KEYS, COUNTED, DISTINCT, HAS_SPOTS, HAS_WEIGHTS, OWN = range(6)

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
def has_any(flags):
    """Say whether any flag is set; all are looked at, many at a time."""
    found = False
    for i in range(len(flags)):
        found |= flags[i]
    return found


@compiled
def weigh_the_same(tokens):
    """Say whether no token is of an unspaced script: a token then is two half-words."""
    return _combine(tokens) & _UNSPACED == _ZERO


@compiled
def weigh(tokens, before):
    """Write how many half-words stand before each token, and before the end."""
    weight = 0
    for at in range(len(tokens)):
        before[at] = weight
        weight += 1 if tokens[at] & _UNSPACED else 2
    before[len(tokens)] = weight


@compiled
def drop_formulas(keys, is_formula, spots):
    """Move the shingles that count to the front, and write their spots; return their number."""
    n = 0
    for at in range(len(keys)):
        keys[n], spots[n] = keys[at], at
        n += 0 if is_formula[at] else 1
    return n


@compiled
def _count_uncommon(tokens, is_formula, n_keys, numbers):
    size = len(tokens) - n_keys + 1
    counted, n_numbers, until = 0, 0, 0
    for at in range(len(tokens)):
        if at < n_keys and not is_formula[at]:
            until = at + size
        if at < until:
            counted += 1 if tokens[at] & _UNSPACED else 2
            if tokens[at] & _DIGIT:
                numbers[n_numbers] = tokens[at]
                n_numbers += 1
    return counted, n_numbers


@compiled
def _read_numbers(tokens, numbers):
    n = 0
    for i in range(len(tokens)):
        if tokens[i] & _DIGIT:
            numbers[n] = tokens[i]
            n += 1
    return n


@compiled
def count_words(tokens, is_formula, n_keys, is_plain, numbers):
    """Return what counts in half-words, and how many numbers count; write these.

    What counts are the words of shingles that are no formula; ``n_keys``: shingles in all;
    ``is_plain``: none is a formula, and all tokens weigh the same.
    """
    if is_plain:
        return 2 * len(tokens), _read_numbers(tokens, numbers)
    return _count_uncommon(tokens, is_formula, n_keys, numbers)


@compiled
def number_plainly(spots, before):
    """Write the spots and weights of a body of which all counts, and all weighs the same."""
    for at in range(len(spots)):
        spots[at] = at
    for at in range(len(before)):
        before[at] = 2 * at


@compiled
def is_same(tokens, others):
    """Say whether two bodies have the very same words, and any."""
    if len(tokens) != len(others) or len(tokens) == 0:
        return False
    for i in range(len(tokens)):
        if tokens[i] != others[i]:
            return False
    return True


@compiled
def drop_repeated(keys, table, repeats):
    """Move each key that stands there for the first time to the front; return how many do."""
    n_repeats = fill(table[: slots_for(len(keys))], keys, repeats)
    n, row = 0, 0
    for i in range(len(keys)):
        if row < n_repeats and repeats[row, 0] == i:
            row += 1
            continue
        keys[n] = keys[i]
        n += 1
    return n


@compiled
def read_bodies(
    tokens, offsets, is_formula, multipliers, table, repeats,
    keys, spots, before, numbers, number_offsets, own,
):  # fmt: skip
    """Write what is needed of each body for its every pair.

    ``keys`` from where the body starts, and ``spots`` where some are formulas; ``before``, with
    a place more for each body, where tokens do not weigh the same; the distinct ``numbers`` of
    all, each body's up to its end in ``number_offsets``; ``own``: see `OWN`.
    """
    for body in range(len(offsets) - 1):
        start, end = offsets[body], offsets[body + 1]
        its_tokens, its_keys = tokens[start:end], keys[start:end]
        its_numbers = numbers[number_offsets[body] :]
        n_all = shingle_all(its_tokens, end - start, multipliers, its_keys)
        its_keys, its_formula = its_keys[:n_all], is_formula[start : start + n_all]
        has_formulas, are_alike = has_any(its_formula), weigh_the_same(its_tokens)
        n_keys = n_all
        if not are_alike:
            weigh(its_tokens, before[start + body : end + body + 1])
        if has_formulas:
            n_keys = drop_formulas(its_keys, its_formula, spots[start:end])
        counted, n_numbers = count_words(
            its_tokens, its_formula, n_all, are_alike and not has_formulas, its_numbers
        )
        n_numbers = drop_repeated(its_numbers[:n_numbers], table, repeats)
        number_offsets[body + 1] = number_offsets[body] + n_numbers
        n_repeats = fill(table[: slots_for(n_keys)], its_keys[:n_keys], repeats)
        own[body, END_OF_KEYS], own[body, COUNTED] = start + n_keys, counted
        own[body, DISTINCT] = n_keys - n_repeats
        own[body, HAS_SPOTS], own[body, HAS_WEIGHTS] = has_formulas, not are_alike
