"""Bodies of stored articles at hand, one after another in arrays that are kept."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes
from dedup.stream.sites import KnownSite, Sites

__all__ = ["NO_FLAGS", "Gathered", "Shelf"]

NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)
#: Tokens that there is room for, 9 bytes each: some ten thousand bodies.
_TOKENS = 1 << 22
#: The bodies of one call take a quarter of the room at most, and another may stay empty at
#: the end of the arrays: what was put within the last half is safe from them.
_OF_ONE_CALL = 4


class _Place(NamedTuple):
    """Where a body stands, and by what it was cut.

    ``version`` is the index's when ``known`` was last asked for; ``at`` how many tokens
    were put on the shelf before: it is written round and round.
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


class Shelf:
    """Bodies of the articles compared lately; the oldest make room for others.

    A body is good as long as its site is known as when it was cut, and the index has
    not forgotten or taken back an article since.

    Attributes
    ----------
    tokens, is_formula : uint64 and bool
        The bodies; the shingle that starts at a token is boilerplate of the site.
    """

    tokens: Hashes
    is_formula: NDArray[np.bool_]

    def __init__(self, index: Index, sites: Sites, multipliers: Hashes) -> None:
        self._index = index
        self._sites = sites
        self._multipliers = multipliers
        self._is_out = np.empty(1 << 10, np.bool_)
        self._rows_version = -1
        self._clear(_TOKENS)

    def gather(self, numbers: Sequence[int]) -> Gathered:
        """Have the bodies of articles on the shelf until the next call; forgotten ones not."""
        version, rows_version = self._sites.version, self._index.rows_version
        if rows_version != self._rows_version:
            self._places.clear()
            self._order.clear()
            self._rows_version = rows_version
        missing, aged = self._sorted(numbers, version)
        rows: dict[int, StoredArticle] = {}
        if missing or aged:
            rows = {row.number: row for row in self._index.rows(missing)}
            tokens = sum(len(row.tokens) for row in rows.values())
            tokens += sum(place.end - place.start for _, place in aged)
            if _OF_ONE_CALL * tokens > self._size:
                self._clear(_OF_ONE_CALL * tokens)
                return self.gather(numbers)
            self._put_again(aged, version)
            for row in rows.values():
                self._cut(row, version)
            if len(rows) < len(missing):
                gone = set(missing).difference(rows)
                numbers = [number for number in numbers if number not in gone]
        found = [self._places[number] for number in numbers]
        starts, ends = [place.start for place in found], [place.end for place in found]
        return Gathered(numbers, starts, ends, rows)

    def put(
        self,
        number: int,
        site: str,
        known: KnownSite,
        tokens: Hashes,
        is_formula: NDArray[np.bool_],
    ) -> None:
        """Put the body of an article that was just added on the shelf, as it was cut."""
        length = len(tokens)
        if self._index.rows_version == self._rows_version and length <= self._size // _OF_ONE_CALL:
            here = slice(start := self._room_for(length), start + length)
            self.tokens[here], self.is_formula[here] = tokens, is_formula
            self._keep(number, site, known, self._sites.version, length)

    def _sorted(
        self, numbers: Sequence[int], version: int
    ) -> tuple[list[int], list[tuple[int, _Place]]]:
        """Return which bodies have to be cut, and which to be put on the shelf once more."""
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
        self.tokens, self.is_formula = np.empty(size, np.uint64), np.empty(size, np.bool_)
        self._places: dict[int, _Place] = {}
        self._order: deque[tuple[int, int]] = deque()

    def _put_again(self, aged: Sequence[tuple[int, _Place]], version: int) -> None:
        """Put bodies on the shelf once more, before others take their room."""
        # All are read before one is written: it may stand where another stood.
        bodies = [
            (self.tokens[place.start : place.end].copy(),
             self.is_formula[place.start : place.end].copy())
            for _, place in aged
        ]  # fmt: skip
        for (number, place), (tokens, is_formula) in zip(aged, bodies, strict=True):
            start = self._room_for(len(tokens))
            self.tokens[start : start + len(tokens)] = tokens
            self.is_formula[start : start + len(tokens)] = is_formula
            self._keep(number, place.site, place.known, version, len(tokens))

    def _cut(self, row: StoredArticle, version: int) -> None:
        from dedup.kernels.gate import cut_article

        tokens, units, site = row.tokens, row.units, row.site
        known = self._sites.of(site)
        if len(units) > len(self._is_out):
            self._is_out = np.empty(2 * len(units), np.bool_)
        here = slice(start := self._room_for(len(tokens)), start + len(tokens))
        length, _, _ = cut_article(
            tokens, units, row.cues if known.needs_cues else NO_FLAGS, *known.repeated,
            self._multipliers, MIN_BODY_WEIGHT, self.tokens[here], self.is_formula[here],
            self._is_out,
        )  # fmt: skip
        self._keep(row.number, site, known, version, length)

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
