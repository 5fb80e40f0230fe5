"""What was cut from stored articles lately, at hand in arrays that are written round and round."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from itertools import compress
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dedup.index import Index, StoredArticle
from dedup.stream.sites import KnownSite, Sites

__all__ = ["Gathered", "Ring", "Source"]

#: What one call asks for takes a quarter of the room at most, and another may stay empty at
#: the end of the arrays: what was put within the last half is safe from them.
_OF_ONE_CALL = 4
#: Fewer than a body has as a rule: there are more places than bodies.
_TOKENS_A_PLACE = 100
_NO_ROWS: Mapping[int, StoredArticle] = {}


class Source(Protocol):
    """What a body can be cut from."""

    @property
    def site(self) -> str:
        """Its site."""
        ...

    @property
    def token_count(self) -> int:
        """How many tokens it has."""
        ...


S = TypeVar("S", bound=Source)


class Gathered(NamedTuple):
    """Where the bodies of n articles stand.

    ``starts`` and ``ends`` are int64 of shape (n,); ``rows`` are those of the articles
    that were read for it, by number.
    """

    numbers: Sequence[int]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    rows: Mapping[int, StoredArticle]


class Ring(ABC, Generic[S]):
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
        # Imported here once: this is asked for each article, some of it for each candidate.
        from dedup.kernels.places import (
            AGED,
            MISSING,
            UNSURE,
            keep_place,
            keep_places,
            locate,
        )

        self._locate, self._keep_place, self._keep_places = locate, keep_place, keep_places
        self._aged, self._missing, self._unsure = AGED, MISSING, UNSURE
        self._index = index
        self._sites = sites
        self._dtypes = dtypes
        self._rows_version = -1
        self._reader: Future[None] | None = None
        self._clear(tokens)

    @abstractmethod
    def _cut(self, source: S, known: KnownSite, columns: Sequence[NDArray[Any]]) -> int:
        """Write what is kept of an article's body; return its number of tokens."""

    @abstractmethod
    def _sources(self, numbers: Sequence[int]) -> dict[int, S]:
        """Return what to cut bodies from, by number; of forgotten articles nothing."""

    def gather(self, numbers: Sequence[int], known: Mapping[int, S] | None = None) -> Gathered:
        """Have the bodies of articles at hand until the next call; forgotten ones not.

        Parameters
        ----------
        known : mapping
            What was read of some already, by number.
        """
        self._wait()
        if not self.is_current:
            self._forget()
            self._rows_version = self._index.rows_version
        (starts, ends, stamps), states, worst = self._located(numbers)
        if worst < self._missing:
            return Gathered(numbers, starts, ends, _NO_ROWS)
        their_states = states.tolist()
        missing = [place for place, state in enumerate(their_states) if state == self._missing]
        sources = self._known_or_read([numbers[place] for place in missing], known or {})
        aged = [place for place, state in enumerate(their_states) if state == self._aged]
        tokens = sum([source.token_count for source in sources.values()])
        if aged:
            tokens += int((ends[aged] - starts[aged]).sum())
        if _OF_ONE_CALL * tokens > self._size:
            self._clear(_OF_ONE_CALL * tokens)
            return self.gather(numbers, {**(known or {}), **sources})
        # All are read before one is written: it may stand where another stood.
        bodies = [
            [column[starts[place] : ends[place]].copy() for column in self.columns]
            for place in aged
        ]
        for place, body in zip(aged, bodies, strict=True):
            starts[place], ends[place] = self._write(numbers[place], int(stamps[place]), body)
        rows = {n: source for n, source in sources.items() if isinstance(source, StoredArticle)}
        there = [place for place in missing if numbers[place] in sources]
        if there:
            asked = [numbers[place] for place in there]
            starts[there], ends[there] = self._read(asked, [sources[n] for n in asked])
        if len(there) == len(missing):
            return Gathered(numbers, starts, ends, rows)
        is_there = states != self._missing
        is_there[there] = True
        kept = list(compress(numbers, is_there.tolist()))
        return Gathered(kept, starts[is_there], ends[is_there], rows)

    def lend(self, reader: "Future[None]") -> None:
        """Let another thread read the bodies that were gathered; who writes waits for it."""
        self._reader = reader

    @property
    def is_current(self) -> bool:
        """Something was asked for since the index last forgot or took back an article."""
        return self._index.rows_version == self._rows_version

    def put(self, number: int, site: str, known: KnownSite, *columns: NDArray[Any]) -> None:
        """Have the body of an article that was just added at hand, as it was cut."""
        if self.is_current and len(columns[0]) <= self._size // _OF_ONE_CALL:
            self._wait()
            self._write(number, self._stamp(site, known), columns)

    def put_several(
        self,
        numbers: Sequence[int],
        sites: Sequence[str],
        known: Mapping[str, KnownSite],
        lengths: NDArray[np.int64],
        *columns: NDArray[Any],
    ) -> None:
        """Do as :meth:`put` for n articles whose bodies stand one behind the other.

        Parameters
        ----------
        sites : sequence of n
        known : mapping of str to KnownSite
            What is known of each site.
        lengths : int64 of shape (n,)
        """
        count = len(columns[0])
        if not self.is_current or count > self._size // _OF_ONE_CALL:
            return
        self._wait()
        stamps = {site: self._stamp(site, known[site]) for site in dict.fromkeys(sites)}
        start = self._room_for(count)
        for column, its in zip(self.columns, columns, strict=True):
            column[start : start + count] = its
        self._keep_places(
            self._places, np.array(numbers, np.int64), self._head, lengths,
            np.array([stamps[site] for site in sites], np.int64),
        )  # fmt: skip
        self._head += count

    def _wait(self) -> None:
        if self._reader is not None:
            self._reader.exception()
            self._reader = None

    def _located(self, numbers: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.uint8], int]:
        """Return where bodies stand and by what they were cut, how sure that is, the worst."""
        asked, states = np.array(numbers, np.int64), np.empty(len(numbers), np.uint8)
        found, version = np.empty((3, len(numbers)), np.int64), self._sites.version
        starts, ends, stamps = found

        def look() -> int:
            return self._locate(
                asked, self._places, self._confirmed, version, self._head, self._size, starts,
                ends, stamps, states,
            )  # fmt: skip

        while (worst := look()) == self._unsure:
            for stamp in set(stamps[states == self._unsure].tolist()):
                site, known = self._stamped[stamp]
                if self._sites.of(site) is known:
                    self._confirmed[stamp] = version
                else:
                    self._outdate(site)
        return found, states, worst

    def _known_or_read(self, numbers: Sequence[int], known: Mapping[int, S]) -> dict[int, S]:
        sources = {number: known[number] for number in numbers if number in known}
        if len(sources) < len(numbers):
            sources |= self._sources([number for number in numbers if number not in sources])
        return sources

    def _clear(self, size: int) -> None:
        self._size = size
        self.columns = tuple(np.empty(size, dtype) for dtype in self._dtypes)
        self._forget()

    def _forget(self) -> None:
        """Let go of all bodies."""
        from dedup.kernels.places import make_places

        self._head = 0
        self._places = make_places(self._size // _TOKENS_A_PLACE + 1)
        #: By what bodies were cut: at which version that was last so, and the stamp of each site.
        self._stamped: dict[int, tuple[str, KnownSite]] = {}
        self._confirmed = np.empty(64, np.int64)
        self._stamps: dict[str, int] = {}
        self._next_stamp = 0

    def _stamp(self, site: str, known: KnownSite) -> int:
        """Return what tells that a body was cut by what is known of its site now."""
        stamp = self._stamps.get(site)
        if stamp is None or self._stamped[stamp][1] is not known:
            self._outdate(site)
            stamp = self._stamps[site] = self._next_stamp
            self._stamped[stamp] = site, known
            self._next_stamp += 1
            if stamp == len(self._confirmed):
                self._confirmed = np.resize(self._confirmed, 2 * stamp)
        self._confirmed[stamp] = self._sites.version
        return stamp

    def _outdate(self, site: str) -> None:
        from dedup.kernels.places import OUTDATED

        stamp = self._stamps.pop(site, None)
        if stamp is not None:
            self._confirmed[stamp] = OUTDATED
            del self._stamped[stamp]

    def _write(self, number: int, stamp: int, columns: Sequence[NDArray[Any]]) -> tuple[int, int]:
        start, length = self._room_for(len(columns[0])), len(columns[0])
        for column, its in zip(self.columns, columns, strict=True):
            column[start : start + length] = its
        return self._keep(number, stamp, start, length)

    def _read(
        self, numbers: Sequence[int], sources: Sequence[S]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cut bodies, one behind the other; return where they start and end."""
        at = start = self._room_for(sum([source.token_count for source in sources]))
        cut_by: dict[str, tuple[KnownSite, int]] = {}
        lengths, stamps = [], []
        for source in sources:
            site = source.site
            its = cut_by.get(site)
            if its is None:
                known = self._sites.of(site)
                its = cut_by[site] = known, self._stamp(site, known)
            end = at + source.token_count
            length = self._cut(source, its[0], [column[at:end] for column in self.columns])
            lengths.append(length)
            stamps.append(its[1])
            at += length
        counts = np.array(lengths, np.int64)
        self._keep_places(
            self._places, np.array(numbers, np.int64), self._head, counts,
            np.array(stamps, np.int64),
        )  # fmt: skip
        self._head += at - start
        ends = start + np.cumsum(counts)
        return ends - counts, ends

    def _room_for(self, length: int) -> int:
        """Return where the next body of so many tokens may stand."""
        left = self._size - self._head % self._size
        if length > left:
            self._head += left
        return self._head % self._size

    def _keep(self, number: int, stamp: int, start: int, length: int) -> tuple[int, int]:
        self._keep_place(self._places, number, self._head, length, stamp)
        self._head += length
        return start, start + length
