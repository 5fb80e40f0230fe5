"""Texts as records of 64-bit words: the tokens of each, then where its units start.

One behind another on disk, a text is there to be had in one reading.
"""

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U8, U16, U32, U64, I64Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import GOLDEN
from dedup.kernels.stretches import LONGEST_FORM_BYTES
from dedup.kernels.tokenise import NO_SPANS, TokenBatch, code_point_table, tokenise_text
from dedup.kernels.units import UnitBatch, read_units_of

__all__ = ["PackedTexts", "Recorder", "token_counts", "unit_starts", "unpack_texts"]

#: Room for texts with more bytes is not kept.
_KEPT_BYTES = 1 << 23
_LOW, _THIRTY_TWO = np.uint64(0xFFFFFFFF), np.uint64(32)


class PackedTexts(NamedTuple):
    """Records of n texts, one behind another.

    ``records`` uint64; ``offsets`` and ``unit_offsets`` int64 of shape (n + 1,): where each
    record starts, and the units of each text.
    """

    records: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    unit_offsets: NDArray[np.int64]


class _Room(NamedTuple):
    """What the loop writes to, for texts of so many bytes."""

    records: NDArray[np.uint64]
    units: NDArray[np.uint32]
    hashes: NDArray[np.uint64]
    weights: NDArray[np.uint32]

    @classmethod
    def of(cls, size: int) -> "_Room":
        return cls(
            np.empty(2 * size, np.uint64),
            np.empty(size, np.uint32),
            np.empty(size, np.uint64),
            np.empty(size, np.uint32),
        )


class Recorder(threading.local):
    """Makes records of texts; may be called in several threads.

    Each thread writes where it wrote before: memory that a process was just given takes
    as long to be cleared as the texts to be read.

    Parameters
    ----------
    seed : int
        Of the recipe.
    """

    def __init__(self, seed: int = 0) -> None:
        self._basis = np.uint64(GOLDEN ^ seed)
        self._room = _Room.of(0)

    def __call__(
        self, buffer: NDArray[np.uint8], offsets: NDArray[np.int64]
    ) -> tuple[PackedTexts, UnitBatch]:
        """Return the records and the units of texts, each text while it is in the cache.

        Parameters
        ----------
        buffer, offsets
            As of :func:`~dedup.kernels.tokenise.tokenise_batch`, but that ``PADDING_BYTES``
            follow the last text.
        """
        n, size = len(offsets) - 1, int(offsets[-1] - offsets[0])
        longest = int(np.max(np.diff(offsets), initial=0))
        room = self._room_for(size + n)
        ends, unit_ends = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
        digests = np.empty(n, np.uint64)
        _record(
            buffer,
            offsets,
            *code_point_table(),
            self._basis,
            np.empty(longest + 5, np.uint8),
            np.empty(longest + 5, np.uint32),
            np.empty(LONGEST_FORM_BYTES * longest + 4, np.uint8),
            NO_SPANS,
            room.records,
            ends,
            unit_ends,
            room.units,
            room.hashes,
            room.weights,
            digests,
        )
        length, count = ends[-1], unit_ends[-1]
        return (
            PackedTexts(room.records[:length].copy(), ends, unit_ends),
            UnitBatch(room.hashes[:count].copy(), room.weights[:count].copy(), digests),
        )

    def _room_for(self, size: int) -> _Room:
        if size <= len(self._room.units):
            return self._room
        room = _Room.of(size)
        if size <= _KEPT_BYTES:
            self._room = room
        return room


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


def unit_starts(
    records: NDArray[np.uint64], offsets: NDArray[np.int64], unit_offsets: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Return the first token of each unit of some records, counted within its text.

    Parameters
    ----------
    offsets, unit_offsets : int64 of shape (n + 1,)
        Where each record starts, and the units of each text.
    """
    units = np.empty(unit_offsets[-1], np.uint32)
    _unpack_units(records, offsets, unit_offsets, units)
    return units


def _words(units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many words so many units take."""
    words: NDArray[np.int64] = (units + 1) // 2
    return words


@compiled
def _record(
    buffer: U8, text_offsets: I64, block: U16, entry: U32, sequence: U32, basis: np.uint64,
    kinds: U8, entries: U32, raw: U8, spans: I64Rows, records: U64, offsets: I64,
    unit_offsets: I64, units: U32, hashes: U64, weights: U32, digests: U64,
) -> None:  # fmt: skip
    for text in range(len(text_offsets) - 1):
        first, first_unit = offsets[text], unit_offsets[text]
        at, n_units = tokenise_text(
            buffer, text_offsets[text], text_offsets[text + 1], block, entry, sequence, basis,
            kinds, entries, raw, records, spans, first, units, first_unit,
        )  # fmt: skip
        digests[text] = read_units_of(
            records, first, at, units, first_unit, n_units, hashes, weights
        )
        for i in range(first_unit, n_units, 2):
            word = np.uint64(units[i])
            if i + 1 < n_units:
                word |= np.uint64(units[i + 1]) << _THIRTY_TWO
            records[at] = word
            at += 1
        offsets[text + 1], unit_offsets[text + 1] = at, n_units


@compiled
def _unpack(records: U64, token_offsets: I64, unit_offsets: I64, tokens: U64, units: U32) -> None:
    at = 0
    for text in range(len(token_offsets) - 1):
        for i in range(token_offsets[text], token_offsets[text + 1]):
            tokens[i] = records[at]
            at += 1
        at = _read_units(records, at, unit_offsets[text], unit_offsets[text + 1], units)


@compiled
def _unpack_units(records: U64, offsets: I64, unit_offsets: I64, units: U32) -> None:
    for text in range(len(offsets) - 1):
        first, last = unit_offsets[text], unit_offsets[text + 1]
        _read_units(records, offsets[text + 1] - (last - first + 1) // 2, first, last, units)


@compiled
def _read_units(records, at, first, last, units):
    """Write units first to last, packed from ``at`` on; return where their words end."""
    for i in range(first, last, 2):
        units[i] = np.uint32(records[at] & _LOW)
        if i + 1 < last:
            units[i + 1] = np.uint32(records[at] >> _THIRTY_TWO)
        at += 1
    return at
