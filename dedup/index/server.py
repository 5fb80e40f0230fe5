"""What indexes on a server share: what a transaction adds is kept here until its end."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from itertools import count, islice
from types import TracebackType
from typing import Self

from dedup.errors import IndexCorruptError
from dedup.index.keys import LARGEST_GROUP
from dedup.index.learned import (
    SiteCounts,
    SiteState,
    pack_counts,
    pack_site,
    unpack_counts,
    unpack_site,
)
from dedup.index.outlines import PackedOutline
from dedup.index.posting_lists import PostingLists, choose
from dedup.index.postings import MemoryPostings
from dedup.index.protocol import BodyKeys, Info, Settings, Sharing
from dedup.index.rekey import Rekeyer
from dedup.index.seal import checked
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes

__all__ = ["Additions", "ServerIndex"]

_ROWS_AT_ONCE = 200
_END = object()


class Additions:
    """What one transaction adds."""

    def __init__(self, last: int, version: int) -> None:
        self.last = last
        self.version = version
        self.articles: dict[int, tuple[bytes, bytes | None]] = {}
        self.postings: list[tuple[int, Hashes, int]] = []
        self.chains = MemoryPostings()
        self.counts: dict[str, bytes] = {}
        self.sites: dict[str, bytes] = {}
        self.removed: list[int] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.articles or self.counts or self.sites or self.removed)


class ServerIndex(ABC):
    """An index on a server; threads share a connection, one at a time."""

    _postings: PostingLists

    def __init__(self, url: str) -> None:
        self.url = url
        self.settings = Settings()
        self._lock = threading.RLock()
        self._new: Additions | None = None
        self._looks = count()

    @abstractmethod
    def _read(self, table: str, names: Sequence[int | str]) -> list[bytes | None]:
        """Return rows of ``article``, ``text``, ``counts`` or ``site``."""

    @abstractmethod
    def _names(self, table: str) -> list[str]:
        """Return the names of all rows of ``counts`` or ``site``, sorted."""

    @abstractmethod
    def _numbers_after(self, number: int, most: int) -> list[int]:
        """Return the numbers of the next articles."""

    @abstractmethod
    def _read_version(self) -> int:
        """Return how often boilerplate was learned."""

    @abstractmethod
    def _post(self, missing: Sequence[tuple[int, Hashes, int]]) -> None:
        """Add postings of those articles that are still there, all or none."""

    @abstractmethod
    def _thin(self) -> Iterator[None]:
        """Drop the postings of what was forgotten, some with each step."""

    @abstractmethod
    def _errors(self) -> AbstractContextManager[None]:
        """Raise what the server says as errors of this package."""

    @abstractmethod
    def info(self) -> Info:
        """Say what is in it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @property
    def version(self) -> int:
        """Changes whenever a site's boilerplate does."""
        return self._new.version if self._new else self._read_version()

    @property
    def rows_version(self) -> int:
        """Changes at every look: others may have forgotten an article meanwhile."""
        return next(self._looks)

    @property
    def next_number(self) -> int:
        """The number that the next article will have."""
        return self._additions.last + 1

    def find(self, keys: Hashes) -> Sharing:
        """Return the articles that share enough of a body's keys."""
        found = choose(keys, self._postings.newest(keys.tolist(), LARGEST_GROUP + 1))
        if self._new is None:
            return found
        fresh = self._new.chains.find(keys)
        numbers = [*found.numbers, *fresh.numbers]
        return Sharing(numbers, found.cut_keys + fresh.cut_keys)

    def find_ahead(
        self,
        keys: BodyKeys,
        threads: Executor,  # noqa: ARG002 - one asks the server at a time
    ) -> list[Sharing]:
        """Return who shares enough keys with the first body."""
        return [self.find(keys.of(0))]

    def numbers_of(self, key: int, most: int) -> list[int]:
        """Return the numbers under a name, newest first."""
        return self.numbers_under([key], most)[0]

    def numbers_under(self, keys: Sequence[int], most: int) -> list[list[int]]:
        """Return the numbers under each of many names, newest first."""
        fresh = self._new.chains.numbers_under(keys, most) if self._new else [[] for _ in keys]
        stored = self._postings.newest(keys, most) if keys else []
        return [
            [*new, *reversed(old[:, 0].tolist())][:most]
            for new, old in zip(fresh, stored, strict=True)
        ]

    def rows(
        self,
        numbers: Sequence[int],
        *,
        is_once: bool = False,  # noqa: ARG002 - nothing is remembered
    ) -> list[StoredArticle]:
        """Return articles by number; forgotten ones are left out."""
        fresh = self._new.articles if self._new else {}
        asked = [number for number in numbers if number not in fresh]
        stored = dict(zip(asked, self._read("article", asked) if asked else (), strict=True))
        found = []
        for number in numbers:
            raw = fresh[number][0] if number in fresh else stored[number]
            if raw is not None:
                found.append(StoredArticle(number, checked(raw, self.url, f"article {number}")))
        return found

    def text_of(self, number: int) -> bytes | None:
        """Return the row of a text."""
        if self._new and number in self._new.articles:
            return self._new.articles[number][1]
        return self._row("text", number)

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        raw = self._new.sites.get(name) if self._new else None
        raw = raw or self._row("site", name)
        return None if raw is None else unpack_site(raw)

    def sites(self) -> Iterator[SiteState]:
        """Yield what was learned of every site."""
        for name in self._names("site"):
            if (state := self.site(name)) is not None:
                yield state

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        raw = self._new.counts.get(site) if self._new else None
        raw = raw or self._row("counts", site)
        return SiteCounts() if raw is None else unpack_counts(raw)

    def site_counts(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield how much was seen of every site, by name."""
        for name in self._names("counts"):
            yield name, self.counts(name)

    def outlines(self, numbers: Sequence[int]) -> Sequence[PackedOutline]:  # noqa: ARG002
        """Return nothing: rows are as near."""
        return ()

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        new = self._additions
        new.last += 1
        new.articles[new.last] = row, text
        new.postings.append((new.last, keys, samples))
        new.chains.append(keys, new.last, samples)
        return new.last

    def save_counts(self, site: str, counts: SiteCounts) -> None:
        """Keep how much was seen of a site."""
        self._additions.counts[site] = pack_counts(counts)

    def save_site(self, state: SiteState) -> None:
        """Keep what was learned of a site; the version changes."""
        self._additions.sites[state.name] = pack_site(state)
        self._additions.version += 1

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles."""
        for number in numbers:
            self._additions.articles.pop(number, None)
            self._additions.removed.append(number)

    def scan(self, after: int = 0) -> Iterator[StoredArticle]:
        """Yield all articles by number."""
        while True:
            with self._errors():
                numbers = self._numbers_after(after, _ROWS_AT_ONCE)
                rows = self.rows(numbers)
            if not numbers:
                return
            yield from rows
            after = numbers[-1]

    def compact(self) -> None:
        """Make postings that are missing; drop those of what was forgotten.

        In steps, each of which is whole or not there: others read and write between them, and
        who was killed begins again.
        """
        for steps in (self._complete(), self._thin()):
            is_left = True
            while is_left:
                with self._lock, self._errors():
                    is_left = next(steps, _END) is not _END

    def problems(self) -> Iterator[str]:
        """Check every row and posting; yield what does not hold."""
        found = self._problems()
        while True:
            with self._errors():
                problem = next(found, None)
            if problem is None:
                return
            yield problem

    def _problems(self) -> Iterator[str]:
        rekeyer = Rekeyer(self.settings.recipe)
        number = 0
        while numbers := self._numbers_after(number, 1):
            number = numbers[0]
            try:
                rows = self.rows(numbers)
                self.text_of(number)
            except IndexCorruptError as error:
                yield error.reason
                continue
            for row in rows:
                keys, _ = rekeyer.keys_of(row)
                if missing := int(self._postings.missing([(number, keys)])[0].sum()):
                    yield f"article {number}: {missing} of {len(keys)} postings are missing"
        for table in ("counts", "site"):
            for name in self._names(table):
                try:
                    self._row(table, name)
                except IndexCorruptError as error:
                    yield error.reason

    def _complete(self) -> Iterator[None]:
        """Make postings that are missing, those of some articles with each step."""
        rekeyer, rows = Rekeyer(self.settings.recipe), self.scan()
        while step := [(row.number, *rekeyer.keys_of(row)) for row in islice(rows, _ROWS_AT_ONCE)]:
            are_missing = self._postings.missing([(number, keys) for number, keys, _ in step])
            missing = [
                (number, keys[is_missing], samples)
                for (number, keys, samples), is_missing in zip(step, are_missing, strict=True)
                if is_missing.any()
            ]
            if missing:
                self._post(missing)
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _additions(self) -> Additions:
        if self._new is None:
            raise RuntimeError("an index is written within transact() only")
        return self._new

    def _row(self, table: str, name: int | str) -> bytes | None:
        raw = self._read(table, [name])[0]
        return None if raw is None else checked(raw, self.url, f"{table} {name}")
