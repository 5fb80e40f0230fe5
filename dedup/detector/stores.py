"""Hashed tokens of many articles, and their bodies, on disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile

if TYPE_CHECKING:
    from dedup.kernels.evidence import BodyBatch
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["BodyStore", "TokenStore"]

#: So many tokens are worked on at once.
CHUNK_TOKENS = 1 << 20


class _Offsets:
    """Where each of a growing number of parts starts; 8 bytes a part."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
        self._whole: NDArray[np.int64] | None = None

    def append(self, offsets: NDArray[np.int64]) -> None:
        self._parts.append(offsets[1:] + self._parts[-1][-1])
        self._whole = None

    @property
    def all(self) -> NDArray[np.int64]:
        if self._whole is None:
            self._whole = np.concatenate(self._parts)
            self._parts = [self._whole]
        return self._whole


class TokenStore:
    """Hashed tokens and units of n texts."""

    def __init__(self, folder: Path | None = None) -> None:
        self._tokens: ArrayFile[np.uint64] = ArrayFile(np.uint64, folder)
        self._units: ArrayFile[np.uint32] = ArrayFile(np.uint32, folder)
        self._token_offsets = _Offsets()
        self._unit_offsets = _Offsets()

    def __len__(self) -> int:
        return len(self._token_offsets.all) - 1

    @property
    def size_bytes(self) -> int:
        """Bytes on disk."""
        return self._tokens.size_bytes + self._units.size_bytes

    @property
    def unit_offsets(self) -> NDArray[np.int64]:
        """Where the units of each text start; int64 of shape (n + 1,)."""
        return self._unit_offsets.all

    def append(self, batch: "TokenBatch") -> None:
        """Add texts at the end."""
        self._tokens.append(batch.tokens)
        self._units.append(batch.units)
        self._token_offsets.append(batch.token_offsets)
        self._unit_offsets.append(batch.unit_offsets)

    def read(self, start: int, end: int) -> "TokenBatch":
        """Return texts start to end."""
        from dedup.kernels.tokenise import TokenBatch

        tokens = self._token_offsets.all[start : end + 1]
        units = self._unit_offsets.all[start : end + 1]
        return TokenBatch(
            self._tokens.read(int(tokens[0]), int(tokens[-1])),
            tokens - tokens[0],
            self._units.read(int(units[0]), int(units[-1])),
            units - units[0],
        )

    def chunks(self) -> Iterator[tuple[int, "TokenBatch"]]:
        """Yield (first text, texts) until all are read."""
        for start, end in chunk_ranges(self._token_offsets.all):
            yield start, self.read(start, end)

    def texts(self, numbers: NDArray[np.int64]) -> Iterator[NDArray[np.uint64]]:
        """Yield the tokens of some texts."""
        offsets = self._token_offsets.all
        for number in numbers.tolist():
            yield self._tokens.read(int(offsets[number]), int(offsets[number + 1]))

    def close(self) -> None:
        """Give the disk space back."""
        self._tokens.close()
        self._units.close()


class BodyStore:
    """The bodies of n articles."""

    def __init__(self, folder: Path | None = None) -> None:
        self._tokens: ArrayFile[np.uint64] = ArrayFile(np.uint64, folder)
        self._is_formula: ArrayFile[np.bool_] = ArrayFile(np.bool_, folder)
        self._offsets = _Offsets()

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each body starts; int64 of shape (n + 1,)."""
        return self._offsets.all

    def append(self, batch: "BodyBatch") -> None:
        """Add bodies at the end."""
        self._tokens.append(batch.tokens)
        self._is_formula.append(batch.is_formula)
        self._offsets.append(batch.offsets)

    def gather(self, numbers: NDArray[np.int64]) -> "BodyBatch":
        """Return some bodies, in the order given."""
        from dedup.kernels.evidence import BodyBatch

        starts, ends = self.offsets[numbers], self.offsets[numbers + 1]
        offsets = np.concatenate(([0], np.cumsum(ends - starts)))
        tokens = np.empty(int(offsets[-1]), np.uint64)
        is_formula = np.empty(int(offsets[-1]), np.bool_)
        for at, to, start in zip(
            offsets[:-1].tolist(), offsets[1:].tolist(), starts.tolist(), strict=True
        ):
            if to > at:
                self._tokens.read_into(tokens[at:to], start)
                self._is_formula.read_into(is_formula[at:to], start)
        return BodyBatch(tokens, offsets, is_formula)

    def close(self) -> None:
        """Give the disk space back."""
        self._tokens.close()
        self._is_formula.close()


def chunk_ranges(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield ranges of parts of about ``CHUNK_TOKENS`` in all, at least one part each."""
    start, last = 0, len(offsets) - 1
    while start < last:
        end = int(np.searchsorted(offsets, offsets[start] + CHUNK_TOKENS, side="right")) - 1
        end = min(max(end, start + 1), last)
        yield start, end
        start = end
