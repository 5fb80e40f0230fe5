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
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from dedup.errors import DedupError, IndexCorruptError, IndexFormatError, StoredIndexError
from dedup.index.learned import (
    SiteCounts,
    SiteState,
    pack_counts,
    pack_site,
    unpack_counts,
    unpack_site,
)
from dedup.index.postings import PostingFile
from dedup.index.protocol import Info, Settings, Sharing
from dedup.index.rekey import Rekeyer
from dedup.index.seal import checked
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes

__all__ = ["SqliteIndex"]

T = TypeVar("T")

#: ``PRAGMA application_id``: "ddup".
_APPLICATION_ID = 0x64647570
#: Two or three articles a page, none of them split over overflow pages as a rule.
_PAGE_BYTES = 8192
_BUSY_SECONDS = 60.0
_TABLES = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL)
        WITHOUT ROWID;
    CREATE TABLE article (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE text (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE counts (site TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE site (name TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
_ROWS_AT_ONCE = 200


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
        self._pending: dict[int, tuple[bytes, bytes | None]] = {}
        self._new_counts: dict[str, SiteCounts] = {}
        self._postings: PostingFile | None = None
        self._retired: PostingFile | None = None
        self._seen_version = self._generation = -1
        self._last = self._version = 0
        if settings is None and not path.is_file():
            raise StoredIndexError(self.url, "there is no such index; `dedup index create` it")
        try:
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._set_up(settings, synchronous)
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    # -- reading ------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state while the context lasts."""
        with self._lock:
            if self._depth:
                yield
                return
            self._begin("BEGIN")
            self._depth += 1
            try:
                self._refresh()
                yield
            finally:
                self._depth -= 1
                if self._db.in_transaction:
                    self._db.execute("COMMIT")

    @property
    def version(self) -> int:
        """Changes whenever a site's boilerplate does."""
        return self._version

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        return int(self._db.execute("SELECT max(number) FROM article").fetchone()[0] or 0)

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
            if number in self._pending:
                found.append(StoredArticle(number, self._pending[number][0]))
                continue
            row = self._one("SELECT data FROM article WHERE number = ?", number)
            if row is not None:
                found.append(StoredArticle(number, self._checked(row, f"article {number}")))
        return found

    def text_of(self, number: int) -> bytes | None:
        """Return the row of a text."""
        if number in self._pending:
            return self._pending[number][1]
        row = self._one("SELECT data FROM text WHERE number = ?", number)
        return None if row is None else self._checked(row, f"the text of article {number}")

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        row = self._one("SELECT data FROM site WHERE name = ?", _sql_text(name))
        return None if row is None else unpack_site(self._checked(row, f"site {name}"))

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        if site in self._new_counts:
            return self._new_counts[site]
        row = self._one("SELECT data FROM counts WHERE site = ?", _sql_text(site))
        what = f"the counts of site {site}"
        return SiteCounts() if row is None else unpack_counts(self._checked(row, what))

    def site_counts(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield how much was seen of every site, by name."""
        for name, raw in self._db.execute("SELECT site, data FROM counts ORDER BY site"):
            yield _name(name), unpack_counts(self._checked(raw, f"the counts of site {name}"))

    def sites(self) -> Iterator[SiteState]:
        """Yield what was learned of every site."""
        for name, raw in self._db.execute("SELECT name, data FROM site ORDER BY name"):
            yield unpack_site(self._checked(raw, f"site {name}"))

    def scan(self, after: int = 0) -> Iterator[StoredArticle]:
        """Yield all articles by number."""
        while True:
            found = self._db.execute(
                "SELECT number, data FROM article WHERE number > ? ORDER BY number LIMIT ?",
                (after, _ROWS_AT_ONCE),
            ).fetchall()
            if not found:
                return
            for number, raw in found:
                yield StoredArticle(number, self._checked(raw, f"article {number}"))
            after = found[-1][0]

    def info(self) -> Info:
        """Say what is in it."""
        articles = accepted = repeats = 0
        with self.snapshot():
            for row in self.scan():
                articles += 1
                accepted += row.is_accepted
                repeats += row.same_as > 0
            sites = self._db.execute("SELECT count(*) FROM counts").fetchone()[0]
            files = [self.path, self.path.with_name(self.path.name + "-wal")]
            size = sum(file.stat().st_size for file in files if file.exists())
            return Info(
                articles=articles,
                accepted=accepted,
                repeats=repeats,
                sites=sites,
                postings=self._chains.count,
                bytes_on_disk=size + self._chains.bytes_on_disk,
                bytes_in_memory=0,
            )

    # -- writing ------------------------------------------------------------

    def transact(self, work: Callable[[], T]) -> T:
        """Do work alone: all of what it adds is kept, or nothing."""
        with self._lock:
            if self._depth:
                raise StoredIndexError(self.url, "a transaction cannot begin inside another")
            self._begin("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                self._refresh()
                result = work()
                self._write_pending()
                self._db.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if isinstance(error, sqlite3.Error | OSError):
                    raise self._trouble(error) from error
                raise
            finally:
                self._depth -= 1
                self._pending.clear()
                self._new_counts.clear()
            if self._retired is not None:
                self._retired.discard()
                self._retired = None
            return result

    def add(self, row: bytes, keys: Hashes, samples: int, text: bytes | None) -> int:
        """Add an article; return its number."""
        number = max(self._last, self._chains.highest) + 1
        if not self._chains.has_room(len(keys)):
            self._enlarge(len(keys))
        self._chains.append(keys, number, samples)
        self._pending[number] = row, text
        self._last = number
        return number

    def save_counts(self, site: str, counts: SiteCounts) -> None:
        """Keep how much was seen of a site."""
        self._new_counts[site] = counts

    def save_site(self, state: SiteState) -> None:
        """Keep what was learned of a site; the version changes."""
        self._db.execute(
            "REPLACE INTO site VALUES (?, ?)", (_sql_text(state.name), pack_site(state))
        )
        self._version += 1
        self._set_meta("version", self._version)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles."""
        for table in ("article", "text"):
            self._db.executemany(
                f"DELETE FROM {table} WHERE number = ?",  # noqa: S608 - two names of ours
                ((number,) for number in numbers),
            )

    def rebuild(self) -> None:
        """Make the posting lists again from the rows."""
        self.transact(self._make_postings)

    def compact(self) -> None:
        """Give back the room of what was forgotten."""
        self.rebuild()
        with self._lock:
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            if self._postings is not None:
                self._settle()
                self._postings.close()
                self._postings = None
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- checking -----------------------------------------------------------

    def problems(self) -> Iterator[str]:
        """Check every row and posting; yield what does not hold."""
        with self.snapshot():
            try:
                for (line,) in self._db.execute("PRAGMA integrity_check"):
                    if line != "ok":
                        yield f"database: {line}"
                for name, value, crc in self._db.execute("SELECT * FROM meta"):
                    if zlib.crc32(f"{name}\0{value}".encode()) != crc:
                        yield f"meta {name}: does not match its checksum"
                yield from self._chains.problems()
                yield from self._broken_rows()
            except sqlite3.Error as error:
                yield f"database: {error}"

    def _broken_rows(self) -> Iterator[str]:
        rekeyer = Rekeyer(self.settings.recipe)
        for number, raw in self._db.execute("SELECT number, data FROM article ORDER BY number"):
            try:
                row = StoredArticle(number, self._checked(raw, f"article {number}"))
            except IndexCorruptError as error:
                yield error.reason
                continue
            keys, samples = rekeyer.keys_of(row)
            if missing := self._chains.missing(keys, number, samples):
                yield f"article {number}: {missing} of {len(keys)} postings are missing"
        for table, key in (("text", "number"), ("site", "name"), ("counts", "site")):
            for name, raw in self._db.execute(f"SELECT {key}, data FROM {table}"):  # noqa: S608
                try:
                    self._checked(raw, f"{table} {name}")
                except IndexCorruptError as error:
                    yield error.reason
        if self.settings.keeps_text:
            lost = self._db.execute(
                "SELECT count(*) FROM article LEFT JOIN text USING (number) WHERE text.data IS NULL"
            ).fetchone()[0]
            if lost:
                yield f"{lost} articles have no text"

    # -- inside -------------------------------------------------------------

    @property
    def _chains(self) -> PostingFile:
        if self._postings is None:
            raise StoredIndexError(self.url, "is closed")
        return self._postings

    def _set_up(self, settings: Settings | None, synchronous: str) -> None:
        self._db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        self._db.execute("PRAGMA mmap_size = 0")
        if settings is not None:
            self._create(settings)
        if self._db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            raise IndexFormatError(self.url, "is an SQLite database, but no index of dedup")
        self._db.execute(f"PRAGMA synchronous = {synchronous}")
        self.settings = Settings.from_row(json.loads(self._meta("settings")), self.url)
        self._id = bytes.fromhex(self._meta("id"))
        with self.snapshot():
            is_there = self._postings is not None
        if not is_there:
            self.rebuild()
        self._remove_older()

    def _remove_older(self) -> None:
        """Remove posting files that somebody was killed before removing."""
        for file in self.path.parent.glob(f"{glob.escape(self.path.name)}-postings-*"):
            generation = file.name.rpartition("-")[2]
            if generation.isdecimal() and int(generation) < self._generation:
                file.unlink(missing_ok=True)

    def _create(self, settings: Settings) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise StoredIndexError(self.url, "exists already")
            self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
            self._set_meta("settings", json.dumps(settings.as_row(), sort_keys=True))
            self._set_meta("id", uuid.uuid4().hex)
            self._set_meta("version", 0)
            self._set_meta("postings", 0)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _begin(self, statement: str) -> None:
        try:
            self._db.execute(statement)
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def _refresh(self) -> None:
        """Learn what other processes did since the last time."""
        # The first read is what opens the snapshot; the pragma then is of that.
        self._last = self._db.execute("SELECT max(number) FROM article").fetchone()[0] or 0
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version == self._seen_version:
            return
        self._version = int(self._meta("version"))
        generation = int(self._meta("postings"))
        if self._postings is None or generation != self._generation:
            if self._postings is not None:
                self._postings.close()
            self._generation = generation
            path = self._postings_path(generation)
            self._postings = PostingFile.open(path, self._id, self._last)
        self._seen_version = version

    def _postings_path(self, generation: int) -> Path:
        return self.path.with_name(f"{self.path.name}-postings-{generation}")

    def _write_pending(self) -> None:
        pending = self._pending.items()
        self._db.executemany(
            "REPLACE INTO counts VALUES (?, ?)",
            ((_sql_text(site), pack_counts(counts)) for site, counts in self._new_counts.items()),
        )
        self._db.executemany(
            "INSERT INTO article VALUES (?, ?)", ((number, row) for number, (row, _) in pending)
        )
        self._db.executemany(
            "INSERT INTO text VALUES (?, ?)",
            ((number, text) for number, (_, text) in pending if text is not None),
        )

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        if self._retired is not None:
            if self._postings is not None:
                self._postings.discard()
            self._postings, self._retired = self._retired, None
        self._seen_version = -1
        self._generation = -1 if self._postings is None else self._generation_of(self._postings)

    def _generation_of(self, postings: PostingFile) -> int:
        return int(postings.path.name.rpartition("-")[2])

    def _enlarge(self, postings: int) -> None:
        old = self._chains
        self._generation += 1
        larger = old.larger(self._postings_path(self._generation), postings)
        self._install(larger)

    def _install(self, postings: PostingFile) -> None:
        if self._retired is None:
            self._retired = self._postings
        elif self._postings is not None:
            self._postings.discard()
        self._postings = postings
        self._set_meta("postings", self._generation)

    def _make_postings(self) -> None:
        rekeyer = Rekeyer(self.settings.recipe)
        self._generation = int(self._meta("postings")) + 1
        made = PostingFile.create(self._postings_path(self._generation), self._id)
        try:
            for row in self.scan():
                keys, samples = rekeyer.keys_of(row)
                if not made.has_room(len(keys)):
                    self._generation += 1
                    small = made
                    made = made.larger(self._postings_path(self._generation), len(keys))
                    small.discard()
                made.append(keys, row.number, samples)
        except BaseException:
            made.discard()
            raise
        self._install(made)

    def _settle(self) -> None:
        """Note in the posting file that all of it is on disk, unless others are writing."""
        if self._postings is None or not self._postings.is_dirty:
            return
        try:
            self._db.execute("PRAGMA busy_timeout = 0")
            self._db.execute("BEGIN IMMEDIATE")
            self._postings.settle()
            self._db.execute("COMMIT")
        except sqlite3.Error:
            pass  # another writes: it will settle

    def _one(self, query: str, value: int | str | bytes) -> bytes | None:
        try:
            row = self._db.execute(query, (value,)).fetchone()
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        return None if row is None else row[0]

    def _checked(self, raw: bytes, what: str) -> bytes:
        return checked(raw, self.url, what)

    def _meta(self, name: str) -> str:
        row = self._db.execute("SELECT value, crc FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None or zlib.crc32(f"{name}\0{row[0]}".encode()) != row[1]:
            raise IndexCorruptError(self.url, f"meta {name} does not match its checksum")
        return str(row[0])

    def _set_meta(self, name: str, value: object) -> None:
        crc = zlib.crc32(f"{name}\0{value}".encode())
        self._db.execute("REPLACE INTO meta VALUES (?, ?, ?)", (name, str(value), crc))

    def _trouble(self, error: Exception) -> DedupError:
        if isinstance(error, OSError):
            return StoredIndexError(self.url, error.strerror or str(error))
        if "malformed" in str(error) or "not a database" in str(error):
            return IndexCorruptError(self.url, f"{error}; `dedup index repair` saves the rest")
        return StoredIndexError(self.url, str(error))


def _sql_text(name: str) -> str | bytes:
    """Return a name as SQLite takes it: lone surrogates are no text there."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")
    return name


def _name(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")
