"""Texts as records of 64-bit words: the tokens of each, then where its units start.

One behind another on disk, a text is there to be had in one reading.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled
from dedup.kernels.tokenise import TokenBatch

__all__ = ["PackedTexts", "pack_texts", "token_counts", "unpack_texts"]

_LOW, _THIRTY_TWO = np.uint64(0xFFFFFFFF), np.uint64(32)


class PackedTexts(NamedTuple):
    """Records of n texts, one behind another.

    ``records`` uint64; ``offsets`` and ``unit_offsets`` int64 of shape (n + 1,): where each
    record starts, and the units of each text.
    """

    records: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    unit_offsets: NDArray[np.int64]


def pack_texts(batch: TokenBatch) -> PackedTexts:
    """Return the records of some texts."""
    offsets = np.zeros(len(batch) + 1, np.int64)
    np.cumsum(np.diff(batch.token_offsets) + _words(np.diff(batch.unit_offsets)), out=offsets[1:])
    packed = PackedTexts(np.empty(offsets[-1], np.uint64), offsets, batch.unit_offsets)
    _pack(batch.tokens, batch.token_offsets, batch.units, *packed)
    return packed


def token_counts(lengths: NDArray[np.int64], units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many tokens texts have by the words of their records and their units."""
    return lengths - _words(units)


def unpack_texts(
    records: NDArray[np.uint64], lengths: NDArray[np.int64], units: NDArray[np.int64]
) -> TokenBatch:
    """Return the texts of some records.

    Parameters
    ----------
    lengths, units : int64 of shape (n,)
        Words of each record, and units of each text.
    """
    token_offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(token_counts(lengths, units), out=token_offsets[1:])
    unit_offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(units, out=unit_offsets[1:])
    batch = TokenBatch(
        np.empty(token_offsets[-1], np.uint64),
        token_offsets,
        np.empty(unit_offsets[-1], np.uint32),
        unit_offsets,
    )
    _unpack(records, token_offsets, unit_offsets, batch.tokens, batch.units)
    return batch


def _words(units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many words so many units take."""
    words: NDArray[np.int64] = (units + 1) // 2
    return words


@compiled
def _pack(
    tokens: U64, token_offsets: I64, units: U32, records: U64, offsets: I64, unit_offsets: I64
) -> None:
    for text in range(len(offsets) - 1):
        at = offsets[text]
        for i in range(token_offsets[text], token_offsets[text + 1]):
            records[at] = tokens[i]
            at += 1
        for i in range(unit_offsets[text], unit_offsets[text + 1], 2):
            word = np.uint64(units[i])
            if i + 1 < unit_offsets[text + 1]:
                word |= np.uint64(units[i + 1]) << _THIRTY_TWO
            records[at] = word
            at += 1


@compiled
def _unpack(records: U64, token_offsets: I64, unit_offsets: I64, tokens: U64, units: U32) -> None:
    at = 0
    for text in range(len(token_offsets) - 1):
        for i in range(token_offsets[text], token_offsets[text + 1]):
            tokens[i] = records[at]
            at += 1
        for i in range(unit_offsets[text], unit_offsets[text + 1], 2):
            units[i] = np.uint32(records[at] & _LOW)
            if i + 1 < unit_offsets[text + 1]:
                units[i + 1] = np.uint32(records[at] >> _THIRTY_TWO)
            at += 1
