"""What bodies are found by: each is cut, hashed and sampled while it is in the cache."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import I32, I64, U8, U32, U64, Bools, U32Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import POWER_BASE
from dedup.kernels.cuts import Cuts, copy_spans
from dedup.kernels.hashsets import HashSets, has_each
from dedup.kernels.numbered import slots_for
from dedup.kernels.sketch import mix_all, sample, sign

__all__ = ["KeyedBodies", "key_bodies"]

_POWER_BASE, _THIRTY_TWO = np.uint64(POWER_BASE), np.uint64(32)


class KeyedBodies(NamedTuple):
    """What n bodies are found by.

    ``plain`` and ``marked`` uint64 of shape (n,): hashes of each body's tokens, and of these
    with what is formula; ``signatures`` uint32 of shape (n, num_perm); ``samples`` uint64,
    those of each body from ``sample_offsets`` on, int64 of shape (n + 1,); ``formulas`` uint32:
    the tokens, counted within each body that has one, where a shingle starts that the site
    repeats, from ``formula_offsets`` on, int64 of shape (n + 1,).
    """

    plain: NDArray[np.uint64]
    marked: NDArray[np.uint64]
    signatures: NDArray[np.uint32]
    samples: NDArray[np.uint64]
    sample_offsets: NDArray[np.int64]
    formulas: NDArray[np.uint32]
    formula_offsets: NDArray[np.int64]


def key_bodies(
    tokens: NDArray[np.uint64],
    starts: NDArray[np.int64],
    cuts: Cuts,
    sites: NDArray[np.int32],
    repeated: HashSets,
    multipliers: NDArray[np.uint64],
    permutations: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    sample_limit: int,
    sample_floor: int,
) -> KeyedBodies:
    """Cut, hash and sample the bodies of n texts.

    Parameters
    ----------
    tokens : uint64
    starts : int64 of shape (n,)
        Where the tokens of each text start.
    cuts : Cuts
        Of the texts.
    sites : int32 of shape (n,)
        Which of the sets each text's site has.
    repeated : HashSets
        Of shingles.
    multipliers : uint64 of shape (size,)
        Of the shingles.
    permutations : two of uint32 of shape (num_perm,)
    sample_limit, sample_floor : int
        Of the recipe.
    """
    n = len(starts)
    lengths = cuts.lengths
    total, longest = int(lengths.sum()), int(np.max(lengths, initial=0))
    keyed = KeyedBodies(
        np.empty(n, np.uint64),
        np.empty(n, np.uint64),
        np.full((n, len(permutations[0])), 0xFFFFFFFF, np.uint32),
        np.empty(total, np.uint64),
        np.zeros(n + 1, np.int64),
        np.empty(total, np.uint32),
        np.zeros(n + 1, np.int64),
    )
    _key(
        tokens, starts, cuts.spans, cuts.span_offsets, cuts.has_body, sites, *repeated,
        multipliers, *permutations, np.uint64(sample_limit), sample_floor, longest,
        keyed.plain, keyed.marked, keyed.signatures, keyed.samples, keyed.sample_offsets,
        keyed.formulas, keyed.formula_offsets,
    )  # fmt: skip
    return keyed._replace(
        samples=keyed.samples[: keyed.sample_offsets[-1]],
        formulas=keyed.formulas[: keyed.formula_offsets[-1]],
    )


@compiled
def _key(
    texts: U64, starts: I64, spans: U32Rows, span_offsets: I64, has_body: Bools, sites: I32,
    set_starts: I64, slots: U64, bits: U8, unused: U64, multipliers: U64, a: U32, b: U32,
    limit: np.uint64, floor: int, longest: int, plain: U64, marked: U64, signatures: U32Rows,
    samples: U64, sample_offsets: I64, formulas: U32, formula_offsets: I64,
) -> None:  # fmt: skip
    tokens, hashes = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    is_formula, mixed = np.empty(longest, np.bool_), np.empty(longest, np.uint32)
    table, repeats = np.empty(slots_for(longest), np.int32), np.empty((longest, 2), np.int32)
    for body in range(len(starts)):
        n = copy_spans(
            texts, starts[body], spans, span_offsets[body], span_offsets[body + 1], tokens, 0
        )
        n_hashes = shingle_all(tokens, n, multipliers, hashes)
        at = formula_offsets[body]
        n_formulas = 0
        plain[body] = _digest(tokens, n)
        marked[body] = plain[body]
        first, last = set_starts[sites[body]], set_starts[sites[body] + 1]
        if not has_body[body]:
            n_hashes = 0
            is_formula[:n] = True
            marked[body] ^= _digest_flags(is_formula, n)
        elif first < last:
            has_each(
                slots[first:last], bits[first:last], unused[sites[body]], hashes, n_hashes,
                is_formula,
            )  # fmt: skip
            is_formula[n_hashes:n] = False
            n_formulas = _leave_out(hashes, n_hashes, is_formula, formulas, at)
            n_hashes -= n_formulas
            if n_formulas:
                marked[body] ^= _digest_flags(is_formula, n)
        formula_offsets[body + 1] = at + n_formulas
        mix_all(hashes, n_hashes, mixed)
        sign(mixed, n_hashes, a, b, signatures[body])
        n_samples = sample_offsets[body]
        sample_offsets[body + 1] = n_samples + sample(
            hashes, n_hashes, limit, floor, table, repeats, samples, n_samples
        )


@compiled
def _leave_out(hashes, n, is_formula, formulas, at):
    """Move the hashes that are no formula to the front, write where formulas are; count these."""
    n_formulas = 0
    for i in range(n):
        hashes[i - n_formulas] = hashes[i]
        if is_formula[i]:
            formulas[at + n_formulas] = i
            n_formulas += 1
    return n_formulas


@compiled
def _digest(tokens, n):
    """Hash the n tokens of a body."""
    total = np.uint64(n)
    for i in range(n):
        total = (total ^ tokens[i]) * _POWER_BASE
        total ^= total >> _THIRTY_TWO
    return total


@compiled
def _digest_flags(is_formula, n):
    """Hash which of the n tokens of a body are formula; 0 if none is."""
    flags = np.uint64(0)
    for i in range(n):
        flags = flags * _POWER_BASE + np.uint64(is_formula[i])
    return flags * _POWER_BASE
