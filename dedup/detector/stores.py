"""Hashed tokens of many articles, on disk."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Column, HeldArray, Item, Scratch

if TYPE_CHECKING:
    from dedup.kernels.tokenise import TokenBatch
    from dedup.kernels.units import UnitBatch

__all__ = ["Offsets", "TokenStore", "UnitStore", "chunk_ranges"]

#: So many tokens are worked on at once.
CHUNK_TOKENS = 1 << 20


class Offsets:
    """Where each of a growing number of parts starts; 8 bytes a part."""

    def __init__(self, known: NDArray[np.int64] | None = None) -> None:
        self._parts = [np.zeros(1, np.int64) if known is None else known]
        self._whole: NDArray[np.int64] | None = None

    def append(self, offsets: NDArray[np.int64]) -> None:
        """Add parts at the end: where each starts among them, and where the last ends."""
        self._parts.append(offsets[1:] + self._parts[-1][-1])
        self._whole = None

    @property
    def all(self) -> NDArray[np.int64]:
        """Where each part starts, and where the last ends; int64 of shape (n + 1,)."""
        if self._whole is None:
            self._whole = np.concatenate(self._parts)
            self._parts = [self._whole]
        return self._whole


def _gathered(
    file: Column[Item], offsets: NDArray[np.int64], numbers: NDArray[np.int64]
) -> tuple[NDArray[Item], NDArray[np.int64]]:
    """Return some parts of a file one after another, and where each starts."""
    starts = offsets[numbers]
    lengths = offsets[numbers + 1] - starts
    return file.gather(starts, lengths), np.concatenate(([0], np.cumsum(lengths)))


class TokenStore:
    """Hashed tokens and units of n texts.

    Parameters
    ----------
    tokens, units : Column
        Of the texts, one behind another.
    token_offsets, unit_offsets : int64 of shape (n + 1,) | None
        Where those of each text start; none yet if there are no texts.
    """

    def __init__(
        self,
        tokens: ArrayFile[np.uint64],
        units: Column[np.uint32],
        token_offsets: NDArray[np.int64] | None = None,
        unit_offsets: NDArray[np.int64] | None = None,
    ) -> None:
        self.tokens, self.units = tokens, units
        self._token_offsets = Offsets(token_offsets)
        self._unit_offsets = Offsets(unit_offsets)

    @classmethod
    def on(cls, scratch: Scratch) -> "TokenStore":
        """Return a store without texts."""
        return cls(scratch.array(np.uint64, "read.tokens"), scratch.column(np.uint32, "read.units"))

    def __len__(self) -> int:
        return len(self._token_offsets.all) - 1

    @property
    def token_offsets(self) -> NDArray[np.int64]:
        """Where the tokens of each text start; int64 of shape (n + 1,)."""
        return self._token_offsets.all

    @property
    def unit_offsets(self) -> NDArray[np.int64]:
        """Where the units of each text start; int64 of shape (n + 1,)."""
        return self._unit_offsets.all

    def append(self, batch: "TokenBatch") -> None:
        """Add texts at the end."""
        self.tokens.append(batch.tokens)
        self.units.append(batch.units)
        self._token_offsets.append(batch.token_offsets)
        self._unit_offsets.append(batch.unit_offsets)

    def read(self, start: int, end: int) -> "TokenBatch":
        """Return texts start to end."""
        from dedup.kernels.tokenise import TokenBatch

        tokens = self._token_offsets.all[start : end + 1]
        units = self._unit_offsets.all[start : end + 1]
        return TokenBatch(
            self.tokens.read(int(tokens[0]), int(tokens[-1])),
            tokens - tokens[0],
            self.units.read(int(units[0]), int(units[-1])),
            units - units[0],
        )

    def chunks(self) -> Iterator[tuple[int, "TokenBatch"]]:
        """Yield (first text, texts) until all are read."""
        for start, end in chunk_ranges(self._token_offsets.all):
            yield start, self.read(start, end)

    def gather(self, numbers: NDArray[np.int64]) -> "TokenBatch":
        """Return some texts, in the order given."""
        from dedup.kernels.tokenise import TokenBatch

        return TokenBatch(
            *self.texts(numbers),
            *_gathered(self.units, self._unit_offsets.all, numbers),
        )

    def texts(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the tokens of some texts, in the order given, and where each one's start."""
        return _gathered(self.tokens, self._token_offsets.all, numbers)

    def close(self) -> None:
        """Give the disk space back."""
        self.tokens.close()
        self.units.close()


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


def chunk_ranges(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield ranges of parts of about ``CHUNK_TOKENS`` in all, at least one part each."""
    start, last = 0, len(offsets) - 1
    while start < last:
        end = int(np.searchsorted(offsets, offsets[start] + CHUNK_TOKENS, side="right")) - 1
        end = min(max(end, start + 1), last)
        yield start, end
        start = end
