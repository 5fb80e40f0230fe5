"""Signatures and samples of whole batches, as :func:`dedup.fingerprint.fingerprint`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import shingle_all
from dedup.kernels.arrays import I64, U32, U64, Bools, U32Rows
from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.evidence import BodyBatch
from dedup.kernels.sorting import sort

__all__ = ["SketchBatch", "sketch_batch"]


class SketchBatch(NamedTuple):
    """Sketches of n bodies.

    ``signatures`` uint32 of shape (n, num_perm); ``samples`` uint64, sorted within
    each body, from ``sample_offsets`` int64 of shape (n + 1,).
    """

    signatures: NDArray[np.uint32]
    samples: NDArray[np.uint64]
    sample_offsets: NDArray[np.int64]


def sketch_batch(
    bodies: BodyBatch,
    multipliers: NDArray[np.uint64],
    permutations: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    sample_limit: int,
    sample_floor: int,
) -> SketchBatch:
    """Sketch every body.

    Parameters
    ----------
    multipliers : uint64 of shape (size,)
        Of the shingles.
    permutations : two of uint32 of shape (num_perm,)
    sample_limit, sample_floor : int
        Of the recipe.
    """
    n = len(bodies.offsets) - 1
    signatures = np.full((n, len(permutations[0])), 0xFFFFFFFF, np.uint32)
    samples = np.empty(len(bodies.tokens), np.uint64)
    offsets = np.zeros(n + 1, np.int64)
    longest = int(np.max(np.diff(bodies.offsets), initial=0))
    _sketch(
        *bodies,
        multipliers,
        *permutations,
        np.uint64(sample_limit),
        sample_floor,
        np.empty(longest + 1, np.uint64),
        np.empty(longest + 1, np.uint64),
        np.empty(longest + 1, np.uint32),
        signatures,
        samples,
        offsets,
    )
    return SketchBatch(signatures, samples[: offsets[-1]].copy(), offsets)


@inlined
def _mix32(value):
    value = np.uint32(value)
    value ^= value >> np.uint32(16)
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value ^= value >> np.uint32(13)
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@compiled
def _sign(mixed, n, a, b, signature):
    """Write the least permuted value of each permutation, one after the other."""
    for p in range(len(signature)):
        multiplier, shift = a[p], b[p]
        least = np.uint32(0xFFFFFFFF)
        for i in range(n):
            least = min(least, np.uint32(multiplier * mixed[i] + shift))
        signature[p] = least


@compiled
def _distinct(values, most, out, at):
    """Sort values; write the least ``most`` distinct ones from ``at`` on; return their number."""
    sort(values)
    n = 0
    for i in range(len(values)):
        if n == most:
            break
        if i == 0 or values[i] != values[i - 1]:
            out[at + n] = values[i]
            n += 1
    return n


@compiled
def _sketch(
    tokens: U64, offsets: I64, is_formula: Bools, multipliers: U64, a: U32, b: U32,
    limit: np.uint64, floor: int, scratch: U64, below: U64, mixed: U32,
    signatures: U32Rows, samples: U64, sample_offsets: I64,
) -> None:  # fmt: skip
    n_samples = 0
    for body in range(len(offsets) - 1):
        start = offsets[body]
        end = offsets[body + 1]
        n_shingles, n_below = 0, 0
        for i in range(shingle_all(tokens[start:end], end - start, multipliers, scratch)):
            if is_formula[start + i]:
                continue
            hashed = scratch[i]
            scratch[n_shingles] = hashed
            mixed[n_shingles] = _mix32(hashed & np.uint64(0xFFFFFFFF))
            n_shingles += 1
            if hashed <= limit:
                below[n_below] = hashed
                n_below += 1
        _sign(mixed, n_shingles, a, b, signatures[body])
        added = _distinct(below[:n_below], n_below, samples, n_samples)
        if added < floor:
            added = _distinct(scratch[:n_shingles], floor, samples, n_samples)
        n_samples += added
        sample_offsets[body + 1] = n_samples
