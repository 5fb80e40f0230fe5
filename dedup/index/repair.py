"""Saving what can be read of a damaged index."""

from pathlib import Path

from dedup.errors import ArgumentError
from dedup.index.address import open_index, sqlite_path
from dedup.index.copying import Copied, copy_articles
from dedup.index.sqlite import SqliteIndex

__all__ = ["repair_index"]


def repair_index(url: str) -> Copied:
    """Copy every article that can be read into a new index in the place of the old.

    The damaged database stays beside it, with ``.damaged`` behind its name.

    Raises
    ------
    ArgumentError
        The index is no file: its server has its own means.
    StoredIndexError
        Not even its settings can be read.
    """
    if "://" in url and not url.startswith("sqlite:"):
        raise ArgumentError(f"{url}: a server's index is repaired by the server's own means")
    path, _ = sqlite_path(url)
    made = path.with_name(f"{path.name}.repaired")
    _remove(made)
    with (
        open_index(url, create=False) as source,
        SqliteIndex(made, source.settings) as target,
    ):
        copied = copy_articles(source, target, is_lenient=True)
    damaged = path.with_name(f"{path.name}.damaged")
    for file in _parts(path):
        file.rename(damaged.with_name(damaged.name + file.name.removeprefix(path.name)))
    for file in _parts(made):
        file.rename(path.with_name(path.name + file.name.removeprefix(made.name)))
    return copied


def _parts(path: Path) -> list[Path]:
    return [
        file
        for file in path.parent.iterdir()
        if file.name == path.name
        or file.name in (f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-sums")
        or file.name.startswith(f"{path.name}-postings-")
    ]


def _remove(path: Path) -> None:
    for file in _parts(path):
        file.unlink()
