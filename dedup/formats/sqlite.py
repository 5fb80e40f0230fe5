"""SQLite databases: the table that holds articles."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import quote

from dedup.errors import FormatError
from dedup.formats.names import PATHS, squash
from dedup.formats.record import Row
from dedup.formats.sources import Source, refuse_second, seekable

__all__ = ["SqliteTable"]

_TEXT_NAMES = [path[0] for path in PATHS["text"] if len(path) == 1]
_KNOWN = {path[0] for paths in PATHS.values() for path in paths}
_BLOCK_BYTES = 1 << 20
#: A larger value is no article.
_MAX_VALUE_BYTES = 64 << 20
_SHOWN = 8
_HEADER_BYTES = 100


class SqliteTable:
    """A database as scrapers, `sqlite-utils` and datasette have them; opened for reading only.

    The table is the only one, or the one with a column that is called as texts
    are and the most other known columns. Views and virtual tables are not read:
    they run what the file says.
    """

    name = "SQLite (.db, .sqlite)"
    has_own_names = True
    #: None is read from a folder: what lies there may be this program's own index.
    suffixes = ()

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins as a database does."""
        del source
        return head.startswith(b"SQLite format 3\0")

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the rows of the table, in its order; their numbers count from 1."""
        with seekable(source, stream) as (path, _), _reading(source, path) as database:
            yield from (row for _, row in _rows(source, database))

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write a copy of the database without the dropped rows."""
        refuse_second(source, before, "databases")
        with (
            seekable(source, stream) as (path, _),
            TemporaryDirectory(prefix="dedup-kept-") as folder,
        ):
            copy = Path(folder, "kept.db")
            with _reading(source, path) as database:
                table = _table(source, database)
                dropped = [(key,) for key, row in _rows(source, database) if not is_kept(row)]
                if (None,) in dropped:
                    reason = f"its table {table!r} has no row ids to drop by; export it as CSV"
                    raise FormatError(source.path, reason)
                with closing(sqlite3.connect(copy)) as target:
                    database.backup(target)
                    target.executemany(f"DELETE FROM {_quoted(table)} WHERE rowid = ?", dropped)  # noqa: S608
                    target.commit()
                    target.execute("VACUUM")
            with copy.open("rb") as written:
                while block := written.read(_BLOCK_BYTES):
                    out.write(block)
        return b"database"


@contextmanager
def _reading(source: Source, path: str) -> Iterator[sqlite3.Connection]:
    _check_size(source, path)
    try:
        # immutable: nothing is written beside it, no journal is replayed.
        address = f"file:{quote(str(Path(path).absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield database
    except sqlite3.Error as error:
        reason = f"broken database ({error}): `sqlite3 FILE .recover` may save it"
        raise FormatError(source.path, reason) from error


def _check_size(source: Source, path: str) -> None:
    """Raise `FormatError` if a file is shorter than its header says: SQLite may not notice."""
    with Path(path).open("rb") as file:
        header = file.read(_HEADER_BYTES)
        size = file.seek(0, os.SEEK_END)
    page_bytes = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    # 1 stands for 65536, which two bytes do not hold.
    if size < pages * (65536 if page_bytes == 1 else page_bytes):
        raise FormatError(source.path, "cut off: shorter than it says; fetch the file again")


def _rows(source: Source, database: sqlite3.Connection) -> Iterator[tuple[object, Row]]:
    """Yield the rows of the table that holds articles, each with its row id if it has one."""
    table = _quoted(_table(source, database))
    try:
        cursor = database.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid")  # noqa: S608
    except sqlite3.OperationalError:  # WITHOUT ROWID: in the order of its key
        cursor = database.execute(f"SELECT NULL, * FROM {table}")  # noqa: S608
    names = [column[0] for column in cursor.description][1:]
    for number, (key, *values) in enumerate(cursor, 1):
        fields = {
            name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            for name, value in zip(names, values, strict=True)
        }
        yield key, Row(b"", number, fields)


def _table(source: Source, database: sqlite3.Connection) -> str:
    """Return the name of the table that holds articles."""
    found: dict[str, list[str]] = {}
    for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ):
        columns = database.execute(f"PRAGMA table_info({_quoted(name)})")
        found[name] = [squash(str(column[1])) for column in columns]
    likely = {name: names for name, names in found.items() if set(names) & set(_TEXT_NAMES)}
    if likely:
        return max(likely, key=lambda name: (len(_KNOWN & set(likely[name])), name))
    if len(found) == 1:
        return next(iter(found))
    shown = "; ".join(f"{name}({', '.join(names)})" for name, names in [*found.items()][:_SHOWN])
    what = f"none of its tables has a text: {shown[:300]}" if found else "holds no table"
    raise FormatError(source.path, f"{what}; export the one meant as CSV (sqlite3 -csv -header)")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
