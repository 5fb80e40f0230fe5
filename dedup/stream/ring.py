"""What was cut from stored articles lately, at hand in arrays that are written round and round."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dedup.index import Index, StoredArticle
from dedup.stream.sites import KnownSite, Sites

__all__ = ["Gathered", "Ring"]

#: What one call asks for takes a quarter of the room at most, and another may stay empty at
#: the end of the arrays: what was put within the last half is safe from them.
_OF_ONE_CALL = 4
_NO_ROWS: Mapping[int, StoredArticle] = {}


class _Place(NamedTuple):
    """Where a body stands, and by what it was cut.

    ``version`` is the index's when ``known`` was last asked for; ``at`` how many tokens
    were put in the ring before.
    """

    site: str
    known: KnownSite
    version: int
    at: int
    start: int
    end: int


class Gathered(NamedTuple):
    """Where the bodies of n articles stand.

    ``rows`` are those of the articles that were read for it, by number.
    """

    numbers: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    rows: Mapping[int, StoredArticle]


class Ring(ABC):
    """Something of each token of bodies; the oldest bodies make room for others.

    A body is good as long as its site is known as when it was cut, and the index has
    not forgotten or taken back an article since.

    Parameters
    ----------
    tokens : int
        That there is room for.
    dtypes : dtypes
        Of the arrays.

    Attributes
    ----------
    columns : tuple of arrays
        Each has something of every token.
    """

    columns: tuple[NDArray[Any], ...]

    def __init__(self, index: Index, sites: Sites, tokens: int, *dtypes: DTypeLike) -> None:
        self._index = index
        self._sites = sites
        self._dtypes = dtypes
        self._rows_version = -1
        self._clear(tokens)

    @abstractmethod
    def _cut(self, row: StoredArticle, known: KnownSite, columns: Sequence[NDArray[Any]]) -> int:
        """Write what is kept of an article's body; return its number of tokens."""

    def gather(
        self, numbers: Sequence[int], known: Mapping[int, StoredArticle] = _NO_ROWS
    ) -> Gathered:
        """Have the bodies of articles at hand until the next call; forgotten ones not.

        Parameters
        ----------
        known : mapping of int to StoredArticle
            Articles that were read already.
        """
        version, rows_version = self._sites.version, self._index.rows_version
        if rows_version != self._rows_version:
            self._places.clear()
            self._order.clear()
            self._rows_version = rows_version
        missing, aged = self._sorted(numbers, version)
        rows: dict[int, StoredArticle] = {}
        if missing or aged:
            rows = self._rows(missing, known)
            tokens = sum(row.token_count for row in rows.values())
            tokens += sum(place.end - place.start for _, place in aged)
            if _OF_ONE_CALL * tokens > self._size:
                self._clear(_OF_ONE_CALL * tokens)
                return self.gather(numbers, known)
            self._put_again(aged, version)
            for number, row in rows.items():
                self._read(number, row, version)
            if len(rows) < len(missing):
                gone = set(missing).difference(rows)
                numbers = [number for number in numbers if number not in gone]
        found = [self._places[number] for number in numbers]
        starts, ends = [place.start for place in found], [place.end for place in found]
        return Gathered(numbers, starts, ends, rows)

    @property
    def is_current(self) -> bool:
        """Something was asked for since the index last forgot or took back an article."""
        return self._index.rows_version == self._rows_version

    def put(self, number: int, site: str, known: KnownSite, *columns: NDArray[Any]) -> None:
        """Have the body of an article that was just added at hand, as it was cut."""
        length = len(columns[0])
        if self.is_current and length <= self._size // _OF_ONE_CALL:
            start = self._room_for(length)
            for column, its in zip(self.columns, columns, strict=True):
                column[start : start + length] = its
            self._keep(number, site, known, self._sites.version, length)

    def _rows(
        self, numbers: Sequence[int], known: Mapping[int, StoredArticle]
    ) -> dict[int, StoredArticle]:
        rows = {number: known[number] for number in numbers if number in known}
        if len(rows) < len(numbers):
            unread = [number for number in numbers if number not in rows]
            rows |= {row.number: row for row in self._index.rows(unread)}
        return rows

    def _sorted(
        self, numbers: Sequence[int], version: int
    ) -> tuple[list[int], list[tuple[int, _Place]]]:
        """Return which bodies have to be cut, and which to be put in the ring once more."""
        oldest = self._head - self._size // 2
        missing, aged = [], []
        for number in numbers:
            place = self._places.get(number)
            if place is None:
                missing.append(number)
            elif place.version != version or place.at < oldest:
                if self._sites.of(place.site) is not place.known:
                    missing.append(number)
                elif place.at < oldest:
                    aged.append((number, place))
                else:
                    self._places[number] = place._replace(version=version)
        return missing, aged

    def _clear(self, size: int) -> None:
        self._size, self._head = size, 0
        self.columns = tuple(np.empty(size, dtype) for dtype in self._dtypes)
        self._places: dict[int, _Place] = {}
        self._order: deque[tuple[int, int]] = deque()

    def _put_again(self, aged: Sequence[tuple[int, _Place]], version: int) -> None:
        """Put bodies in the ring once more, before others take their room."""
        # All are read before one is written: it may stand where another stood.
        bodies = [
            [column[place.start : place.end].copy() for column in self.columns] for _, place in aged
        ]
        for (number, place), body in zip(aged, bodies, strict=True):
            length = place.end - place.start
            start = self._room_for(length)
            for column, its in zip(self.columns, body, strict=True):
                column[start : start + length] = its
            self._keep(number, place.site, place.known, version, length)

    def _read(self, number: int, row: StoredArticle, version: int) -> None:
        site = row.site
        known = self._sites.of(site)
        start = self._room_for(row.token_count)
        here = slice(start, start + row.token_count)
        length = self._cut(row, known, [column[here] for column in self.columns])
        self._keep(number, site, known, version, length)

    def _room_for(self, length: int) -> int:
        """Return where the next body of so many tokens may stand."""
        left = self._size - self._head % self._size
        if length > left:
            self._head += left
        return self._head % self._size

    def _keep(self, number: int, site: str, known: KnownSite, version: int, length: int) -> None:
        start = self._head % self._size
        self._places[number] = _Place(site, known, version, self._head, start, start + length)
        self._order.append((number, self._head))
        self._head += length
        while self._order[0][1] < self._head - self._size:
            number, at = self._order.popleft()
            if self._places[number].at == at:
                del self._places[number]
