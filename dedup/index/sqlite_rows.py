"""The tables of an SQLite index: rows in, checked rows out."""

import json
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

from dedup.errors import DedupError, IndexCorruptError, IndexFormatError, StoredIndexError
from dedup.index.checkpoints import Checkpoints
from dedup.index.database_file import DatabaseFile
from dedup.index.learned import (
    SiteCounts,
    SiteState,
    pack_counts,
    pack_site,
    unpack_counts,
    unpack_site,
)
from dedup.index.outlines import PackedOutline, pack_outlines, unpack_outline
from dedup.index.protocol import Settings
from dedup.index.seal import checked, is_sound
from dedup.index.stored import StoredArticle

__all__ = ["Tables"]

#: ``PRAGMA application_id``: "ddup".
_APPLICATION_ID = 0x64647570
#: Two or three articles a page, none of them split over overflow pages as a rule.
_PAGE_BYTES = 8192
_BUSY_SECONDS = 60.0
_ROWS_AT_ONCE = 200
_ASKED_AT_ONCE = 256
#: What is written when there is a reason to.
_LATER_META = frozenset({"forgotten"})
_TABLES = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL)
        WITHOUT ROWID;
    CREATE TABLE article (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE text (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE counts (site TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE site (name TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
#: An index of an early release has no such table until it is written to.
_LATER_TABLE = "CREATE TABLE outline (number INTEGER PRIMARY KEY, data BLOB NOT NULL)"


class Tables:
    """The database of one index.

    Raises
    ------
    IndexFormatError
        The file is no index, or of a format that this release does not read.
    StoredIndexError
        It cannot be opened, or is to be made and exists already.
    """

    def __init__(
        self, path: Path, url: str, settings: Settings | None, *, synchronous: str
    ) -> None:
        self._path = path
        self._url = url
        self._file: DatabaseFile | None = None
        self._has_outlines = False
        with self.errors():
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            if settings is not None:
                self._create(settings)
            if self._db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
                raise IndexFormatError(url, "is an SQLite database, but no index of dedup")
            self._db.execute(f"PRAGMA synchronous = {synchronous}")

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what SQLite and the disk say into this package's errors."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._trouble(error) from error

    @property
    def size_bytes(self) -> int:
        """Bytes on disk, the log included."""
        files = [self._path, self._path.with_name(f"{self._path.name}-wal")]
        return sum(file.stat().st_size for file in files if file.exists())

    @property
    def data_version(self) -> int:
        """Changes when another connection has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        return int(self._db.execute("SELECT max(number) FROM article").fetchone()[0] or 0)

    def begin(self, *, is_writing: bool) -> None:
        """Begin a transaction; one that writes waits until nobody else does."""
        self._db.execute("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    def commit(self) -> None:
        """End a transaction, if one is open."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo a transaction, if one is open."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
            self._has_outlines = False

    def begin_at_once(self) -> bool:
        """Begin a transaction that writes, unless another writes."""
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return False
        return True

    def vacuum(self) -> None:
        """Give back the room of what was removed."""
        with self.errors():
            self._db.execute("VACUUM")

    def checkpoints(self, index_id: bytes) -> Checkpoints:
        """Return what makes checkpoints from here on."""
        self._file = DatabaseFile(self._path)
        return Checkpoints(self._db, self._file, index_id)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    def articles(self, numbers: Sequence[int]) -> Iterator[StoredArticle]:
        """Yield articles by number, in any order."""
        for number, raw in self._numbered("article", numbers):
            yield StoredArticle(number, raw)

    def outlines(self, numbers: Sequence[int]) -> Iterator[PackedOutline]:
        """Yield what is kept of articles, by number, in any order."""
        if self._keeps_outlines():
            for number, raw in self._numbered("outline", numbers):
                yield unpack_outline(number, raw)

    def outline(self, number: int) -> bytes | None:
        """Return what is kept of an article, unchecked."""
        if not self._keeps_outlines():
            return None
        return self._one("SELECT data FROM outline WHERE number = ?", number)

    def complete_outlines(self) -> None:
        """Keep outlines of all articles, and of no others."""
        self._make_outline_table()
        self._db.execute("DELETE FROM outline WHERE number NOT IN (SELECT number FROM article)")
        missing = self._db.execute(
            "SELECT number FROM article WHERE number NOT IN (SELECT number FROM outline)"
        ).fetchall()
        for start in range(0, len(missing), _ROWS_AT_ONCE):
            asked = [number for (number,) in missing[start : start + _ROWS_AT_ONCE]]
            self._write_outlines(list(self.articles(asked)))

    def text(self, number: int) -> bytes | None:
        """Return the row of a text."""
        row = self._one("SELECT data FROM text WHERE number = ?", number)
        return None if row is None else self.checked(row, f"text {number}")

    def site(self, name: str) -> SiteState | None:
        """Return what was learned of a site."""
        row = self._one("SELECT data FROM site WHERE name = ?", _sql_text(name))
        return None if row is None else unpack_site(self.checked(row, f"site {name}"))

    def counts(self, site: str) -> SiteCounts:
        """Return how much was seen of a site."""
        row = self._one("SELECT data FROM counts WHERE site = ?", _sql_text(site))
        return SiteCounts() if row is None else unpack_counts(self.checked(row, f"counts {site}"))

    def sites(self) -> Iterator[SiteState]:
        """Yield what was learned of every site."""
        for name, raw in self.raw_rows("site", "name"):
            yield unpack_site(self.checked(raw, f"site {_name(name)}"))

    def site_counts(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield how much was seen of every site, by name."""
        for name, raw in self.raw_rows("counts", "site"):
            yield _name(name), unpack_counts(self.checked(raw, f"counts {_name(name)}"))

    def raw_rows(self, table: str, key: str) -> Iterator[tuple[int | str | bytes, bytes]]:
        """Yield the rows of a table, unchecked."""
        yield from self._db.execute(
            f"SELECT {key}, data FROM {table} ORDER BY {key}"  # noqa: S608 - names of ours
        )

    def scan(self, after: int) -> Iterator[StoredArticle]:
        """Yield all articles by number."""
        while True:
            found = self._db.execute(
                "SELECT number, data FROM article WHERE number > ? ORDER BY number LIMIT ?",
                (after, _ROWS_AT_ONCE),
            ).fetchall()
            if not found:
                return
            for number, raw in found:
                yield StoredArticle(number, self.checked(raw, f"article {number}"))
            after = found[-1][0]

    def write(
        self,
        articles: Mapping[int, tuple[StoredArticle, bytes | None]],
        counts: Mapping[str, SiteCounts],
    ) -> None:
        """Write what a transaction has added."""
        self._db.executemany(
            "REPLACE INTO counts VALUES (?, ?)",
            ((_sql_text(site), pack_counts(counts)) for site, counts in counts.items()),
        )
        self._db.executemany(
            "INSERT INTO article VALUES (?, ?)",
            [(number, row.raw) for number, (row, _) in articles.items()],
        )
        self._db.executemany(
            "INSERT INTO text VALUES (?, ?)",
            [(number, text) for number, (_, text) in articles.items() if text is not None],
        )
        self._make_outline_table()
        self._write_outlines([row for row, _ in articles.values()])

    def write_sites(self, states: Iterable[SiteState]) -> None:
        """Write what was learned of sites."""
        self._db.executemany(
            "REPLACE INTO site VALUES (?, ?)",
            ((_sql_text(state.name), pack_site(state)) for state in states),
        )

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove articles and their texts."""
        self._make_outline_table()
        for table in ("article", "text", "outline"):
            self._db.executemany(
                f"DELETE FROM {table} WHERE number = ?",  # noqa: S608 - names of ours
                ((number,) for number in numbers),
            )

    def meta(self, name: str) -> str:
        """Return a value of the index as a whole."""
        row = self._db.execute("SELECT value, crc FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None and name in _LATER_META:
            return ""
        if row is None or zlib.crc32(f"{name}\0{row[0]}".encode()) != row[1]:
            raise IndexCorruptError(self._url, f"meta {name} does not match its checksum")
        return str(row[0])

    def set_meta(self, name: str, value: object) -> None:
        """Write a value of the index as a whole."""
        crc = zlib.crc32(f"{name}\0{value}".encode())
        self._db.execute("REPLACE INTO meta VALUES (?, ?, ?)", (name, str(value), crc))

    def problems(self, *, has_texts: bool) -> Iterator[str]:
        """Yield what does not hold, articles' own rows aside."""
        for (line,) in self._db.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"database: {line}"
        for name, value, crc in self._db.execute("SELECT * FROM meta"):
            if zlib.crc32(f"{name}\0{value}".encode()) != crc:
                yield f"meta {name} does not match its checksum"
        tables = [("text", "number"), ("site", "name"), ("counts", "site")]
        if self._keeps_outlines():
            tables.append(("outline", "number"))
        for table, key in tables:
            yield from self._unsound(self.raw_rows(table, key), table)
        lost = self._db.execute(
            "SELECT count(*) FROM article LEFT JOIN text USING (number) WHERE text.data IS NULL"
        ).fetchone()[0]
        if lost and has_texts:
            yield f"{lost} articles have no text"

    def checked(self, raw: bytes, what: str) -> bytes:
        """Return a row, if its checksum holds."""
        return checked(raw, self._url, what)

    def _unsound(
        self, rows: Iterable[tuple[int | str | bytes, bytes]], table: str
    ) -> Iterator[str]:
        for name, raw in rows:
            try:
                self.checked(raw, f"{table} {_name(name)}")
            except IndexCorruptError as error:
                yield error.reason

    def _numbered(self, table: str, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield rows of a table by number, in any order."""
        for start in range(0, len(numbers), _ASKED_AT_ONCE):
            asked = numbers[start : start + _ASKED_AT_ONCE]
            # A few statements of different lengths stay prepared.
            size = 1 << (len(asked) - 1).bit_length()
            marks = ",".join("?" * size)
            found = self._db.execute(
                f"SELECT number, data FROM {table} WHERE number IN ({marks})",  # noqa: S608
                (*asked, *repeat(None, size - len(asked))),
            ).fetchall()
            for number, raw in found:
                if not is_sound(raw):
                    self.checked(raw, f"{table} {number}")
            yield from found

    def _keeps_outlines(self) -> bool:
        """Say whether there is a table of them."""
        if not self._has_outlines:
            found = self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'outline'")
            self._has_outlines = found.fetchone() is not None
        return self._has_outlines

    def _make_outline_table(self) -> None:
        if not self._keeps_outlines():
            self._db.execute(_LATER_TABLE)

    def _write_outlines(self, rows: Sequence[StoredArticle]) -> None:
        self._db.executemany("INSERT INTO outline VALUES (?, ?)", pack_outlines(rows))

    def _create(self, settings: Settings) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self.begin(is_writing=True)
        try:
            if self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise StoredIndexError(self._url, "exists already")
            self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
            self._db.execute(_LATER_TABLE)
            self.set_meta("settings", json.dumps(settings.as_row(), sort_keys=True))
            self.set_meta("id", uuid.uuid4().hex)
            self.set_meta("version", 0)
            self.set_meta("postings", 0)
            self.commit()
        except BaseException:
            self.roll_back()
            raise

    def _one(self, query: str, value: int | str | bytes) -> bytes | None:
        row = self._db.execute(query, (value,)).fetchone()
        return None if row is None else row[0]

    def _trouble(self, error: Exception) -> DedupError:
        if isinstance(error, OSError):
            return StoredIndexError(self._url, error.strerror or str(error))
        if "not a database" in str(error):
            reason = "is no index, or damaged from its first page on: restore a copy"
            return IndexCorruptError(self._url, reason)
        if "malformed" in str(error):
            return IndexCorruptError(self._url, f"{error}; `dedup index repair` saves the rest")
        return StoredIndexError(self._url, str(error))


def _sql_text(name: str) -> str | bytes:
    """Return a name as SQLite takes it: lone surrogates are no text there."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")
    return name


def _name(stored: int | str | bytes) -> str:
    return stored.decode("utf-8", "surrogatepass") if isinstance(stored, bytes) else str(stored)
