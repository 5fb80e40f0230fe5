"""The embedded index: SQLite for what must last, a mapped file for the postings.

Rows, texts and sites are tables of one database in WAL mode; one transaction holds
the check and the addition. The posting lists lie beside it in
``NAME-postings-N`` (see :mod:`dedup.index.posting_file`), which is made again from the
rows whenever it is missing, too old, or was cut off by a power failure.
"""

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from dedup.errors import StoredIndexError
from dedup.index.learned import SiteCounts, SiteState
from dedup.index.outlines import PackedOutline
from dedup.index.protocol import BodyKeys, Info, Settings, Sharing
from dedup.index.recent import RecentArticles
from dedup.index.rekey import Rekeyer
from dedup.index.sqlite_check import find_problems
from dedup.index.sqlite_postings import PostingFiles
from dedup.index.sqlite_rows import Tables
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes

__all__ = ["SqliteIndex"]

T = TypeVar("T")


class SqliteIndex:
    """An index in a file.

    Processes and threads may share it. An article is kept once ``transact`` has
    returned: a killed process loses nothing; a power failure loses the last moments
    unless ``synchronous="full"``.

    Parameters
    ----------
    path : Path
    settings : Settings | None
        For a new index; ``None`` opens one that exists.
    synchronous : str
        ``normal`` or ``full``.

    Raises
    ------
    IndexFormatError
        The file is no index, or of a format that this release does not read.
    StoredIndexError
        It cannot be opened, or exists already.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings | None = None,
        *,
        url: str | None = None,
        synchronous: str = "normal",
    ) -> None:
        self.url = url or f"sqlite:///{path}"
        self._lock = threading.RLock()
        self._depth = 0
        self._new_articles: dict[int, tuple[StoredArticle, bytes | None]] = {}
        self._new_counts: dict[str, SiteCounts] = {}
        self._new_sites: dict[str, SiteState] = {}
        self._counts: dict[str, SiteCounts] = {}
        self._seen_version = -1
        self._forgotten = ""
        self._last = self._version = self._rows_version = 0
        if settings is None and not path.is_file():
            raise StoredIndexError(self.url, "there is no such index; `dedup index create` it")
        self._tables = Tables(path, self.url, settings, synchronous=synchronous)
        self._recent = RecentArticles(self._tables.articles)
        with self._tables.errors():
            self.settings = Settings.from_row(json.loads(self._tables.meta("settings")), self.url)
            self._index_id = bytes.fromhex(self._tables.meta("id"))
            self._checkpoints = self._tables.checkpoints(self._index_id)
            self._postings = PostingFiles(path, self.url, self._index_id)
            with self.snapshot():
                has_postings = self._postings.is_open
        if not has_postings:
            self.transact(self._make_postings)
        self._postings.remove_older()

    # -- reading ------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state while the context lasts."""
        with self._lock:
            if self._depth:
                yield
                return
            with self._tables.errors():
                self._tables.begin(is_writing=False)
                self._depth += 1
                try:
                    self._refresh()
                    yield
                finally:
                    self._depth -= 1
                    self._tables.commit()

    @property
    def version(self) -> int:
        """Changes whenever a site's boilerplate does."""
        return self._version

    @property
    def state(self) -> str:
        """Another whenever something else is in it, in whatever process; within a snapshot."""
        parts = (self._index_id.hex(), self._last, self._version, self._forgotten)
        return blake2b(" ".join(map(str, parts)).encode(), digest_size=8).hexdigest()

    @property
    def rows_version(self) -> int:
        """Changes whenever articles were forgotten or a transaction was undone."""
        return self._rows_version

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        return self._tables.last_number

    @property
    def next_number(self) -> int:
        """The number that the next article will have."""
        return max(self._last, self._postings.highest) + 1

    def find(self, keys: Hashes) -> Sharing:
        """Return the articles that share enough of a body's keys."""
        return self._postings.current.find(keys)

    def find_ahead(self, keys: BodyKeys, threads: Executor) -> list[Sharing]:
        """Do as :meth:`find` for bodies of which each is added before the next is asked for."""
        return self._postings.current.find_ahead(keys, self.next_number, threads)

    def numbers_of(self, key: int, most: int) -> list[int]:
        """Return the numbers under a name, newest first."""
        return self._postings.current.numbers_of(key, most)

    def numbers_under(self, keys: Sequence[int], most: int) -> list[list[int]]:
        """Return the numbers under each of many names."""
        return self._postings.current.numbers_under(keys, most)

    def rows(self, numbers: Sequence[int], *, is_once: bool = False) -> list[StoredArticle]:
        """Return articles by number; forgotten ones are left out."""
        return self._recent.rows(numbers, self._new_articles, is_once=is_once)

    def outlines(self, numbers: Sequence[int]) -> list[PackedOutline]:
        """Return what is kept of articles, in any order."""
        asked = [number for number in numbers if number not in self._new_articles]
        return list(self._tables.outlines(asked)) if asked else []

    def text_of(self, number: int) -> bytes | None:
        """Return the row of a text."""
        new = self._new_articles.get(number)
        return new[1] if new else self._tables.text(number)

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        return self._new_sites.get(name) or self._tables.site(name)

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        counts = self._new_counts.get(site) or self._counts.get(site)
        if counts is None:
            counts = self._counts[site] = self._tables.counts(site)
        return counts

    def site_counts(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield how much was seen of every site, by name."""
        return self._tables.site_counts()

    def sites(self) -> Iterator[SiteState]:
        """Yield what was learned of every site."""
        return self._tables.sites()

    def scan(self, after: int = 0) -> Iterator[StoredArticle]:
        """Yield all articles by number."""
        return self._tables.scan(after)

    def info(self) -> Info:
        """Say what is in it."""
        articles = accepted = repeats = 0
        with self.snapshot():
            for row in self.scan():
                articles += 1
                accepted += row.is_accepted
                repeats += row.same_as > 0
            sites = sum(1 for _ in self.site_counts())
            size = self._tables.size_bytes + self._postings.current.bytes_on_disk
            return Info(articles, accepted, repeats, sites, self._postings.current.count, size, 0)

    def problems(self) -> Iterator[str]:
        """Check every row, page and posting; yield what does not hold."""
        yield from find_problems(self, self._tables, self._checkpoints, self._postings)

    # -- writing ------------------------------------------------------------

    def transact(self, work: Callable[[], T]) -> T:
        """Do work alone: all of what it adds is kept, or nothing."""
        with self._lock, self._tables.errors():
            if self._depth:
                raise StoredIndexError(self.url, "a transaction cannot begin inside another")
            self._tables.begin(is_writing=True)
            self._depth += 1
            try:
                self._refresh()
                result = work()
                self._postings.write()
                self._tables.write(self._new_articles, self._new_counts)
                if self._new_sites:
                    self._tables.write_sites(self._new_sites.values())
                    self._tables.set_meta("version", self._version)
                if self._postings.is_replaced:
                    self._tables.set_meta("postings", self._postings.generation)
                self._checkpoints.finish()
                self._tables.commit()
                self._counts.update(self._new_counts)
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth -= 1
                written = len(self._new_articles)
                self._new_articles.clear()
                self._new_counts.clear()
                self._new_sites.clear()
            self._postings.keep()
            self._checkpoints.note(written)
            return result

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        self._checkpoints.begin(len(self._new_articles))
        number = self.next_number
        self._postings.append(keys, number, samples)
        added = StoredArticle(number, row)
        self._new_articles[number] = added, text
        self._recent.remember(added)
        self._last = number
        return number

    def save_counts(self, site: str, counts: SiteCounts) -> None:
        """Keep how much was seen of a site."""
        self._new_counts[site] = counts

    def save_site(self, state: SiteState) -> None:
        """Keep what was learned of a site; the version changes."""
        self._new_sites[state.name] = state
        self._version += 1

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles."""
        self._rows_version += 1
        for number in numbers:
            self._new_articles.pop(number, None)
            self._recent.discard(number)
        self._tables.remove(numbers)
        self._forgotten = uuid.uuid4().hex
        self._tables.set_meta("forgotten", self._forgotten)
        # The newest article may be another.
        self._seen_version = -1

    def compact(self) -> None:
        """Make the postings again from the rows; give back what was forgotten."""

        def make() -> None:
            self._make_postings()
            self._tables.complete_outlines()

        self.transact(make)
        with self._lock:
            self._tables.vacuum()
            self._checkpoints.make()

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            if self._postings.is_open:
                # Whoever writes at this moment settles it later.
                if self._postings.current.is_dirty and self._tables.begin_at_once():
                    self._postings.current.settle()
                    self._tables.commit()
                self._postings.close()
                self._checkpoints.close()
            self._tables.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- inside -------------------------------------------------------------

    def _refresh(self) -> None:
        """Learn what other processes did since the last time."""
        # The first read is what opens the snapshot, this one too.
        version = self._tables.data_version
        if version == self._seen_version:
            return
        self._last = self._tables.last_number
        self._counts.clear()
        self._version = int(self._tables.meta("version"))
        self._postings.follow(int(self._tables.meta("postings")), self._last)
        forgotten = self._tables.meta("forgotten")
        if forgotten != self._forgotten:
            self._recent.clear()
            self._rows_version += 1
            self._forgotten = forgotten
        self._seen_version = version

    def _roll_back(self) -> None:
        self._checkpoints.finish()
        self._tables.roll_back()
        self._postings.roll_back()
        self._recent.clear()
        self._rows_version += 1
        self._seen_version = -1

    def _make_postings(self) -> None:
        generation = int(self._tables.meta("postings")) + 1
        self._postings.make(self.scan(), Rekeyer(self.settings.recipe), generation)
