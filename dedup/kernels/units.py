"""Units of whole batches: their hashes and weights, and the texts' digests.

Hashes are those of :func:`dedup.boilerplate.units.unit_hashes`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arithmetic import mix
from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import DIGIT, NUMBER, POWER_BASE, UNSPACED
from dedup.kernels.tokenise import TokenBatch

__all__ = ["UnitBatch", "join_unit_batches", "read_units_of", "units_of_batch"]

_NUMBER = np.uint64(NUMBER)
_POWER_BASE = np.uint64(POWER_BASE)
_DIGIT = np.uint64(DIGIT)
_UNSPACED = np.uint64(UNSPACED)


class UnitBatch(NamedTuple):
    """The units of n texts.

    ``hashes`` uint64 and ``weights`` uint32 (half-words), of shape (m,); ``digests``
    uint64 of shape (n,): texts with the same tokens have the same.
    """

    hashes: NDArray[np.uint64]
    weights: NDArray[np.uint32]
    digests: NDArray[np.uint64]


def units_of_batch(batch: TokenBatch) -> UnitBatch:
    """Hash and weigh every unit of a batch, and digest every text."""
    hashes = np.empty(len(batch.units), np.uint64)
    weights = np.empty(len(batch.units), np.uint32)
    digests = np.empty(len(batch), np.uint64)
    _read_units(
        batch.tokens,
        batch.token_offsets,
        batch.units,
        batch.unit_offsets,
        hashes,
        weights,
        digests,
    )
    return UnitBatch(hashes, weights, digests)


def join_unit_batches(batches: Sequence[UnitBatch]) -> UnitBatch:
    """Put batches one after another."""
    if not batches:
        return UnitBatch(np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.uint64))
    hashes, weights, digests = zip(*batches, strict=True)
    return UnitBatch(np.concatenate(hashes), np.concatenate(weights), np.concatenate(digests))


@compiled
def _read_units(
    tokens: U64, token_offsets: I64, units: U32, unit_offsets: I64,
    hashes: U64, weights: U32, digests: U64,
) -> None:  # fmt: skip
    for text in range(len(token_offsets) - 1):
        digests[text] = read_units_of(
            tokens, token_offsets[text], token_offsets[text + 1],
            units, unit_offsets[text], unit_offsets[text + 1], hashes, weights,
        )  # fmt: skip


@compiled
def read_units_of(tokens, first_token, last_token, units, first, last, hashes, weights):
    """Hash and weigh the units of one text; return its digest."""
    digest = np.uint64(last_token - first_token)
    for unit in range(first, last):
        start = first_token + units[unit]
        end = last_token
        if unit + 1 < last:
            end = first_token + units[unit + 1]
        total = np.uint64(0)
        power = _POWER_BASE
        weight = 0
        for i in range(start, end):
            token = tokens[i]
            digest = (digest ^ token) * _POWER_BASE
            digest ^= digest >> np.uint64(32)
            weight += 1 if token & _UNSPACED else 2
            total += (_NUMBER if token & _DIGIT else token) * power
            power *= _POWER_BASE
        hashes[unit] = mix(total)
        weights[unit] = weight
    return digest
