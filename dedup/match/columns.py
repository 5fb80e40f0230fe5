"""Columns that are in memory, or wait elsewhere and are read a stretch at a time."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ids", "RankedIds", "Waiting", "chosen_of", "ids_at", "is_waiting", "stretch_of"]

#: So many items are read at once when some of a column are wanted.
_STRETCH = 1 << 17
_Item = TypeVar("_Item", bound=np.generic)


class Waiting(Protocol):
    """A column that is not in memory."""

    def __len__(self) -> int: ...
    def read(self, start: int, end: int) -> NDArray[Any]:
        """Return items start to end."""
        ...

    def gather(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[Any]:
        """Return parts of the column one after another."""
        ...

    def sibling(self, dtype: type[np.generic]) -> Any:  # noqa: ANN401 - a file as itself is
        """Return a new column, to be added to, where this one is."""
        ...


@runtime_checkable
class Ids(Protocol):
    """Ids of which many are had at once.

    Attributes
    ----------
    is_waiting : bool
        They are not in memory.
    """

    @property
    def is_waiting(self) -> bool:
        """They are not in memory."""
        ...

    def many(self, places: NDArray[np.int64]) -> list[str]:
        """Return some of them, in the order given."""
        ...


def is_waiting(column: NDArray[Any] | Waiting) -> bool:
    """Say whether a column is not in memory."""
    return not isinstance(column, np.ndarray)


def stretch_of(column: NDArray[_Item] | Waiting, start: int, end: int) -> NDArray[_Item]:
    """Return items start to end, or to the last."""
    if isinstance(column, np.ndarray):
        return column[start:end]
    return column.read(start, min(end, len(column)))


def chosen_of(column: NDArray[_Item] | Waiting, numbers: NDArray[np.int64]) -> NDArray[_Item]:
    """Return some items; a column that waits is read where they are, once.

    Parameters
    ----------
    numbers : int64 of shape (n,)
        Ascending, unless the column is in memory.
    """
    if isinstance(column, np.ndarray):
        return column[numbers]
    found = [column.read(0, 0)]
    edges = np.searchsorted(numbers, [*range(0, len(column), _STRETCH), len(column)]).tolist()
    for first, last in pairwise(edges):
        if first < last:
            low, high = int(numbers[first]), int(numbers[last - 1]) + 1
            found.append(column.read(low, high)[numbers[first:last] - low])
    return np.concatenate(found)


def ids_at(ids: Sequence[str], places: NDArray[Any]) -> list[str]:
    """Return some ids, in the order given."""
    if isinstance(ids, Ids):
        return ids.many(places)
    return [ids[place] for place in places.tolist()]


class RankedIds(Sequence[str]):
    """Ids in their order, of articles that are in another.

    Attributes
    ----------
    unranked : sequence of n
        The ids.
    order : int64 of shape (n,)
        Which has rank 0, 1, ...
    """

    def __init__(self, unranked: Sequence[str], order: NDArray[np.int64]) -> None:
        self.unranked, self.order = unranked, order

    @property
    def is_waiting(self) -> bool:
        """They are not in memory."""
        return isinstance(self.unranked, Ids) and self.unranked.is_waiting

    def many(self, places: NDArray[np.int64]) -> list[str]:
        """Return some of them, in the order given."""
        return ids_at(self.unranked, self.order[places])

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - as any sequence
        """Return an id, or some of them."""
        if isinstance(place, slice):
            return self.many(np.arange(len(self))[place])
        return self.unranked[int(self.order[place])]
