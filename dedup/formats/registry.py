"""The formats that can be read, and which one a file is of."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

from dedup.errors import FormatError
from dedup.formats.delimited import Delimited
from dedup.formats.jsondoc import JsonDocument
from dedup.formats.jsonl import JsonLines
from dedup.formats.mail import Mail
from dedup.formats.mailbox import Mailbox
from dedup.formats.newswire import NewsML, Nitf
from dedup.formats.pages import WebPage
from dedup.formats.plain import PlainText
from dedup.formats.record import Row, RowGroup
from dedup.formats.remembered import Extract
from dedup.formats.sources import Source
from dedup.formats.sqlite import SqliteTable
from dedup.formats.syndication import Syndication
from dedup.formats.tabular import Arrow, Parquet
from dedup.formats.wacz import Wacz
from dedup.formats.warc import Warc

if TYPE_CHECKING:
    from dedup.columns import Each
    from dedup.formats.columns import MappedColumns
    from dedup.formats.lineblocks import LineBlock
    from dedup.formats.scanned import Run

__all__ = [
    "GROUP",
    "Format",
    "Groups",
    "Keeps",
    "Scans",
    "groups_of",
    "known_formats",
    "recognise",
    "suffixes_of",
]

#: Where other packages name a class or function that makes a format without arguments.
GROUP = "dedup.formats"


class Format(Protocol):
    """How files of one kind become rows of named fields."""

    @property
    def name(self) -> str:
        """What users call it."""
        ...

    @property
    def has_own_names(self) -> bool:
        """Whether files name their fields, so that a caller may have to map them."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How names of such files end, in lower case: those are read from folders."""
        ...

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether `source`, which begins with `head`, is of this format."""
        ...

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the records in `stream`, broken ones included, in bounded memory."""
        ...


@runtime_checkable
class Keeps(Protocol):
    """A format whose files can be written again without some of their records.

    One whose files are one record each needs no such method: they are copied.
    """

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the rows that `is_kept` accepts, in their order, as they stand.

        `before` is what the file before this one returned, empty for the first
        that goes into `out`.
        """
        ...


@runtime_checkable
class Groups(Protocol):
    """A format that can read many rows in less time than each of them takes."""

    def groups(self, source: Source, stream: BinaryIO) -> Iterator[RowGroup]:
        """Yield the records in `stream`, the same that `rows` yields."""
        ...


@runtime_checkable
class Scans(Protocol):
    """A format whose lines can be read by compiled loops, many blocks at once."""

    def scanned(
        self,
        source: Source,
        stream: BinaryIO,
        read: "Callable[[LineBlock], list[Run]]",
        each: "Each",
    ) -> "Iterator[tuple[RowGroup, MappedColumns | None]]":
        """Yield the records in `stream`, and what they hold unless a parser must look."""
        ...


def known_formats(*, extract: Extract = "best") -> tuple[Format, ...]:
    """Return the formats in the order in which they are asked.

    Those of other packages come first, so that they may read a file better;
    then those told by magic bytes, then those told by their beginning.

    Parameters
    ----------
    extract : str or RememberedPages
        How the main text of web pages is found: ``"best"`` or ``"fast"``.
    """
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    others: tuple[Format, ...] = tuple(entry.load()() for entry in found)
    return (
        *others,
        PlainText(),
        Parquet(),
        Arrow(),
        SqliteTable(),
        Warc(extract),
        Wacz(extract),
        Mail(),
        Mailbox(),
        Nitf(),
        NewsML(),
        Syndication(),
        WebPage(extract),
        JsonDocument(),
        JsonLines(),
        Delimited(),
    )


def groups_of(file_format: Format, source: Source, stream: BinaryIO) -> Iterator[RowGroup]:
    """Yield the rows in `stream` in groups, of a format that has none one by one."""
    if isinstance(file_format, Groups):
        yield from file_format.groups(source, stream)
        return
    for row in file_format.rows(source, stream):
        yield RowGroup(row.line or 0, partial(iter, (row,)), lambda: None)


def suffixes_of(formats: Sequence[Format]) -> tuple[str, ...]:
    """Return how names of their files end, each once."""
    return tuple(dict.fromkeys(suffix for one in formats for suffix in one.suffixes))


_BEGINNINGS = (
    (b"PK\x03\x04", "looks like a zip archive: unpack it first"),
    (b"%PDF", "looks like a PDF: extract its text first (pdftotext)"),
    (b"From ", "looks like a mailbox, but its first message has no headers"),
    (b"{\\rtf", "looks like RTF: save it as text"),
    (b"<", "looks like XML of no kind that is read"),
)


def recognise(source: Source, head: bytes, formats: Sequence[Format]) -> Format:
    """Return the format of `source`, which begins with `head`.

    Raises
    ------
    FormatError
        If it is of none; says what it looks like, and what is read.
    """
    for candidate in formats:
        if candidate.recognises(source, head):
            return candidate
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = next(
        (what for magic, what in _BEGINNINGS if start.startswith(magic)), "of no known format"
    )
    known = ", ".join(one.name for one in formats)
    raise FormatError(source.path, f"{found}; read are {known}")
