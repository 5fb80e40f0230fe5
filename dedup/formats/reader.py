"""Records out of files: mapped, with unique ids, broken ones raised or counted."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError, InputError, RecordError
from dedup.formats.fields import FieldMap, Mapped
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
from dedup.formats.shares import TextShare
from dedup.formats.sources import Source, find_sources, open_source

if TYPE_CHECKING:
    from dedup.columns import ArticleColumns, Each, TextColumn
    from dedup.formats.columns import MappedColumns
    from dedup.formats.ids import SeenIds
    from dedup.formats.scanned import LineScanner

__all__ = ["Paths", "RecordReader"]

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

_SHOWN = 3
#: So many records that were read one by one go into columns together.
_TOGETHER = 64
_NO_TEXT = "no text"
#: For formats that name the fields themselves: a caller's mapping is not about those.
_USUAL_NAMES = FieldMap()
#: What is wrong in two or three words, and in full.
_Refusal = tuple[str, RecordError]


class RecordReader(Iterator[Record]):
    """An iterator over the records of some files that keeps count of what it left out.

    Made by `dedup.formats.read_records`. Holds one group of records at a time, and
    about 24 bytes for each id seen so far unless told not to.

    Attributes
    ----------
    sources : list[Source]
        The files, in the order of reading.
    skipped : Counter[str]
        How many records were left out, by what is wrong with them.
    examples : dict[str, RecordError]
        The first of each kind.
    empty_files : list[str]
        Files read so far that hold no record.
    asides : Counter[str]
        What stood among the records and is no article (a web archive's pictures).
    unread_dates : int
        Publication dates that could not be read; those articles have none.
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
        self._map = FieldMap(fields)
        self._skip_invalid = skip_invalid
        self._unique_ids = unique_ids
        self._groups = self._read()
        #: How lines are scanned ahead, once columns are asked for.
        self._each: Each | None = None
        self._scanner: LineScanner | None = None
        #: What is left of the group that was begun one by one.
        self._begun: Iterator[Record] = iter(())
        self._rows_here = 0
        self._first_unread_date: RecordError | None = None
        self._is_any_read = False
        self._shares: dict[str, TextShare] = {}
        self.skipped: Counter[str] = Counter()
        self.asides: Counter[str] = Counter()
        self.examples: dict[str, RecordError] = {}
        self._left_out = left_out
        self.empty_files: list[str] = []
        self.unread_dates = 0

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
        return tuple(self._left_out)

    def notes(self) -> list[str]:
        """Return what a user should know about the reading so far, a sentence each."""
        notes = [
            f"{count} {_plural('record', count)} skipped, {kind}: {self.examples[kind]}"
            for kind, count in sorted(self.skipped.items())
        ]
        notes += [
            f"{count} {_plural('record', count)} passed over: {kind}"
            for kind, count in sorted(self.asides.items())
        ]
        notes += [f"{path}: empty, no records" for path in self.empty_files]
        if self.left_out:
            more = "" if len(self.left_out) <= _SHOWN else ", ..."
            names = ", ".join(self.left_out[:_SHOWN]) + more
            count = len(self.left_out)
            notes.append(f"{count} other {_plural('file', count)} in the folder not read: {names}")
        if self._first_unread_date is not None:
            count = self.unread_dates
            notes.append(f"{count} {_plural('date', count)} not read: {self._first_unread_date}")
        return notes

    def columns(self, each: "Each | None" = None) -> "Iterator[ArticleColumns]":
        """Yield the articles that are left as columns, in a fraction of the time.

        About a mebibyte of them at a time at the most. What the records hold besides an
        article's fields is left out.

        Parameters
        ----------
        each : callable | None
            Does what other threads could do, some of it ahead: then the reader is to be
            read to its end.
        """
        from dedup.columns import ArticleColumns

        self._begin_to_scan(each or map)
        singles = [record.article for record in self._begun]
        for source, file_format, group, mapped in self._groups:
            columns = self._columns(source, file_format, group, mapped)
            if columns is None:
                judged = self._judged(source, file_format, group)
                singles.extend(record.article for record in judged)
            if singles and (columns is not None or len(singles) >= _TOGETHER):
                yield ArticleColumns.of(singles)
                singles = []
            if columns is not None:
                yield columns
        if singles:
            yield ArticleColumns.of(singles)

    def _begin_to_scan(self, each: "Each") -> None:
        from dedup.kernels.library import can_compile

        if can_compile():  # else a parser takes less time
            from dedup.formats.scanned import LineScanner

            self._each, self._scanner = each, LineScanner(self._map)

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
                self._share(file_format).check_end(source)
            if self._rows_here == 0:
                self.empty_files.append(source.path)
        if "_seen" in vars(self):
            self._seen.clear()
        if self.sources and not self._is_any_read:
            shown = ", ".join(self.left_out[:_SHOWN])
            raise InputError(f"{shown}: no articles in this folder; name a file to have it read")

    @cached_property
    def _seen(self) -> "SeenIds":
        from dedup.formats.ids import SeenIds  # loads what a diff needs not

        return SeenIds()

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

    def _columns(
        self,
        source: Source,
        file_format: Format,
        group: RowGroup,
        mapped: "MappedColumns | None",
    ) -> "ArticleColumns | None":
        """Return the articles of a group, unless one of its rows needs a look by itself."""
        mapped = mapped or self._mapped(source, file_format, group)
        if mapped is None:
            return None
        columns = mapped.columns
        if columns.ids.is_absent.any():
            columns = replace(columns, ids=_filled(columns.ids, source, group.line))
        if self._unique_ids and not self._seen.add_new(columns.ids, source, group.line):
            return None
        self._rows_here += len(columns)
        self._share(file_format).count_all(source, (columns.texts.sizes == 0).tolist())
        for i, date in mapped.unread_dates:
            self._note_date(source, group.line + i, date)
        return columns

    def _mapped(
        self, source: Source, file_format: Format, group: RowGroup
    ) -> "MappedColumns | None":
        from dedup.formats.columns import map_columns

        fields = group.fields()
        if fields is None:
            return None
        return map_columns(
            self._field_map(file_format), fields, lambda i: _fallback_id(source, group.line + i)
        )

    def recognise(self, source: Source, head: bytes) -> Format | None:
        """Return the format of a file that begins with `head`.

        None for a file in a folder that is of no format: that is left out, and said.
        """
        try:
            found = recognise(source, head, self._formats)
        except FormatError:
            if source.is_named:
                raise
            self._left_out.append(source.path)
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
        if row.is_aside:
            self.asides[row.kind or "no article"] += 1
            return None
        record = self._record(source, file_format, row)
        share = self._share(file_format)
        if isinstance(record, Record):
            share.count(source, is_empty=not record.article.text)
            return record
        share.count(source, is_empty=record[0] == _NO_TEXT)
        self._refuse(*record)
        return None

    def _share(self, file_format: Format) -> TextShare:
        return self._shares.setdefault(file_format.name, TextShare())

    def map_row(self, source: Source, file_format: Format, row: Row) -> Mapped:
        """Return what `row` is as an article, or why it is none."""
        if row.fields is None:
            return Mapped(None, row.problem, row.kind, None, {})
        fields = self._field_map(file_format)
        mapped = fields.article(row.fields, fallback_id=_fallback_id(source, row.line))
        if not row.spelled:
            return mapped
        origins = {target: row.spelled.get(target, name) for target, name in mapped.origins.items()}
        return replace(mapped, origins=origins)

    def _record(self, source: Source, file_format: Format, row: Row) -> Record | _Refusal:
        mapped = self.map_row(source, file_format, row)
        article = mapped.article
        if article is None:
            return mapped.kind or "", RecordError(source.path, row.line, mapped.problem or "")
        if self._unique_ids:
            first = self._seen.first(article.id, source, row.line)
            if first is not None:
                used = f"id {article.id!r} was used before, at {first}"
                reason = f"{used}; name a unique field: --field id=NAME"
                return "duplicate id", RecordError(source.path, row.line, reason)
        if mapped.unread_date is not None:
            self._note_date(source, row.line, mapped.unread_date)
        return Record(article, row.raw, source.path, row.line)

    def _field_map(self, file_format: Format) -> FieldMap:
        return self._map if file_format.has_own_names else _USUAL_NAMES

    def _refuse(self, kind: str, error: RecordError) -> None:
        if not self._skip_invalid:
            raise error
        self.skipped[kind] += 1
        self.examples.setdefault(kind, error)

    def _note_date(self, source: Source, line: int | None, date: str) -> None:
        self.unread_dates += 1
        if self._first_unread_date is None:
            reason = f"{date!r} is no date that can be read one way only; ISO 8601 is"
            self._first_unread_date = RecordError(source.path, line, reason)


def _filled(ids: "TextColumn[str]", source: Source, line: int) -> "TextColumn[str]":
    """Return ids of records one a line, those that are absent made of the place."""
    from dedup.columns import TextColumn

    named = enumerate(ids, line)
    return TextColumn.of([identity or _fallback_id(source, at) for at, identity in named])


def _fallback_id(source: Source, line: int | None) -> str:
    return source.name if line is None else f"{source.name}:{line}"


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
