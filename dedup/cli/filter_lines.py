"""Lines of standard input, as many at a time as are there."""

import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from dedup.article import Article
from dedup.formats.fields import FieldMap
from dedup.formats.jsonl import JsonLines
from dedup.formats.lineblocks import MAX_LINE_BYTES
from dedup.formats.record import Row
from dedup.formats.sources import Source

__all__ = ["Line", "read_chunks", "tagged"]

_BLOCK_BYTES = 1 << 18
_STDIN = Source("-", "-", "-")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the article in it or what is wrong with it.

    ``raw`` is without the line feed.
    """

    number: int
    raw: bytes
    article: Article | None
    problem: str | None


def read_chunks(file: int, fields: Mapping[str, str]) -> Iterator[list[Line]]:
    """Yield the lines that have come, without waiting for more.

    Parameters
    ----------
    file : int
        A file descriptor.
    fields : Mapping[str, str]
        As for :class:`~dedup.formats.fields.FieldMap`.
    """
    field_map, lines = FieldMap(fields), JsonLines()
    rest, seen = b"", 0
    while True:
        block = os.read(file, _BLOCK_BYTES)
        whole, feed, partial = block.rpartition(b"\n")
        if not feed and block:
            rest += block
            if len(rest) <= MAX_LINE_BYTES:
                continue
            # Let the reader of lines say so, then go on behind the line.
            chunk, rest = rest, b""
            while (block := os.read(file, _BLOCK_BYTES)) and b"\n" not in block:
                pass
            rest = block.partition(b"\n")[2]
        else:
            chunk, rest = rest + whole + feed, partial
        if chunk:
            rows = lines.rows(_STDIN, io.BytesIO(chunk))
            yield [_line(row, seen, field_map) for row in rows]
            seen += chunk.count(b"\n") + (not chunk.endswith(b"\n"))
        if not block:
            return


def _line(row: Row, seen: int, field_map: FieldMap) -> Line:
    number = seen + (row.line or 0)
    if row.fields is None:
        return Line(number, row.raw, None, row.problem)
    # Two feeds' first lines are not two versions of one article.
    name = hashlib.blake2b(row.raw, digest_size=8).hexdigest()
    mapped = field_map.article(row.fields, fallback_id=f"line-{name}")
    return Line(number, row.raw, mapped.article, mapped.problem)


def tagged(raw: bytes, verdict: Mapping[str, object]) -> bytes:
    """Return a JSON object with a field ``_dedup`` put behind its own.

    Examples
    --------
    >>> tagged(b'{"id": 1}', {"is_new": True})
    b'{"id": 1,"_dedup":{"is_new":true}}'
    """
    body = raw.rstrip()[:-1].rstrip()
    comma = b"" if body.endswith(b"{") else b","
    return body + comma + b'"_dedup":' + orjson.dumps(verdict) + b"}"
