"""Records out of files: mapped, with unique ids, broken ones raised or counted."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dedup.article import Article
from dedup.errors import FormatError, InputError, RecordError
from dedup.formats.fields import FieldMap, Mapped
from dedup.formats.record import Record, Row
from dedup.formats.registry import Format, known_formats, recognise, suffixes_of
from dedup.formats.shares import TextShare
from dedup.formats.sources import Source, find_sources, open_source

__all__ = ["Paths", "RecordReader", "read_articles", "read_records"]

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

_SHOWN = 3
_NO_TEXT = "no text"
#: For formats that name the fields themselves: a caller's mapping is not about those.
_USUAL_NAMES = FieldMap()
#: What is wrong in two or three words, and in full.
_Refusal = tuple[str, RecordError]


class RecordReader(Iterator[Record]):
    """An iterator over the records of some files that keeps count of what it left out.

    Made by `read_records`. Holds one record at a time, and about 200 bytes for
    each id seen so far unless told not to.

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
        extract: str = "best",
    ) -> None:
        self._formats = known_formats(extract=extract)
        self.sources, left_out = find_sources(paths, suffixes_of(self._formats))
        self._map = FieldMap(fields)
        self._skip_invalid = skip_invalid
        self._unique_ids = unique_ids
        self._seen: dict[str, tuple[str, int | None]] = {}
        self._records = self._read()
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
        return next(self._records)

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

    def _read(self) -> Iterator[Record]:
        for source in self.sources:
            with open_source(source) as (stream, head):
                file_format = self.recognise(source, head)
                if file_format is None:
                    continue
                is_empty = True
                for row in file_format.rows(source, stream):
                    is_empty = False
                    record = self.judge(source, file_format, row)
                    if record is not None:
                        yield record
                self._share(file_format).check_end(source)
            if is_empty:
                self.empty_files.append(source.path)
        if self.sources and not self._is_any_read:
            shown = ", ".join(self.left_out[:_SHOWN])
            raise InputError(f"{shown}: no articles in this folder; name a file to have it read")

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
        fields = self._map if file_format.has_own_names else _USUAL_NAMES
        line = "" if row.line is None else f":{row.line}"
        mapped = fields.article(row.fields, fallback_id=f"{source.name}{line}")
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
            here = (source.path, row.line)
            first = self._seen.setdefault(article.id, here)
            if first is not here:
                reason = _duplicate(article.id, first)
                return "duplicate id", RecordError(source.path, row.line, reason)
        if mapped.unread_date is not None:
            self._note_date(source, row, mapped.unread_date)
        return Record(article, row.raw, source.path, row.line)

    def _refuse(self, kind: str, error: RecordError) -> None:
        if not self._skip_invalid:
            raise error
        self.skipped[kind] += 1
        self.examples.setdefault(kind, error)

    def _note_date(self, source: Source, row: Row, date: str) -> None:
        self.unread_dates += 1
        if self._first_unread_date is None:
            reason = f"{date!r} is no date that can be read one way only; ISO 8601 is"
            self._first_unread_date = RecordError(source.path, row.line, reason)


def read_records(
    paths: Paths,
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
    unique_ids: bool = True,
    extract: str = "best",
) -> RecordReader:
    r"""Read the records of feeds, one after another.

    Parameters
    ----------
    paths : str, path-like or an iterable of them
        Files, folders, globs; ``"-"`` is standard input.
    fields : Mapping[str, str] | None
        Where the usual names do not hold: ``{"text": "story.body"}``.
    skip_invalid : bool
        Leave broken records out and count them, where the default is to stop
        at the first. A file that breaks as a whole always stops.
    unique_ids : bool
        Treat an id that was seen before as a broken record.
    extract : str
        How the main text of web pages is found: ``"best"``, or ``"fast"`` in a
        quarter of the time.

    Returns
    -------
    RecordReader
        An iterator of `Record`; it also has the counts.

    Raises
    ------
    InputError
        If a path is missing or holds nothing to read; `FormatError` while
        reading, if a file is of no known format or most of its records have no
        text; `RecordError` while reading,
        at the first broken record.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = tempfile.TemporaryDirectory()
    >>> feed = pathlib.Path(folder.name, "feed.jsonl")
    >>> _ = feed.write_text('{"guid": "a1", "body": "Rain fell."}\nnonsense\n')
    >>> reader = read_records(feed, skip_invalid=True)
    >>> [record.article.id for record in reader], dict(reader.skipped)
    (['a1'], {'broken JSON': 1})
    >>> folder.cleanup()
    """
    return RecordReader(
        paths, fields=fields, skip_invalid=skip_invalid, unique_ids=unique_ids, extract=extract
    )


def read_articles(
    paths: Paths,
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
    unique_ids: bool = True,
    extract: str = "best",
) -> Iterator[Article]:
    """Read the articles of feeds; as `read_records`, without the bytes and the counts."""
    reader = RecordReader(
        paths, fields=fields, skip_invalid=skip_invalid, unique_ids=unique_ids, extract=extract
    )
    return (record.article for record in reader)


def _duplicate(identity: str, first: tuple[str, int | None]) -> str:
    path, line = first
    where = path if line is None else f"{path}:{line}"
    return f"id {identity!r} was used before, at {where}; name a unique field: --field id=NAME"


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
