"""Hashed tokens of many articles, on disk."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Column, HeldArray, Scratch

if TYPE_CHECKING:
    from dedup.kernels.records import PackedTexts
    from dedup.kernels.tokenise import TokenBatch
    from dedup.kernels.units import UnitBatch

__all__ = ["Offsets", "TokenStore", "UnitStore"]

#: So many tokens are worked on at once.
CHUNK_TOKENS = 1 << 19


class Offsets:
    """Where each of a growing number of parts starts; 8 bytes a part."""

    def __init__(self, known: NDArray[np.int64] | None = None) -> None:
        # One array that grows: thousands of small ones would hold the memory between them.
        self._starts: HeldArray[np.int64] = HeldArray(np.int64)
        self._starts.append(np.zeros(1, np.int64) if known is None else known)

    def append(self, offsets: NDArray[np.int64]) -> None:
        """Add parts at the end: where each starts among them, and where the last ends."""
        self._starts.append(offsets[1:] + self._starts.items[-1])

    @property
    def all(self) -> NDArray[np.int64]:
        """Where each part starts, and where the last ends; int64 of shape (n + 1,)."""
        return self._starts.items


class TokenStore:
    """Hashed tokens and units of n texts, a record each.

    Parameters
    ----------
    records : ArrayFile
        One behind another.
    offsets : int64 of shape (n + 1,) | None
        Where each record starts; none yet if there are no texts.
    unit_offsets : int64 of shape (n + 1,) | None
        Where the units of each text start among all.
    """

    def __init__(
        self,
        records: ArrayFile[np.uint64],
        offsets: NDArray[np.int64] | None = None,
        unit_offsets: NDArray[np.int64] | None = None,
    ) -> None:
        self.records = records
        self._offsets, self._unit_offsets = Offsets(offsets), Offsets(unit_offsets)

    @classmethod
    def on(cls, scratch: Scratch) -> "TokenStore":
        """Return a store without texts."""
        return cls(scratch.array(np.uint64, "read.records"))

    def __len__(self) -> int:
        return len(self._offsets.all) - 1

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each record starts; int64 of shape (n + 1,)."""
        return self._offsets.all

    @property
    def unit_offsets(self) -> NDArray[np.int64]:
        """Where the units of each text start; int64 of shape (n + 1,)."""
        return self._unit_offsets.all

    def append(self, texts: "PackedTexts") -> None:
        """Add texts at the end."""
        self.records.append(texts.records)
        self._offsets.append(texts.offsets)
        self._unit_offsets.append(texts.unit_offsets)

    def read(self, start: int, end: int) -> "TokenBatch":
        """Return texts start to end."""
        from dedup.kernels.records import unpack_texts

        records, offsets, unit_offsets = self.records_of(start, end)
        return unpack_texts(records, np.diff(offsets), np.diff(unit_offsets))

    def records_of(
        self, start: int, end: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the records of texts start to end, where each starts, and each one's units."""
        offsets, unit_offsets = self.offsets[start : end + 1], self.unit_offsets[start : end + 1]
        records = self.records.read(int(offsets[0]), int(offsets[-1]))
        return records, offsets - offsets[0], unit_offsets - unit_offsets[0]

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield ranges of texts with about ``CHUNK_TOKENS`` tokens, at least one each."""
        offsets = self.offsets
        start, last = 0, len(self)
        while start < last:
            end = int(np.searchsorted(offsets, offsets[start] + CHUNK_TOKENS, side="right")) - 1
            end = min(max(end, start + 1), last)
            yield start, end
            start = end

    def chunks(self) -> Iterator[tuple[int, "TokenBatch"]]:
        """Yield (first text, texts) until all are read."""
        for start, end in self.ranges():
            yield start, self.read(start, end)

    def gather(self, numbers: NDArray[np.int64]) -> "TokenBatch":
        """Return some texts, in the order given."""
        from dedup.kernels.records import unpack_texts

        starts, lengths, units = self._places(numbers)
        return unpack_texts(self.records.gather(starts, lengths), lengths, units)

    def texts(
        self, numbers: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the tokens of some texts, where each one's start, and their numbers there."""
        from dedup.kernels.records import token_counts

        starts, lengths, units = self._places(numbers)
        tokens = token_counts(lengths, units)
        offsets = np.concatenate(([0], np.cumsum(tokens)))
        return self.records.gather(starts, tokens), offsets, np.arange(len(numbers))

    def _places(
        self, numbers: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return where some records start, their words, and the units of their texts."""
        starts, first_units = self.offsets[numbers], self.unit_offsets[numbers]
        return (
            starts,
            self.offsets[numbers + 1] - starts,
            self.unit_offsets[numbers + 1] - first_units,
        )

    def close(self) -> None:
        """Give the disk space back."""
        self.records.close()


class UnitStore:
    """Hashes and weights of the units of n texts, and the texts' digests.

    Parameters
    ----------
    hashes, weights
        Of the units, one text's behind another's.
    digests : uint64 of shape (n,) | None
        None yet if there are no texts.
    """

    def __init__(
        self,
        hashes: Column[np.uint64],
        weights: Column[np.uint32],
        digests: NDArray[np.uint64] | None = None,
    ) -> None:
        self.hashes, self.weights = hashes, weights
        self._digests: HeldArray[np.uint64] = HeldArray(np.uint64)
        if digests is not None:
            self._digests.append(digests)

    @classmethod
    def on(cls, scratch: Scratch) -> "UnitStore":
        """Return a store without units."""
        return cls(
            scratch.column(np.uint64, "read.unit_hashes"),
            scratch.column(np.uint32, "read.unit_weights"),
        )

    @property
    def digests(self) -> NDArray[np.uint64]:
        """Texts with the same tokens have the same; shape (n,)."""
        return self._digests.items

    def append(self, batch: "UnitBatch") -> None:
        """Add the units of some texts."""
        self.hashes.append(batch.hashes)
        self.weights.append(batch.weights)
        self._digests.append(batch.digests)

    def of(
        self, offsets: NDArray[np.int64], texts: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
        """Return units of some texts in memory.

        Parameters
        ----------
        offsets : int64 of shape (n + 1,)
            Where the units of each text start.
        texts : int64 of shape (m,)

        Returns
        -------
        hashes, weights, offsets, texts
            The texts are numbers in these offsets: all are in memory, or only they.
        """
        hashes, weights = self.hashes, self.weights
        if isinstance(hashes, HeldArray) and isinstance(weights, HeldArray):
            return hashes.items, weights.items, offsets, texts
        starts = offsets[texts]
        lengths = offsets[texts + 1] - starts
        return (
            hashes.gather(starts, lengths),
            weights.gather(starts, lengths),
            np.concatenate(([0], np.cumsum(lengths))),
            np.arange(len(texts)),
        )

    def close(self) -> None:
        """Give the disk space back."""
        self.hashes.close()
        self.weights.close()
