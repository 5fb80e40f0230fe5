"""The formats that can be read, and which one a file is of."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from dedup.errors import FormatError
from dedup.formats.jsonl import JsonLines
from dedup.formats.plain import PlainText
from dedup.formats.record import Row
from dedup.formats.sources import Source

__all__ = ["FORMATS", "Format", "recognise"]


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

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether `source`, which begins with `head`, is of this format."""
        ...

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the records in `stream`, broken ones included, in bounded memory."""
        ...


#: Asked in this order; each further format is one file and one entry here.
FORMATS: tuple[Format, ...] = (PlainText(), JsonLines())

_BEGINNINGS = (
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Arrow"),
    (b"WARC/", "a web archive (WARC)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF"),
    (b"[", "one JSON array: put one object on each line (jq -c '.[]' FILE)"),
    (b"<", "XML or HTML"),
)


def recognise(source: Source, head: bytes) -> Format:
    """Return the format of `source`, which begins with `head`.

    Raises
    ------
    FormatError
        If it is of none; says what it looks like, and what is read.
    """
    for candidate in FORMATS:
        if candidate.recognises(source, head):
            return candidate
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    looks = next((kind for magic, kind in _BEGINNINGS if start.startswith(magic)), None)
    found = f"looks like {looks}" if looks else "of no known format"
    known = " and ".join(f.name for f in FORMATS)
    raise FormatError(source.path, f"{found}; read are {known}, plain or gzip-compressed")
