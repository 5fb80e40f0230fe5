"""Comma- and tab-separated tables, whose first line names the columns."""

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from dedup.errors import FormatError, InputError
from dedup.formats.names import PATHS, squash
from dedup.formats.record import Row
from dedup.formats.sources import Source, inner_name

__all__ = ["Delimited"]

_BOM = b"\xef\xbb\xbf"
#: A longer record is a quote that nobody closed.
MAX_RECORD_BYTES = 16 << 20
_SUFFIXES = (".csv", ".tsv", ".tab", ".psv")
_DELIMITERS = (",", "\t", ";", "|")
_KNOWN = {path[0] for paths in PATHS.values() for path in paths if len(path) == 1}
_TEXTS = {path[0] for path in PATHS["text"] if len(path) == 1}
_SURELY = 2
#: Tables of these many tab-separated columns without a header are GDELT's.
_GDELT_COLUMNS = {61: "event table", 58: "event table", 16: "mentions table", 27: "GKG table"}
_GDELT_LIST = {"url", "mobileurl", "date", "title"}
_MEDIA_CLOUD = (
    {"storiesid", "mediaid"},
    {"indexeddate", "medianame"},
    {"storiesid", "apsyndicated"},
)
_FETCH = (
    "it names pages and holds no article text; fetch the pages (news-please, or "
    "`trafilatura -i urls.txt -o pages/ --json`) and give what they wrote"
)


class Delimited:
    """A table as spreadsheets and pandas write it: UTF-8, quoted with ``"``, one header line."""

    name = "delimited tables (.csv, .tsv)"
    has_own_names = True
    suffixes = _SUFFIXES

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the file is called so, or its first line names fields of articles.

        In a folder it has to name a text as well: not every table holds articles.
        """
        line = head.removeprefix(_BOM).split(b"\n", 1)[0].decode("utf-8", "replace")
        names = {squash(name) for name in _header(line.rstrip("\r"))}
        if not source.is_named:
            return bool(names & _TEXTS)
        if inner_name(source.path).endswith(_SUFFIXES):
            return True
        return len(names & _KNOWN) >= _SURELY or _looks_gdelt(line) is not None

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield a row for each record below the header."""
        return _read(source, stream)

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the header and the kept records; several files need the same header."""
        header = stream.readline(MAX_RECORD_BYTES)
        if not before:
            out.write(header)
        elif header.removeprefix(_BOM).strip() != before.removeprefix(_BOM).strip():
            raise InputError(
                f"{source.path}: other columns than the files before it: name a folder"
            )
        for row in _read(source, _Rejoined(header, stream)):
            if is_kept(row):
                out.write(row.raw + b"\n")
        return header


class _ByLine(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class _Rejoined:
    """A stream with its first line put back, for reading by lines."""

    def __init__(self, line: bytes, rest: BinaryIO) -> None:
        self._line = line
        self._rest = rest

    def readline(self, size: int) -> bytes:
        line, self._line = self._line, b""
        return line or self._rest.readline(size)


class _Lines(Iterator[str]):
    """Lines as text, whose bytes are kept until the record that they are of is whole."""

    def __init__(self, source: Source, stream: _ByLine) -> None:
        self._path = source.path
        self._stream = stream
        self._raw: list[bytes] = []
        self._size = 0
        self._ahead: bytes | None = None
        self.number = 0
        self.problem: str | None = None

    def peek(self) -> str:
        self._ahead = self._stream.readline(MAX_RECORD_BYTES + 1).removeprefix(_BOM)
        return self._ahead.decode("utf-8", "replace")

    def __next__(self) -> str:
        line = self._ahead
        if line is None:
            line = self._stream.readline(MAX_RECORD_BYTES + 1)
        self._ahead = None
        if not line:
            raise StopIteration
        self.number += 1
        self._raw.append(line)
        self._size += len(line)
        if self._size > MAX_RECORD_BYTES:
            start = self.number - len(self._raw) + 1
            limit = f"longer than {MAX_RECORD_BYTES >> 20} MiB"
            raise FormatError(
                self._path, f"the record that begins on line {start} is {limit}: an open quote?"
            )
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            self.problem = (
                f"not UTF-8: byte 0x{line[error.start]:02x} on line {self.number}; "
                "convert the file (iconv -f ENCODING -t UTF-8)"
            )
            return line.decode("utf-8", "replace")

    def take(self) -> bytes:
        raw = b"".join(self._raw)
        self._raw.clear()
        self._size = 0
        return raw.removesuffix(b"\n")


def _read(source: Source, stream: _ByLine) -> Iterator[Row]:
    _allow_long_fields()
    lines = _Lines(source, stream)
    first = lines.peek()
    _refuse_lists(source, first)
    table = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    names: list[str] | None = None
    while True:
        number = lines.number + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            reason = f"{error}; quote cells that hold quotes, delimiters or line breaks"
            yield Row(lines.take(), number, None, f"broken CSV: {reason}", "broken CSV")
            continue
        raw = lines.take()
        if cells is None:
            return
        if problem := lines.problem:
            lines.problem = None
            yield Row(raw, number, None, problem, "not UTF-8")
        elif names is None:
            names = _checked(source, cells)
        elif cells:
            yield _row(names, cells, raw, number)


def _row(names: list[str], cells: list[str], raw: bytes, number: int) -> Row:
    if len(cells) != len(names):
        reason = (
            f"{len(cells)} cells where the header names {len(names)}; "
            "quote cells that hold delimiters"
        )
        return Row(raw, number, None, reason, "other columns")
    return Row(raw, number, dict(zip(names, cells, strict=True)))


def _checked(source: Source, names: list[str]) -> list[str]:
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FormatError(source.path, f"two columns are called {twice[0]!r}: rename one")
    if not {squash(name) for name in names} & _KNOWN:
        shown = ", ".join(names[:6])[:120]
        # It may still be a header in another language, which a caller maps.
        if any(len(name) > len(shown) or name.isdecimal() for name in names):
            raise FormatError(source.path, f"no header: its first line is {shown!r}; add one")
    return names


def _header(line: str) -> list[str]:
    if len(line) > 1 << 16:
        return []
    try:
        return next(csv.reader([line], delimiter=_delimiter(line)), [])
    except csv.Error:
        return []


def _delimiter(line: str) -> str:
    outside = line.split('"')[::2]
    return max(_DELIMITERS, key=lambda mark: sum(part.count(mark) for part in outside))


def _refuse_lists(source: Source, line: str) -> None:
    names = {squash(name) for name in _header(line.rstrip("\r\n"))}
    kind = _looks_gdelt(line)
    if names == _GDELT_LIST:
        kind = "article list"
    if kind is not None:
        raise FormatError(source.path, f"a GDELT {kind}: {_FETCH}")
    if not names & _TEXTS and any(marks <= names for marks in _MEDIA_CLOUD):
        raise FormatError(source.path, f"a Media Cloud story list: {_FETCH}")


def _looks_gdelt(line: str) -> str | None:
    cells = line.rstrip("\r\n").split("\t")
    is_dated = cells[0].replace("-", "").isdecimal()
    return _GDELT_COLUMNS.get(len(cells)) if is_dated else None


def _allow_long_fields() -> None:
    # The limit is the module's, and 128 kB: some articles are longer.
    if csv.field_size_limit() < MAX_RECORD_BYTES:
        csv.field_size_limit(MAX_RECORD_BYTES)
