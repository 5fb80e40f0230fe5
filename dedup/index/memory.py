"""An index in memory: for tests, and for runs that need not last."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from dedup.index.learned import SiteCounts, SiteState
from dedup.index.outlines import PackedOutline
from dedup.index.postings import MemoryPostings
from dedup.index.protocol import BodyKeys, Info, Settings, Sharing
from dedup.index.rekey import Rekeyer
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes

__all__ = ["MemoryIndex"]

T = TypeVar("T")


class MemoryIndex:
    """Keeps everything in this process; threads may share it."""

    def __init__(self, settings: Settings | None = None, *, url: str = "memory:") -> None:
        self.url = url
        self.settings = settings or Settings()
        self._lock = threading.RLock()
        self._postings = MemoryPostings()
        self._rows: dict[int, StoredArticle] = {}
        self._texts: dict[int, bytes] = {}
        self._sites: dict[str, SiteState] = {}
        self._counts: dict[str, SiteCounts] = {}
        self._version = self._rows_version = 0
        self._last = 0

    def transact(self, work: Callable[[], T]) -> T:
        """Do work alone: all of what it adds is kept, or nothing."""
        with self._lock:
            last, version = self._last, self._version
            sites, counts = dict(self._sites), dict(self._counts)
            try:
                return work()
            except BaseException:
                for number in range(last + 1, self._last + 1):
                    self._rows.pop(number, None)
                    self._texts.pop(number, None)
                # Versions are never used twice: who has seen this one forgets it.
                self._sites, self._counts = sites, counts
                self._version = max(version, self._version) + 1
                self._rows_version += 1
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state while the context lasts."""
        with self._lock:
            yield

    @property
    def version(self) -> int:
        """Changes whenever a site's boilerplate does."""
        return self._version

    @property
    def state(self) -> str:
        """Another whenever something else is in it."""
        return f"{self._last}-{self._version}-{self._rows_version}"

    @property
    def rows_version(self) -> int:
        """Changes whenever articles were forgotten or a transaction was undone."""
        return self._rows_version

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        return self._last

    @property
    def next_number(self) -> int:
        """The number that the next article will have."""
        return self._last + 1

    def find(self, keys: Hashes) -> Sharing:
        """Return the articles that share enough of a body's keys."""
        return self._postings.find(keys)

    def find_ahead(self, keys: BodyKeys, threads: Executor) -> list[Sharing]:
        """Do as :meth:`find` for bodies of which each is added before the next is asked for."""
        return self._postings.find_ahead(keys, self.next_number, threads)

    def numbers_of(self, key: int, most: int) -> list[int]:
        """Return the numbers under a name, newest first."""
        return self._postings.numbers_of(key, most)

    def numbers_under(self, keys: Sequence[int], most: int) -> list[list[int]]:
        """Return the numbers under each of many names."""
        return self._postings.numbers_under(keys, most)

    def rows(
        self,
        numbers: Sequence[int],
        *,
        is_once: bool = False,  # noqa: ARG002 - all is at hand
    ) -> list[StoredArticle]:
        """Return articles by number; forgotten ones are left out."""
        return [self._rows[n] for n in numbers if n in self._rows]

    def outlines(self, numbers: Sequence[int]) -> Sequence[PackedOutline]:  # noqa: ARG002
        """Return nothing: rows are as near."""
        return ()

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        self._last += 1
        self._rows[self._last] = StoredArticle(self._last, row)
        if text is not None:
            self._texts[self._last] = text
        self._postings.append(keys, self._last, samples)
        return self._last

    def text_of(self, number: int) -> bytes | None:
        """Return the row of a text."""
        return self._texts.get(number)

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        return self._sites.get(name)

    def sites(self) -> Iterator[SiteState]:
        """Yield what was learned of every site."""
        yield from self._sites.values()

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        return self._counts.get(site, SiteCounts())

    def site_counts(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield how much was seen of every site, by name."""
        yield from sorted(self._counts.items())

    def save_counts(self, site: str, counts: SiteCounts) -> None:
        """Keep how much was seen of a site."""
        self._counts[site] = counts

    def save_site(self, state: SiteState) -> None:
        """Keep what was learned of a site; the version changes."""
        self._sites[state.name] = state
        self._version += 1

    def scan(self, after: int = 0) -> Iterator[StoredArticle]:
        """Yield all articles by number."""
        yield from [row for number, row in self._rows.items() if number > after]

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles."""
        self._rows_version += 1
        for number in numbers:
            self._rows.pop(number, None)
            self._texts.pop(number, None)

    def compact(self) -> None:
        """Make the postings again from the rows."""
        with self._lock:
            rekeyer, self._postings = Rekeyer(self.settings.recipe), MemoryPostings()
            for row in self.scan():
                keys, samples = rekeyer.keys_of(row)
                self._postings.append(keys, row.number, samples)

    def info(self) -> Info:
        """Say what is in it."""
        rows = list(self.scan())
        kept = sum(len(row.raw) for row in rows) + sum(map(len, self._texts.values()))
        arrays = self._postings.heads.nbytes + self._postings.entries.nbytes
        return Info(
            articles=len(rows),
            accepted=sum(row.is_accepted for row in rows),
            repeats=sum(row.same_as > 0 for row in rows),
            sites=len(self._counts),
            postings=self._postings.count,
            bytes_on_disk=0,
            bytes_in_memory=kept + arrays,
        )

    def problems(self) -> Iterator[str]:
        """Check every posting; yield what does not hold."""
        rekeyer = Rekeyer(self.settings.recipe)
        for row in self.scan():
            keys, samples = rekeyer.keys_of(row)
            if missing := self._postings.missing(keys, row.number, samples):
                yield f"article {row.number}: {missing} of {len(keys)} postings are missing"

    def close(self) -> None:
        """Let go of it; nothing is kept."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
