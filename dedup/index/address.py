"""Where an index is: its URL, or a bare path."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from dedup.errors import ArgumentError, StoredIndexError
from dedup.index.protocol import Settings

if TYPE_CHECKING:
    from dedup.index.protocol import Index

__all__ = ["create_index", "open_index", "split_options", "sqlite_path"]

_SYNCHRONOUS = ("normal", "full")


def open_index(url: str, *, create: bool = True, settings: Settings | None = None) -> "Index":
    """Open an index.

    Parameters
    ----------
    url : str
        ``memory:``, ``sqlite:///relative/path``, ``sqlite:////absolute/path`` (with
        ``?synchronous=full`` to outlast power failures to the last article), a bare
        path (SQLite), ``redis://...`` or ``postgresql://...``.
    create : bool
        Make one where there is none.
    settings : Settings | None
        For one that is made; the usual ones if none.

    Raises
    ------
    ArgumentError
        The URL is of no known kind.
    StoredIndexError
        The index cannot be opened.

    Examples
    --------
    >>> with open_index("memory:") as index:
    ...     index.info().articles
    0
    """
    return _open(url, (settings or Settings()) if create else None, may_exist=True)


def create_index(url: str, settings: Settings | None = None) -> "Index":
    """Make a new index.

    Raises
    ------
    StoredIndexError
        There is one already.
    """
    return _open(url, settings or Settings(), may_exist=False)


def _open(url: str, settings: Settings | None, *, may_exist: bool) -> "Index":
    scheme = url.partition(":")[0]
    if url == "memory:":
        from dedup.index.memory import MemoryIndex

        return MemoryIndex(settings, url=url)
    if scheme in ("redis", "rediss", "unix"):
        from dedup.index.redis import RedisIndex

        return RedisIndex(url, settings, may_exist=may_exist)
    if scheme in ("postgresql", "postgres"):
        from dedup.index.postgres import PostgresIndex

        return PostgresIndex(url, settings, may_exist=may_exist)
    return _open_sqlite(url, settings, may_exist=may_exist)


def _open_sqlite(url: str, settings: Settings | None, *, may_exist: bool) -> "Index":
    from dedup.index.sqlite import SqliteIndex

    path, synchronous = sqlite_path(url)
    if path.is_dir():
        raise StoredIndexError(url, "is a folder; name a file in it, as seen.db")
    if settings is not None and may_exist and path.exists():
        settings = None
    if settings is not None and not path.parent.is_dir():
        raise StoredIndexError(url, f"there is no folder {path.parent}")
    try:
        return SqliteIndex(path, settings, url=url, synchronous=synchronous)
    except StoredIndexError as error:
        # Another process may have been faster in creating it.
        if settings is None or not may_exist or error.reason != "exists already":
            raise
        return SqliteIndex(path, None, url=url, synchronous=synchronous)


def sqlite_path(url: str) -> tuple[Path, str]:
    """Return the file of an SQLite index, and its ``synchronous``.

    Examples
    --------
    >>> sqlite_path("sqlite:////var/seen.db?synchronous=full")
    (PosixPath('/var/seen.db'), 'full')
    """
    if not url.startswith("sqlite:"):
        if "://" in url:
            raise ArgumentError(
                f"{url}: use memory:, sqlite:///PATH, redis://, postgresql:// or a path"
            )
        return Path(url), "normal"
    parts = urlsplit(url)
    synchronous = parse_qs(parts.query).get("synchronous", ["normal"])[0]
    if parts.netloc or len(parts.path) < 2 or synchronous not in _SYNCHRONOUS:
        raise ArgumentError(
            f"{url}: write sqlite:///relative/path or sqlite:////absolute/path, "
            "with ?synchronous=full or =normal if you like"
        )
    return Path(parts.path[1:]), synchronous


def split_options(url: str, *own: str) -> tuple[str, dict[str, str]]:
    """Take some options out of a server's URL.

    Examples
    --------
    >>> split_options("redis://host/0?name=news&db=1", "name")
    ('redis://host/0?db=1', {'name': 'news'})
    """
    server, _, query = url.partition("?")
    given = parse_qsl(query)
    rest = urlencode([(name, value) for name, value in given if name not in own])
    options = {name: value for name, value in given if name in own}
    return f"{server}?{rest}" if rest else server, options
