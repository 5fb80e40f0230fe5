"""The input without the duplicates: its own format, its own order, byte for byte for lines."""

import os
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import BinaryIO

from dedup.errors import InputError
from dedup.formats.packing import packed
from dedup.formats.reader import Paths, RecordReader
from dedup.formats.record import Row
from dedup.formats.registry import Format, Keeps
from dedup.formats.remembered import Extract
from dedup.formats.sources import Source, open_source
from dedup.output import open_output

__all__ = ["check_kept", "write_kept"]


def check_kept(
    path: str,
    feeds: Paths,
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
    extract: Extract = "best",
) -> None:
    """Look at how each feed begins, before anything is done with them.

    Parameters
    ----------
    path, feeds, fields, skip_invalid, extract
        As for :func:`write_kept`.

    Raises
    ------
    InputError
        They are no lines of one kind, as one file takes them.
    """
    if _is_folder(path):
        return
    reader = RecordReader(feeds, fields=fields, skip_invalid=skip_invalid, extract=extract)
    last: Format | None = None
    for source in reader.sources:
        with open_source(source) as (_, head):
            found = reader.recognise(source, head)
        if found is not None:
            _check_kind(path, source, found, last)
            last = found


def write_kept(
    path: str,
    feeds: Paths,
    dropped: Container[str],
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
    extract: Extract = "best",
    check: Callable[[], None] | None = None,
) -> int:
    """Write the records whose ids are not dropped, as they came in.

    Parameters
    ----------
    path : str
        A file for one input, or several of lines; a folder (with a final ``/``)
        for any, each input a file of its own there. A suffix such as ``.gz``
        compresses.
    feeds, fields, skip_invalid, extract
        As they were read.
    check : Callable
        Called when all is read: what it raises keeps a file from its place.

    Returns
    -------
    int
        How many were written.

    Raises
    ------
    InputError
        If whole files or several tables would go into one file, or a file would
        be written outside the folder.
    """
    reader = RecordReader(feeds, fields=fields, skip_invalid=skip_invalid, extract=extract)
    keeper = _Keeper(reader, dropped)
    if _is_folder(path):
        for source in reader.sources:
            keeper.write_file(source, path)
        if check is not None:
            check()
        return keeper.count
    with open_output(path) as file, packed(file, path) as out:
        before = b""
        for source in reader.sources:
            before = keeper.append(source, out, path, before)
        if check is not None:
            check()
    return keeper.count


def _is_folder(path: str) -> bool:
    return path.endswith(("/", os.sep)) or Path(path).is_dir()


def _check_kind(path: str, source: Source, found: Format, last: Format | None) -> Keeps:
    """Return a format that can stand in one file behind the last."""
    if not isinstance(found, Keeps):
        raise InputError(f"{path}: {source.path} is a whole file: name a folder, as kept/")
    if last is not None and found is not last:
        kinds = f"{source.path} is of another kind than the files before it"
        raise InputError(f"{path}: {kinds}: name a folder, as kept/")
    return found


class _Keeper:
    """Writes inputs again without what is dropped, and counts what is not."""

    def __init__(self, reader: RecordReader, dropped: Container[str]) -> None:
        self._reader = reader
        self._dropped = dropped
        self._last: Format | None = None
        self.count = 0

    def append(self, source: Source, out: BinaryIO, path: str, before: bytes) -> bytes:
        """Write one input behind the others."""
        with open_source(source) as (stream, head):
            file_format = self._reader.recognise(source, head)
            if file_format is None:
                return before
            keeps = _check_kind(path, source, file_format, self._last if before else None)
            self._last = file_format
            return keeps.keep(source, stream, out, self._accepts(source, file_format), before)

    def write_file(self, source: Source, folder: str) -> None:
        """Write one input as a file of its own, if anything of it is left."""
        target = Path(folder, source.name.lstrip("/"))
        if not target.resolve().is_relative_to(Path(folder).resolve()):
            raise InputError(f"{source.path}: would be written outside {folder}")
        with open_source(source) as (stream, head):
            file_format = self._reader.recognise(source, head)
            if file_format is None:
                return
            accepts = self._accepts(source, file_format)
            if isinstance(file_format, Keeps):
                target.parent.mkdir(parents=True, exist_ok=True)
                before = self.count
                with open_output(target) as file, packed(file, target.name) as out:
                    file_format.keep(source, stream, out, accepts, b"")
                if self.count == before:
                    target.unlink()
                return
            for row in file_format.rows(source, stream):
                if row.line is not None:
                    what = f"{file_format.name} cannot be written again"
                    raise InputError(f"{source.path}: {what}: leave --kept out")
                if accepts(row):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with open_output(target) as file, packed(file, target.name) as out:
                        out.write(row.raw)

    def _accepts(self, source: Source, file_format: Format) -> Callable[[Row], bool]:
        def accepts(row: Row) -> bool:
            record = self._reader.judge(source, file_format, row)
            is_kept = record is not None and record.article.id not in self._dropped
            self.count += is_kept
            return is_kept

        return accepts
