"""Records out of files, in their order; one by one or in columns."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError, InputError, RecordError
from dedup.formats.account import SHOWN, Account
from dedup.formats.fields import Mapped
from dedup.formats.judging import Judge
from dedup.formats.record import Record, Row, RowGroup
from dedup.formats.registry import (
    Format,
    Scans,
    groups_of,
    known_formats,
    recognise,
    suffixes_of,
)
from dedup.formats.remembered import Extract
from dedup.formats.sources import Source, find_sources, open_source

if TYPE_CHECKING:
    from dedup.columns import ArticleColumns, Each, Look
    from dedup.formats.columns import MappedColumns
    from dedup.formats.scanned import LineScanner

__all__ = ["Paths", "RecordReader"]

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

#: So many records that were read one by one go into columns together.
_TOGETHER = 64


class RecordReader(Iterator[Record]):
    """An iterator over the records of some files that keeps count of what it left out.

    Made by `dedup.formats.read_records`. Holds one group of records at a time, and
    about 24 bytes for each id seen so far unless told not to.

    Attributes
    ----------
    sources : list[Source]
        The files, in the order of reading.
    """

    def __init__(
        self,
        paths: Paths,
        *,
        fields: Mapping[str, str] | None = None,
        skip_invalid: bool = False,
        unique_ids: bool = True,
        extract: Extract = "best",
    ) -> None:
        self._formats = known_formats(extract=extract)
        self.sources, left_out = find_sources(paths, suffixes_of(self._formats))
        self._unique_ids = unique_ids
        self._account = Account(left_out, is_lenient=skip_invalid)
        self._judge = Judge(fields, unique_ids=unique_ids, account=self._account)
        self._groups = self._read()
        #: How lines are scanned ahead, once columns are asked for.
        self._each: Each | None = None
        self._scanner: LineScanner | None = None
        #: What is left of the group that was begun one by one.
        self._begun: Iterator[Record] = iter(())
        self._rows_here = 0
        self._is_any_read = False

    def __next__(self) -> Record:
        while (record := next(self._begun, None)) is None:
            source, file_format, group, _ = next(self._groups)
            self._begun = self._judged(source, file_format, group)
        return record

    @property
    def has_unique_ids(self) -> bool:
        """An id that was seen before is taken for a broken record."""
        return self._unique_ids

    @property
    def left_out(self) -> tuple[str, ...]:
        """Files in folders that were not read: by name or content they are no feeds."""
        return tuple(self._account.left_out)

    @property
    def skipped(self) -> Counter[str]:
        """How many records were left out, by what is wrong with them."""
        return self._account.skipped

    @property
    def examples(self) -> dict[str, RecordError]:
        """The first of each kind of these."""
        return self._account.examples

    @property
    def empty_files(self) -> list[str]:
        """Files read so far that hold no record."""
        return self._account.empty_files

    @property
    def asides(self) -> Counter[str]:
        """What stood among the records and is no article (a web archive's pictures)."""
        return self._account.asides

    @property
    def unread_dates(self) -> int:
        """Publication dates that could not be read; those articles have none."""
        return self._account.unread_dates

    def notes(self) -> list[str]:
        """Return what a user should know about the reading so far, a sentence each."""
        return self._account.notes()

    def columns(
        self, each: "Each | None" = None, look: "Look | None" = None
    ) -> "Iterator[ArticleColumns]":
        """Yield the articles that are left as columns, in a fraction of the time.

        About a mebibyte of them at a time at the most. What the records hold besides an
        article's fields is left out.

        Parameters
        ----------
        each : callable | None
            Does what other threads could do, some of it ahead: then the reader is to be
            read to its end.
        look : callable | None
            Is given the texts where many were just read, and returns them.
        """
        from dedup.columns import ArticleColumns

        self._begin_to_scan(each or map, look)
        singles = [record.article for record in self._begun]
        for source, file_format, group, mapped in self._groups:
            columns = self._judge.columns(source, file_format, group, mapped)
            if columns is None:
                judged = self._judged(source, file_format, group)
                singles.extend(record.article for record in judged)
            if singles and (columns is not None or len(singles) >= _TOGETHER):
                yield ArticleColumns.of(singles)
                singles = []
            if columns is not None:
                self._rows_here += len(columns)
                yield columns
        if singles:
            yield ArticleColumns.of(singles)

    def _begin_to_scan(self, each: "Each", look: "Look | None") -> None:
        from dedup.kernels.library import can_compile

        if can_compile():  # else a parser takes less time
            from dedup.formats.scanned import LineScanner

            self._each, self._scanner = each, LineScanner(self._judge.fields, look)

    def _read(self) -> "Iterator[tuple[Source, Format, RowGroup, MappedColumns | None]]":
        """Yield the rows of all files; each group is done with before the next is asked for."""
        for source in self.sources:
            with open_source(source) as (stream, head):
                file_format = self.recognise(source, head)
                if file_format is None:
                    continue
                self._rows_here = 0
                for group, mapped in self._groups_of(file_format, source, stream):
                    yield source, file_format, group, mapped
                self._judge.end_file(source, file_format)
            if self._rows_here == 0:
                self.empty_files.append(source.path)
        self._judge.forget()
        if self.sources and not self._is_any_read:
            shown = ", ".join(self.left_out[:SHOWN])
            raise InputError(f"{shown}: no articles in this folder; name a file to have it read")

    def _groups_of(
        self, file_format: Format, source: Source, stream: BinaryIO
    ) -> "Iterator[tuple[RowGroup, MappedColumns | None]]":
        """Yield the rows of a file, and what they hold where that is known already."""
        if self._scanner and self._each and isinstance(file_format, Scans):
            yield from file_format.scanned(source, stream, self._scanner.read, self._each)
            return
        for group in groups_of(file_format, source, stream):
            yield group, None

    def _judged(self, source: Source, file_format: Format, group: RowGroup) -> Iterator[Record]:
        for row in group.rows():
            self._rows_here += 1
            record = self.judge(source, file_format, row)
            if record is not None:
                yield record

    def recognise(self, source: Source, head: bytes) -> Format | None:
        """Return the format of a file that begins with `head`.

        None for a file in a folder that is of no format: that is left out, and said.
        """
        try:
            found = recognise(source, head, self._formats)
        except FormatError:
            if source.is_named:
                raise
            self._account.left_out.append(source.path)
            return None
        self._is_any_read = True
        return found

    def judge(self, source: Source, file_format: Format, row: Row) -> Record | None:
        """Return a row's record, or None if it is left out, and counted.

        Raises
        ------
        RecordError
            If it is broken, and broken records are not to be skipped.
        """
        return self._judge.record(source, file_format, row)

    def map_row(self, source: Source, file_format: Format, row: Row) -> Mapped:
        """Return what a row is as an article, or why it is none."""
        return self._judge.map_row(source, file_format, row)
