"""Signatures and samples of bodies, as :func:`dedup.fingerprint.fingerprint`."""

import numpy as np

from dedup.kernels.body_keys import drop_repeated
from dedup.kernels.compiled import compiled, inlined

__all__ = ["mix_all", "sample", "sign"]

_LOW = np.uint64(0xFFFFFFFF)


@inlined
def _mix32(value):
    value = np.uint32(value)
    value ^= value >> np.uint32(16)
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value ^= value >> np.uint32(13)
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@compiled
def mix_all(hashes, n, mixed):
    """Write what is permuted of each of the first n hashes."""
    for i in range(n):
        mixed[i] = _mix32(hashes[i] & _LOW)


@compiled
def sign(mixed, n, a, b, signature):
    """Write the least permuted value of each permutation, one after the other."""
    for p in range(len(signature)):
        multiplier, shift = a[p], b[p]
        least = np.uint32(0xFFFFFFFF)
        for i in range(n):
            least = min(least, np.uint32(multiplier * mixed[i] + shift))
        signature[p] = least


@compiled
def sample(hashes, n, limit, floor, table, repeats, out, at):
    """Write the distinct ones of the first n hashes that are sampled; return their number.

    Those up to the limit, or if these are too few the least; from ``at`` on, in no order.
    """
    n_below = 0
    for i in range(n):
        out[at + n_below] = hashes[i]
        n_below += np.int64(hashes[i] <= limit)
    added = drop_repeated(out[at : at + n_below], table, repeats)
    return added if added >= floor else _least(hashes, n, floor, out, at)


@compiled
def _least(hashes, n, most, out, at):
    """Write the least distinct ones of the first n hashes, sorted; return their number."""
    count = 0
    for i in range(n):
        hashed = hashes[i]
        if count == most and hashed >= out[at + count - 1]:
            continue
        place = count
        while place > 0 and out[at + place - 1] > hashed:
            place -= 1
        if place > 0 and out[at + place - 1] == hashed:
            continue
        count = min(count + 1, most)
        for k in range(count - 1, place, -1):
            out[at + k] = out[at + k - 1]
        out[at + place] = hashed
    return count
