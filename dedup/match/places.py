"""Where an id stands among many."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.match.columns import Ids

__all__ = ["Places"]

#: So many ids are looked at at once.
_STRETCH = 1 << 16


class Places:
    """Finds ids: by a table in memory, or by 16 bytes an id where they wait on disk.

    Parameters
    ----------
    ids : Sequence[str]
        All different.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids

    def find(self, identity: str) -> int | None:
        """Return the place of an id, if it is there."""
        if not (isinstance(self._ids, Ids) and self._ids.is_waiting):
            return self._table.get(identity)
        digests, places = self._digests
        digest = _digest(identity)
        first = int(np.searchsorted(digests, digest))
        while first < len(digests) and digests[first] == digest:
            place = int(places[first])
            if self._ids[place] == identity:  # a digest alone says nothing
                return place
            first += 1
        return None

    @cached_property
    def _table(self) -> Mapping[str, int]:
        return dict(zip(self._ids, range(len(self._ids)), strict=True))

    @cached_property
    def _digests(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        found = np.empty(len(self._ids), np.int64)
        for start in range(0, len(found), _STRETCH):
            some = self._ids[start : start + _STRETCH]
            found[start : start + len(some)] = np.fromiter(map(_digest, some), np.int64, len(some))
        order = np.argsort(found).astype(np.int32)
        return found[order], order


def _digest(identity: str) -> int:
    """Return a number that is the same for the same id, in this process."""
    return hash(identity)
