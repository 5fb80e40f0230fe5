"""An index of a result's articles: for the while, or for as long as a run may be continued."""

import json
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dedup.cli.resuming import state_of_file
from dedup.errors import IndexFormatError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.cli.progress import ProgressLine
    from dedup.detector import RunFolder, Scratch
    from dedup.index import Index

__all__ = ["open_result"]

_DATABASE, _SUMS = "archive.db", "sums.json"
_BLOCK_BYTES = 1 << 20


@contextmanager
def open_result(name: str, scratch: "Scratch", progress: "ProgressLine") -> "Iterator[Index]":
    """Make an index of a result's articles; in the folder of a run only once.

    Raises
    ------
    IndexFormatError
        The result does not have all articles.
    ResumeError
        The index that an interrupted run left is damaged.
    """
    from dedup.detector import RunFolder
    from dedup.index import open_index

    with TemporaryDirectory(prefix="dedup-against-") as temporary:
        if isinstance(scratch, RunFolder):
            folder = _kept(name, scratch, progress)
        else:
            folder = Path(temporary)
            _fill(name, folder, progress)
        scratch.take(sum(path.stat().st_size for path in folder.iterdir()))
        with open_index(str(folder / _DATABASE), create=False) as index:
            yield index


def _kept(name: str, run: "RunFolder", progress: "ProgressLine") -> Path:
    """Return the folder in which a run has the index: whole, as it is renamed when it is.

    With it are the checksums of its files and what it was made of, as it is made before
    the run has a manifest.
    """
    folder, made_of = run.archive, state_of_file(name)
    sums = folder / _SUMS
    if folder.exists():
        try:
            known = json.loads(sums.read_text())
            if known["of"] == made_of:
                for file, checksum in known["files"].items():
                    if _checksum(folder / file) != checksum:
                        raise run.damaged(f"{folder.name}/{file}")
                return folder
        except (OSError, ValueError, LookupError) as error:
            raise run.damaged(f"{folder.name}/{_SUMS}") from error
    new = folder.with_name(f"{folder.name}.new")
    for old in (new, folder):
        shutil.rmtree(old, ignore_errors=True)
    new.mkdir()
    _fill(name, new, progress)
    files = {path.name: _checksum(path) for path in new.iterdir()}
    (new / _SUMS).write_text(json.dumps({"of": made_of, "files": files}))
    new.rename(folder)
    return folder


def _fill(name: str, folder: Path, progress: "ProgressLine") -> None:
    from dedup.index import Settings, create_index
    from dedup.reports.stored_result import StoredResult
    from dedup.stream.filling import fill_index
    from dedup.stream.given import give_boilerplate

    with closing(StoredResult(name)) as stored:
        if not stored.is_whole:
            raise IndexFormatError(
                name,
                "the result of a run with --against has the articles in its clusters only: "
                "give the index, or the result, that it was made against",
            )

        def said() -> "Iterator[tuple[Article, bool]]":
            for count, one in enumerate(stored.articles()):
                if count % 1000 == 0:
                    progress("read the archive", count, stored.result.tally.articles)
                yield one

        settings = Settings(recipe=stored.result.recipe, learns=False)
        with create_index(str(folder / _DATABASE), settings) as index:
            give_boilerplate(index, stored.result.boilerplate)
            fill_index(index, said(), added=int(time.time()))


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            checksum = zlib.crc32(block, checksum)
    return checksum
