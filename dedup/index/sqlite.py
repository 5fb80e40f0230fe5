"""The embedded index: SQLite for what must last, a mapped file for the postings.

Rows, texts and sites are tables of one database in WAL mode; one transaction holds
the check and the addition. The posting lists lie beside it in
``NAME-postings-N`` (see :mod:`dedup.index.postings`), which is made again from the
rows whenever it is missing, too old, or was cut off by a power failure.
"""

import glob
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from dedup.errors import IndexCorruptError, StoredIndexError
from dedup.index.learned import SiteCounts, SiteState
from dedup.index.postings import PostingFile
from dedup.index.protocol import Info, Settings, Sharing
from dedup.index.rekey import Rekeyer
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
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._new_articles: dict[int, tuple[bytes, bytes | None]] = {}
        self._new_counts: dict[str, SiteCounts] = {}
        self._postings: PostingFile | None = None
        self._retired: PostingFile | None = None
        self._seen_version = self._generation = -1
        self._last = self._version = 0
        if settings is None and not path.is_file():
            raise StoredIndexError(self.url, "there is no such index; `dedup index create` it")
        self._tables = Tables(path, self.url, settings, synchronous=synchronous)
        with self._tables.errors():
            self.settings = Settings.from_row(json.loads(self._tables.meta("settings")), self.url)
            self._id = bytes.fromhex(self._tables.meta("id"))
            with self.snapshot():
                has_postings = self._postings is not None
        if not has_postings:
            self.transact(self._make_postings)
        self._remove_older()

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
    def last_number(self) -> int:
        """The number of the newest article."""
        return self._tables.last_number

    def find(self, keys: Hashes) -> Sharing:
        """Return the articles that share enough of a body's keys."""
        return self._chains.find(keys)

    def numbers_of(self, key: int, most: int) -> list[int]:
        """Return the numbers under a name, newest first."""
        return self._chains.numbers_of(key, most)

    def rows(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Return articles by number; forgotten ones are left out."""
        found = []
        for number in numbers:
            new = self._new_articles.get(number)
            raw = new[0] if new else self._tables.article(number)
            if raw is not None:
                found.append(StoredArticle(number, raw))
        return found

    def text_of(self, number: int) -> bytes | None:
        """Return the row of a text."""
        new = self._new_articles.get(number)
        return new[1] if new else self._tables.text(number)

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        return self._tables.site(name)

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        return self._new_counts.get(site) or self._tables.counts(site)

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
            size = self._tables.size_bytes + self._chains.bytes_on_disk
            return Info(articles, accepted, repeats, sites, self._chains.count, size, 0)

    def problems(self) -> Iterator[str]:
        """Check every row and posting; yield what does not hold."""
        rekeyer = Rekeyer(self.settings.recipe)
        with self.snapshot():
            try:
                yield from self._tables.problems(has_texts=self.settings.keeps_text)
                yield from self._chains.problems()
                for number, raw in self._tables.raw_rows("article", "number"):
                    yield from self._problems_of(int(number), raw, rekeyer)
            except sqlite3.Error as error:
                yield f"database: {error}"

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
                self._tables.write(self._new_articles, self._new_counts)
                self._tables.commit()
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth -= 1
                self._new_articles.clear()
                self._new_counts.clear()
            if self._retired is not None:
                self._retired.discard()
                self._retired = None
            return result

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        number = max(self._last, self._chains.highest) + 1
        if not self._chains.has_room(len(keys)):
            self._generation += 1
            self._install(self._chains.larger(self._path_of(self._generation), len(keys)))
        self._chains.append(keys, number, samples)
        self._new_articles[number] = row, text
        self._last = number
        return number

    def save_counts(self, site: str, counts: SiteCounts) -> None:
        """Keep how much was seen of a site."""
        self._new_counts[site] = counts

    def save_site(self, state: SiteState) -> None:
        """Keep what was learned of a site; the version changes."""
        self._tables.write_site(state)
        self._version += 1
        self._tables.set_meta("version", self._version)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles."""
        for number in numbers:
            self._new_articles.pop(number, None)
        self._tables.remove(numbers)

    def compact(self) -> None:
        """Make the postings again from the rows; give back what was forgotten."""
        self.transact(self._make_postings)
        with self._lock:
            self._tables.vacuum()

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            if self._postings is not None:
                # Whoever writes at this moment settles it later.
                if self._postings.is_dirty and self._tables.begin_at_once():
                    self._postings.settle()
                    self._tables.commit()
                self._postings.close()
                self._postings = None
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

    @property
    def _chains(self) -> PostingFile:
        if self._postings is None:
            raise StoredIndexError(self.url, "is closed")
        return self._postings

    def _refresh(self) -> None:
        """Learn what other processes did since the last time."""
        # The first read is what opens the snapshot; the version then is of that.
        self._last = self._tables.last_number
        version = self._tables.data_version
        if version == self._seen_version:
            return
        self._version = int(self._tables.meta("version"))
        generation = int(self._tables.meta("postings"))
        if self._postings is None or generation != self._generation:
            if self._postings is not None:
                self._postings.close()
            self._generation = generation
            self._postings = PostingFile.open(self._path_of(generation), self._id, self._last)
        self._seen_version = version

    def _path_of(self, generation: int) -> Path:
        return self.path.with_name(f"{self.path.name}-postings-{generation}")

    def _remove_older(self) -> None:
        """Remove posting files that somebody was killed before removing."""
        for file in self.path.parent.glob(f"{glob.escape(self.path.name)}-postings-*"):
            generation = file.name.rpartition("-")[2]
            if generation.isdecimal() and int(generation) < self._generation:
                file.unlink(missing_ok=True)

    def _roll_back(self) -> None:
        self._tables.roll_back()
        if self._retired is not None:
            if self._postings is not None:
                self._postings.discard()
            self._postings, self._retired = self._retired, None
        self._seen_version = self._generation = -1
        if self._postings is not None:
            self._generation = int(self._postings.path.name.rpartition("-")[2])

    def _install(self, postings: PostingFile) -> None:
        """Use another posting file from here on, if the transaction is committed."""
        if self._retired is None:
            self._retired = self._postings
        elif self._postings is not None:
            self._postings.discard()
        self._postings = postings
        self._tables.set_meta("postings", self._generation)

    def _make_postings(self) -> None:
        rekeyer = Rekeyer(self.settings.recipe)
        self._generation = int(self._tables.meta("postings")) + 1
        made = PostingFile.create(self._path_of(self._generation), self._id)
        try:
            for row in self.scan():
                keys, samples = rekeyer.keys_of(row)
                if not made.has_room(len(keys)):
                    self._generation += 1
                    small = made
                    made = made.larger(self._path_of(self._generation), len(keys))
                    small.discard()
                made.append(keys, row.number, samples)
        except BaseException:
            made.discard()
            raise
        self._install(made)

    def _problems_of(self, number: int, raw: bytes, rekeyer: Rekeyer) -> Iterator[str]:
        try:
            row = StoredArticle(number, self._tables.checked(raw, f"article {number}"))
        except IndexCorruptError as error:
            yield error.reason
            return
        keys, samples = rekeyer.keys_of(row)
        if missing := self._chains.missing(keys, number, samples):
            yield f"article {number}: {missing} of {len(keys)} postings are missing"
