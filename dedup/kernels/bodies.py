"""Bodies of whole batches, as :func:`dedup.match.body.make_body`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import I32, I64, U8, U64, Bools
from dedup.kernels.compiled import compiled
from dedup.kernels.cuts import copy_bodies, cut_units
from dedup.kernels.evidence import BodyBatch
from dedup.kernels.hashsets import has
from dedup.kernels.tokenise import TokenBatch
from dedup.kernels.units import units_of_batch

__all__ = [
    "CutBatch",
    "cut_bodies",
    "is_same_body",
    "mark_chrome",
    "mark_formulas",
]


class CutBatch(NamedTuple):
    """The bodies of n texts.

    ``weights`` int64 of shape (n,), the half-words of each body; ``has_body`` bool of
    shape (n,).
    """

    bodies: BodyBatch
    weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]


def cut_bodies(batch: TokenBatch, is_chrome: NDArray[np.bool_], min_weight: int) -> CutBatch:
    """Leave out the chrome units of every text.

    Parameters
    ----------
    is_chrome : bool of the shape of ``batch.units``
    min_weight : int
        As of :func:`cut_units`.
    """
    weights = units_of_batch(batch).weights
    lengths = np.diff(batch.token_offsets)
    cuts = cut_units(batch.units, batch.unit_offsets, lengths, weights, is_chrome, min_weight)
    no_formulas = np.empty(0, np.uint32), np.zeros(len(batch) + 1, np.int64)
    bodies = copy_bodies(
        batch.tokens, batch.token_offsets[:-1], cuts.spans, cuts.span_offsets, cuts.has_body,
        *no_formulas,
    )  # fmt: skip
    return CutBatch(bodies, cuts.weights, cuts.has_body)


@compiled
def mark_chrome(
    hashes: U64, unit_offsets: I64, sites: I32, starts: I64, slots: U64, bits: U8, unused: U64,
    is_chrome: Bools,
) -> None:  # fmt: skip
    """Mark the units of some texts that their sites repeat.

    ``sites``: int32, which of the sets of :class:`dedup.kernels.hashsets.HashSets` each
    text's site has.
    """
    for text in range(len(sites)):
        start, end = starts[sites[text]], starts[sites[text] + 1]
        if start == end:
            continue
        its_slots, its_bits, its_unused = slots[start:end], bits[start:end], unused[sites[text]]
        for unit in range(unit_offsets[text], unit_offsets[text + 1]):
            if has(its_slots, its_bits, its_unused, hashes[unit]):
                is_chrome[unit] = True


@compiled
def mark_formulas(
    tokens: U64, offsets: I64, chosen: Bools, sites: I32, multipliers: U64,
    starts: I64, slots: U64, bits: U8, unused: U64, is_formula: Bools, has_formula: Bools,
) -> None:  # fmt: skip
    """Mark the shingles of the chosen bodies that their sites repeat.

    ``sites``: int32, which of the sets of :class:`dedup.kernels.hashsets.HashSets` each
    body's site has. ``has_formula``: where any shingle was marked.
    """
    longest = 0
    for body in range(len(sites)):
        longest = max(longest, offsets[body + 1] - offsets[body])
    shingles = np.empty(longest, np.uint64)
    for body in range(len(sites)):
        first, last = starts[sites[body]], starts[sites[body] + 1]
        if first == last or not chosen[body]:
            continue
        its_slots, its_bits, its_unused = slots[first:last], bits[first:last], unused[sites[body]]
        start, end = offsets[body], offsets[body + 1]
        for i in range(shingle_all(tokens[start:end], end - start, multipliers, shingles)):
            if has(its_slots, its_bits, its_unused, shingles[i]):
                is_formula[start + i] = True
                has_formula[body] = True


def is_same_body(tokens: U64, offsets: I64, is_formula: Bools, firsts: I64, seconds: I64) -> Bools:
    """Say of each pair of bodies whether tokens and formulas are the same."""
    same = np.empty(len(firsts), np.bool_)
    _compare(tokens, offsets, is_formula, firsts, seconds, same)
    return same


@compiled
def _compare(
    tokens: U64, offsets: I64, is_formula: Bools, firsts: I64, seconds: I64, same: Bools
) -> None:
    for pair in range(len(firsts)):
        a, b = offsets[firsts[pair]], offsets[seconds[pair]]
        n = offsets[firsts[pair] + 1] - a
        same[pair] = offsets[seconds[pair] + 1] - b == n
        if same[pair]:
            for i in range(n):
                if tokens[a + i] != tokens[b + i] or is_formula[a + i] != is_formula[b + i]:
                    same[pair] = False
                    break
