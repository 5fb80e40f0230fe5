"""Rows of files to articles, or to what is wrong with them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from dedup.errors import RecordError
from dedup.formats.account import Account
from dedup.formats.fields import FieldMap, Mapped
from dedup.formats.record import Record, Row, RowGroup
from dedup.formats.registry import Format
from dedup.formats.shares import TextShare
from dedup.formats.sources import Source

if TYPE_CHECKING:
    from dedup.columns import ArticleColumns, TextColumn
    from dedup.formats.columns import MappedColumns
    from dedup.formats.ids import SeenIds

__all__ = ["Judge"]

_NO_TEXT = "no text"
#: For formats that name the fields themselves: a caller's mapping is not about those.
_USUAL_NAMES = FieldMap()
#: What is wrong in two or three words, and in full.
_Refusal = tuple[str, RecordError]


class Judge:
    """Makes records of rows, one by one or many at once; broken ones are raised or counted.

    Parameters
    ----------
    fields : Mapping[str, str] | None
        The caller's mapping of fields.
    unique_ids : bool
        An id that was seen before is taken for a broken record.
    account : Account
        Where what is left out is counted.

    Attributes
    ----------
    fields : FieldMap
    """

    def __init__(
        self, fields: Mapping[str, str] | None, *, unique_ids: bool, account: Account
    ) -> None:
        self.fields = FieldMap(fields)
        self._unique_ids = unique_ids
        self._account = account
        self._shares: dict[str, TextShare] = {}

    @cached_property
    def _seen(self) -> "SeenIds":
        from dedup.formats.ids import SeenIds  # loads what a diff needs not

        return SeenIds()

    def record(self, source: Source, file_format: Format, row: Row) -> Record | None:
        """Return a row's record, or None if it is left out, and counted.

        Raises
        ------
        RecordError
            If it is broken, and broken records are not to be skipped.
        """
        if row.is_aside:
            self._account.asides[row.kind or "no article"] += 1
            return None
        record = self._judged(source, file_format, row)
        share = self._share(file_format)
        if isinstance(record, Record):
            share.count(source, is_empty=not record.article.text)
            return record
        share.count(source, is_empty=record[0] == _NO_TEXT)
        self._account.refuse(*record)
        return None

    def columns(
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
        self._share(file_format).count_all(source, (columns.texts.sizes == 0).tolist())
        for i, date in mapped.unread_dates:
            self._account.note_date(source.path, group.line + i, date)
        return columns

    def map_row(self, source: Source, file_format: Format, row: Row) -> Mapped:
        """Return what a row is as an article, or why it is none."""
        if row.fields is None:
            return Mapped(None, row.problem, row.kind, None, {})
        fields = self._field_map(file_format)
        mapped = fields.article(row.fields, fallback_id=_fallback_id(source, row.line))
        if not row.spelled:
            return mapped
        origins = {target: row.spelled.get(target, name) for target, name in mapped.origins.items()}
        return replace(mapped, origins=origins)

    def end_file(self, source: Source, file_format: Format) -> None:
        """Look at what a file's records had in common, once all are judged."""
        self._share(file_format).check_end(source)

    def forget(self) -> None:
        """Let go of the ids, once all files are read."""
        if "_seen" in vars(self):
            self._seen.clear()

    def _judged(self, source: Source, file_format: Format, row: Row) -> Record | _Refusal:
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
            self._account.note_date(source.path, row.line, mapped.unread_date)
        return Record(article, row.raw, source.path, row.line)

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

    def _share(self, file_format: Format) -> TextShare:
        return self._shares.setdefault(file_format.name, TextShare())

    def _field_map(self, file_format: Format) -> FieldMap:
        return self.fields if file_format.has_own_names else _USUAL_NAMES


def _filled(ids: "TextColumn[str]", source: Source, line: int) -> "TextColumn[str]":
    """Return ids of records one a line, those that are absent made of the place."""
    from dedup.columns import TextColumn

    named = enumerate(ids, line)
    return TextColumn.of([identity or _fallback_id(source, at) for at, identity in named])


def _fallback_id(source: Source, line: int | None) -> str:
    return source.name if line is None else f"{source.name}:{line}"
