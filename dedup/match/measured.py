"""What pairs of bodies share, as rows of counts: in memory, or waiting on disk."""

from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.match.columns import Waiting
from dedup.match.evidence import Evidence
from dedup.match.relation import Policy

__all__ = ["Measured"]

_WIDTH = len(fields(Evidence))
#: So many are looked at at once.
_BLOCK = 4096


class Measured:
    """The evidence of k pairs of bodies.

    Attributes
    ----------
    column : int32 of shape (k, 14)
        Fields of :class:`Evidence`, in their order; flat where it waits.
    """

    def __init__(self, column: NDArray[np.int32] | Waiting) -> None:
        self.column = column
        self._judged: dict[Policy, tuple[NDArray[np.int8], NDArray[np.bool_]]] = {}

    def __len__(self) -> int:
        size = len(self.column)
        return size if isinstance(self.column, np.ndarray) else size // _WIDTH

    def between(self, start: int, end: int) -> NDArray[np.int32]:
        """Return rows start to end."""
        if isinstance(self.column, np.ndarray):
            return self.column[start:end]
        counts: NDArray[np.int32] = self.column.read(start * _WIDTH, end * _WIDTH)
        rows: NDArray[np.int32] = counts.reshape(-1, _WIDTH)
        return rows

    def at(self, rows: NDArray[Any]) -> NDArray[np.int32]:
        """Return some rows, in the order given."""
        if isinstance(self.column, np.ndarray):
            own: NDArray[np.int32] = self.column[rows]
            return own
        different, places = np.unique(rows, return_inverse=True)
        widths = np.full(len(different), _WIDTH, np.int64)
        found = self.column.gather(different.astype(np.int64) * _WIDTH, widths)
        chosen: NDArray[np.int32] = found.reshape(-1, _WIDTH)[places]
        return chosen

    def judged(self, policy: Policy) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
        """Return what each two bodies are, and whether they resemble each other enough."""
        if policy in self._judged:
            return self._judged[policy]
        relations, is_like = np.empty(len(self), np.int8), np.ones(len(self), np.bool_)
        for start in range(0, len(self), _BLOCK):
            counts = self.between(start, min(start + _BLOCK, len(self)))
            here = slice(start, start + len(counts))
            relations[here] = policy.judge_rows(counts)
            if policy.resemblance > 0:
                is_like[here] = Evidence(*counts.T).resemblance >= policy.resemblance
        self._judged = {policy: (relations, is_like)}  # the last alone
        return relations, is_like

    @cached_property
    def strengths(self) -> NDArray[np.float64]:
        """As :attr:`Match.strength`; shape (k,)."""
        strengths = np.empty(len(self), np.float64)
        for start in range(0, len(self), _BLOCK):
            counts = self.between(start, min(start + _BLOCK, len(self)))
            columns = Evidence(*counts.T)
            stronger = np.maximum(columns.coverage_ab, columns.coverage_ba)
            is_equal = columns.is_equal == 1
            strengths[start : start + len(counts)] = np.where(is_equal, 1.0, stronger)
        return strengths

    @cached_property
    def resemblances(self) -> NDArray[np.float64]:
        """As :attr:`Match.resemblance`; shape (k,)."""
        resemblances = np.empty(len(self), np.float64)
        for start in range(0, len(self), _BLOCK):
            counts = self.between(start, min(start + _BLOCK, len(self)))
            resemblances[start : start + len(counts)] = Evidence(*counts.T).resemblance
        return resemblances
