"""Pairs in memory, out of the many that there are."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Links", "Pairs", "Verdicts"]


class Verdicts(NamedTuple):
    """A policy's word on m pairs; arrays of shape (m,).

    ``relations`` int8: what a is to b, as places in ``RELATIONS``. ``is_duplicate`` bool:
    the policy counts them. ``is_rerun`` bool: published too long after to count.
    """

    relations: NDArray[np.int8]
    is_duplicate: NDArray[np.bool_]
    is_rerun: NDArray[np.bool_]


class Links(NamedTuple):
    """Some of the pairs that are duplicates; arrays of shape (m,).

    ``numbers`` int64: their places among all. ``a``, ``b`` int32: places of ids.
    ``strengths`` float64: as :attr:`Match.strength`.
    """

    numbers: NDArray[np.int64]
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    strengths: NDArray[np.float64]

    def chosen(self, some: NDArray[Any]) -> "Links":
        """Return some of them, by flags or by places."""
        if some.dtype == np.bool_:
            some = np.flatnonzero(some)  # once for all columns
        return Links(*(column[some] for column in self))


class Pairs(NamedTuple):
    """Some pairs in memory; see :class:`~dedup.match.matches.Matches`."""

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    rows: NDArray[np.int32]
    is_turned: NDArray[np.bool_]
    days_apart: NDArray[np.float64]
