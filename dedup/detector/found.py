"""Matched pairs as they are found, and then by the ranks of their articles."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Column, HeldArray, Scratch
from dedup.detector.dates import DaysApart
from dedup.detector.groups import WrittenOut
from dedup.match import Evidence

__all__ = ["MATCH_COLUMNS", "FoundPairs"]

#: What is kept of each pair, in the order of the parameters of :class:`~dedup.match.Matches`.
MATCH_COLUMNS = {
    "a": np.int32, "b": np.int32, "rows": np.int32, "is_turned": np.bool_,
    "days_apart": np.float64,
}  # fmt: skip
_WIDTH = len(fields(Evidence))
_THIRTY_TWO = np.uint64(32)
#: First ranks are counted so many together when the pairs are parted.
_RANKS_A_BIN_LOG = 6
#: So many pairs are looked at at once.
_STRETCH = 1 << 17
#: What sorting takes of a pair, of the 8 bytes that it is known by.
_SORTING_SHARE = 2


class FoundPairs:
    """Pairs of articles in the order in which they were found; on disk where memory is scarce.

    Attributes
    ----------
    unlisted : int
        Pairs that are not written out.
    """

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._codes = scratch.column(np.uint64)
        self._rows = scratch.column(np.int32)
        self._is_turned = scratch.column(np.bool_)
        self._counts = scratch.column(np.int32, "compare.counts")
        self.unlisted = 0

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def measured(self) -> int:
        """Of how many pairs of bodies there are counts."""
        return len(self._counts) // _WIDTH

    @property
    def counts(self) -> NDArray[np.int32] | ArrayFile[np.int32]:
        """Fields of :class:`Evidence` of each, of shape (k, 14); flat on disk."""
        if isinstance(self._counts, HeldArray):
            return self._counts.items.reshape(-1, _WIDTH)
        return self._counts

    def add(self, counts: NDArray[np.int32], written: WrittenOut) -> None:
        """Add pairs of articles that pairs of bodies stand for."""
        self._rows.append(written.rows + np.int32(self.measured))
        self._counts.append(counts.ravel())
        self._codes.append(written.a.astype(np.uint64) << _THIRTY_TWO | written.b.astype(np.uint64))
        self._is_turned.append(written.is_turned)
        self.unlisted += written.unlisted

    def in_order(self, n: int, dates: DaysApart) -> Mapping[str, Any]:
        """Return the columns of the pairs, by ranks; give back what is not sorted.

        Parameters
        ----------
        n : int
            How many ranks there are.
        """
        found: dict[str, Column[Any]] = {
            name: self._scratch.column(dtype, f"compare.{name}")
            for name, dtype in MATCH_COLUMNS.items()
        }
        for codes, rows, is_turned in self._parts(n):
            by_rank = np.argsort(codes)  # no pair stands twice
            codes = codes[by_rank]
            a, b = (codes >> _THIRTY_TWO).astype(np.int32), codes.astype(np.uint32).view(np.int32)
            columns: tuple[NDArray[Any], ...] = (
                a,
                b,
                rows[by_rank],
                is_turned[by_rank],
                dates.of(a, b),
            )
            for column, items in zip(found.values(), columns, strict=True):
                column.append(items)
        for part in (self._codes, self._rows, self._is_turned):
            part.close()
        return {
            name: column.items if isinstance(column, HeldArray) else column
            for name, column in found.items()
        }

    def _parts(
        self, n: int
    ) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.bool_]]]:
        """Yield the pairs, the lower first ranks before the others."""
        columns = self._codes, self._rows, self._is_turned
        for first, last in self._ranges(n):
            if (first, last) == (0, n):
                yield tuple(column.read(0, len(self)) for column in columns)  # type: ignore[misc]
                return
            low, high = np.uint64(first) << _THIRTY_TWO, np.uint64(last) << _THIRTY_TWO
            chosen: list[list[NDArray[Any]]] = [[column.read(0, 0)] for column in columns]
            for start in range(0, len(self), _STRETCH):
                end = min(start + _STRETCH, len(self))
                codes = self._codes.read(start, end)
                here = np.flatnonzero((low <= codes) & (codes < high))
                if len(here):
                    for some, column in zip(chosen, columns, strict=True):
                        some.append(column.read(start, end)[here])
            yield tuple(map(np.concatenate, chosen))  # type: ignore[misc]

    def _ranges(self, n: int) -> Iterator[tuple[int, int]]:
        """Yield ranges of first ranks with about as many pairs as may be sorted at once."""
        parts = self._scratch.parts_of(_SORTING_SHARE * 8 * len(self))
        if parts == 1:
            yield 0, n
            return
        counts = np.zeros((n >> _RANKS_A_BIN_LOG) + 1, np.int64)
        for start in range(0, len(self), _STRETCH):
            codes = self._codes.read(start, min(start + _STRETCH, len(self)))
            bins = (codes >> np.uint64(32 + _RANKS_A_BIN_LOG)).astype(np.int64)
            counts += np.bincount(bins, minlength=len(counts))
        part = np.cumsum(counts) * parts // max(len(self) + 1, 1)
        edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(counts)]
        for first, last in pairwise(edges):
            yield first << _RANKS_A_BIN_LOG, last << _RANKS_A_BIN_LOG
