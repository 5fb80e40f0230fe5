"""An index in PostgreSQL, for many workers on many machines.

Its tables lie in a schema of their own (``?schema=``, ``dedup``). A transaction
holds an advisory lock, so that checks and additions go one after another; when it
is committed the server keeps what was added, as durably as it is set up to.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from dedup.errors import ArgumentError, OptionalDependencyError, StoredIndexError
from dedup.index.address import split_options
from dedup.index.postgres_postings import BEFORE_ALL, PostgresPostings
from dedup.index.protocol import Info, Settings
from dedup.index.server import Additions, ServerIndex
from dedup.shingles import Hashes

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

__all__ = ["PostgresIndex"]

T = TypeVar("T")

_TABLES = """
    CREATE TABLE {s}.meta (name text PRIMARY KEY, value text NOT NULL);
    CREATE TABLE {s}.article (number bigint PRIMARY KEY, data bytea NOT NULL);
    CREATE TABLE {s}.text (number bigint PRIMARY KEY, data bytea NOT NULL);
    CREATE TABLE {s}.counts (name bytea PRIMARY KEY, data bytea NOT NULL);
    CREATE TABLE {s}.site (name bytea PRIMARY KEY, data bytea NOT NULL);
    CREATE TABLE {s}.posting (
        key bigint, number bigint, samples int NOT NULL, PRIMARY KEY (key, number)
    );
"""


class PostgresIndex(ServerIndex):
    """An index in PostgreSQL.

    Raises
    ------
    StoredIndexError
        The server cannot be reached.
    """

    _postings: PostgresPostings

    def __init__(self, url: str, settings: Settings | None, *, may_exist: bool = True) -> None:
        super().__init__(url)
        server, options = split_options(url, "schema")
        self._schema = options.get("schema", "dedup")
        if not self._schema.isidentifier() or not self._schema.isascii():
            raise ArgumentError(f"{url}: a schema's name is letters, digits and underscores")
        try:
            import psycopg
        except ImportError as error:
            raise OptionalDependencyError(
                "psycopg[binary]", "postgres", "an index in PostgreSQL"
            ) from error
        self._error: type[Exception] = psycopg.Error
        self._postings = PostgresPostings(self._run)
        with self._errors():
            self._db: Connection[TupleRow] = psycopg.connect(server, autocommit=True)
            self._set_up(settings, may_exist=may_exist)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state while the context lasts."""
        with self._lock, self._errors():
            if self._new is not None or self._db.info.transaction_status:
                yield
                return
            with self._db.transaction():
                self._db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield

    def transact(self, work: Callable[[], T]) -> T:
        """Do work alone: all of what it adds is kept, or nothing."""
        with self._lock, self._errors(), self._db.transaction():
            self._lock_index()
            self._new = Additions(self.last_number, self._read_version())
            try:
                result = work()
                if not self._new.is_empty:
                    self._write(self._new)
            finally:
                self._new = None
            return result

    @property
    def state(self) -> str:
        """Another whenever something else is in it, in whatever process; within a snapshot."""
        return f"{self.last_number}-{self._meta('stamp')}"

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        return int(self._meta("last") or 0)

    def info(self) -> Info:
        """Say what is in it."""
        articles = accepted = repeats = 0
        with self.snapshot():
            for row in self.scan():
                articles, accepted = articles + 1, accepted + row.is_accepted
                repeats += row.same_as > 0
            postings = self._postings.count
            sizes = self._run(
                "SELECT sum(pg_total_relation_size(pg_class.oid)) FROM pg_class "
                "JOIN pg_namespace ON relnamespace = pg_namespace.oid "
                "WHERE nspname = %s AND relkind = 'r'",
                self._schema,
            )
            sites = len(self._names("counts"))
        return Info(articles, accepted, repeats, sites, postings, int(sizes[0][0] or 0), 0)

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def _set_up(self, settings: Settings | None, *, may_exist: bool) -> None:
        with self._db.transaction():
            self._lock_index()
            is_there = self._run("SELECT to_regclass(%s)", f"{self._schema}.meta")[0][0]
            if settings is None and not is_there:
                raise StoredIndexError(self.url, "there is no such index; `dedup index create` it")
            if settings is not None and is_there and not may_exist:
                raise StoredIndexError(self.url, "exists already")
            if settings is not None and not is_there:
                self._run("CREATE SCHEMA IF NOT EXISTS {s}")
                self._run(_TABLES)
                self._set_meta("settings", json.dumps(settings.as_row(), sort_keys=True))
            self.settings = Settings.from_row(json.loads(self._meta("settings") or "{}"), self.url)

    def _lock_index(self) -> None:
        # Class 0x64647570 ("ddup"); one lock for each schema.
        self._run("SELECT pg_advisory_xact_lock(1684305264, hashtext(%s))", self._schema)

    def _write(self, new: Additions) -> None:
        with self._db.cursor() as cursor:
            for table, place in (("article", 0), ("text", 1)):
                with cursor.copy(
                    self._sql(f"COPY {{s}}.{table} FROM STDIN (FORMAT BINARY)")
                ) as copy:
                    copy.set_types(["int8", "bytea"])
                    for number, rows in new.articles.items():
                        if rows[place] is not None:
                            copy.write_row((number, rows[place]))
            with cursor.copy(self._sql("COPY {s}.posting FROM STDIN (FORMAT BINARY)")) as copy:
                copy.set_types(["int8", "int8", "int4"])
                for number, keys, samples in new.postings:
                    if number in new.articles:
                        self._postings.append(copy, keys, number, samples)
        for table, rows_by_name in (("counts", new.counts), ("site", new.sites)):
            for name, row in rows_by_name.items():
                self._run(
                    f"INSERT INTO {{s}}.{table} VALUES (%s, %s) "  # noqa: S608 - a table of ours
                    "ON CONFLICT (name) DO UPDATE SET data = excluded.data",
                    _raw(name),
                    row,
                )
        for table in ("article", "text"):
            query = f"DELETE FROM {{s}}.{table} WHERE number = ANY(%s)"  # noqa: S608 - ours
            self._run(query, new.removed)
        self._set_meta("last", str(new.last))
        self._set_meta("version", str(new.version))
        self._set_meta("stamp", uuid.uuid4().hex)

    def _post(self, missing: Sequence[tuple[int, Hashes, int]]) -> None:
        with self._db.transaction():
            self._lock_index()
            self._postings.insert(missing)
            self._set_meta("stamp", uuid.uuid4().hex)

    def _thin(self) -> Iterator[None]:
        done: tuple[int, int] | None = BEFORE_ALL
        while done is not None:
            with self._db.transaction():
                self._lock_index()
                done = self._postings.thin(done)
            yield

    def _read(self, table: str, names: Sequence[int | str]) -> list[bytes | None]:
        column = "name" if table in ("counts", "site") else "number"
        asked = [_raw(name) if isinstance(name, str) else name for name in names]
        rows = self._run(
            f"SELECT {column}, data FROM {{s}}.{table} WHERE {column} = ANY(%s)",  # noqa: S608
            asked,
        )
        found = {bytes(key) if column == "name" else key: bytes(data) for key, data in rows}
        return [found.get(name) for name in asked]

    def _names(self, table: str) -> list[str]:
        rows = self._run(f"SELECT name FROM {{s}}.{table}")  # noqa: S608 - a table of ours
        return sorted(bytes(row[0]).decode("utf-8", "surrogatepass") for row in rows)

    def _numbers_after(self, number: int, most: int) -> list[int]:
        query = "SELECT number FROM {s}.article WHERE number > %s ORDER BY number LIMIT %s"
        return [row[0] for row in self._run(query, number, most)]

    def _read_version(self) -> int:
        return int(self._meta("version") or 0)

    def _meta(self, name: str) -> str | None:
        rows = self._run("SELECT value FROM {s}.meta WHERE name = %s", name)
        return str(rows[0][0]) if rows else None

    def _set_meta(self, name: str, value: str) -> None:
        self._run(
            "INSERT INTO {s}.meta VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    def _sql(self, query: str) -> bytes:
        return query.replace("{s}", f'"{self._schema}"').encode()

    def _run(self, query: str, *values: object) -> "list[TupleRow]":
        with self._errors():
            sql = self._sql(query)
            cursor = self._db.execute(sql, values or None, prepare=bool(values) or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise StoredIndexError(self.url, str(error).strip()) from error


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
