"""JSON Lines: one object a line."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

import orjson

from dedup.formats import ninjs
from dedup.formats.lineblocks import MAX_LINE_BYTES, LineBlock, line_blocks
from dedup.formats.names import names_text
from dedup.formats.record import Row, RowGroup
from dedup.formats.sources import Source, inner_name
from dedup.formats.values import INT_LIMIT

if TYPE_CHECKING:
    from dedup.columns import Each
    from dedup.formats.columns import MappedColumns
    from dedup.formats.scanned import Run

__all__ = ["JsonLines"]

_BOM = b"\xef\xbb\xbf"
#: So many lines are parsed at once; one odd line costs as many the slow way.
_GROUP_LINES = 128
_SUFFIXES = (".jsonl", ".ndjson", ".jl")


class JsonLines:
    """One JSON object a line, UTF-8; lines of white space are no records."""

    name = "JSON Lines (.jsonl)"
    has_own_names = True
    suffixes = _SUFFIXES

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the file begins with an object, or is empty and called a feed."""
        start = head.removeprefix(_BOM).lstrip()
        if not start or _is_called_so(source):
            return True
        # Not every document in a folder holds articles.
        return start.startswith(b"{") and (source.is_named or names_text(head))

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the kept lines; feeds may stand one behind another."""
        del before
        for row in self.rows(source, stream):
            if is_kept(row):
                out.write(row.raw + b"\n")
        return b"lines"

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield a row for each line that is not blank."""
        number = 1
        for lines in map(LineBlock.lines, line_blocks(source, stream)):
            yield from _rows(number, lines)
            number += len(lines)

    def groups(self, source: Source, stream: BinaryIO) -> Iterator[RowGroup]:
        """Yield the same, many lines at a time."""
        number = 1
        for lines in map(LineBlock.lines, line_blocks(source, stream)):
            yield from _groups(number, lines)
            number += len(lines)

    def scanned(
        self,
        source: Source,
        stream: BinaryIO,
        read: "Callable[[LineBlock], list[Run]]",
        each: "Each",
    ) -> "Iterator[tuple[RowGroup, MappedColumns | None]]":
        """Yield the same, and what they hold unless a parser must look."""
        number = 1
        for runs in each(read, line_blocks(source, stream)):
            for run in runs:
                if run.mapped is None:
                    groups = _groups(number, run.block.lines())
                    yield from ((group, None) for group in groups)
                else:
                    yield _group(number, run.block), run.mapped
                number += run.count


def _is_called_so(source: Source) -> bool:
    return inner_name(source.path).endswith(_SUFFIXES)


def _groups(number: int, lines: Sequence[bytes | None]) -> Iterator[RowGroup]:
    """Yield lines that stand one behind another, many at a time."""
    for at in range(0, len(lines), _GROUP_LINES):
        some = lines[at : at + _GROUP_LINES]
        line = number + at
        yield RowGroup(line, partial(_rows, line, some), partial(_plain, some))


def _group(number: int, block: LineBlock) -> RowGroup:
    """Return the lines of a block, which are parsed only if they must be."""
    return RowGroup(
        number,
        lambda: _rows(number, block.lines()),
        lambda: _plain(block.lines()),
    )


def _plain(lines: Sequence[bytes | None]) -> list[dict[str, object]] | None:
    """Return the objects in some lines, unless one of them is odd."""
    try:
        parsed = list(map(orjson.loads, lines))  # type: ignore[arg-type]  # None is refused, too
    except orjson.JSONDecodeError:
        return None
    if set(map(type, parsed)) != {dict}:
        return None
    if any("uri" in fields and ninjs.is_ninjs(fields) for fields in parsed):
        return None
    return parsed


def _rows(number: int, lines: Sequence[bytes | None]) -> Iterator[Row]:
    for at, line in enumerate(lines, number):
        if line is None:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MiB"
            reason = f"a line {limit}; put one object on each line"
            yield Row(b"", at, None, reason, "line too long")
        elif line and not line.isspace():
            yield _parse(line, at)


def _parse(line: bytes, number: int) -> Row:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _parse_slowly(line, number)
    if not isinstance(fields, dict):
        return _broken(line, number, f"{_type_name(fields)} where an object is needed")
    if float in map(type, fields.values()) and _has_huge_number(fields):
        # orjson turns an integer beyond 64 bits into a float: two ids could become one.
        return _parse_slowly(line, number)
    return _as_row(line, number, fields)


def _as_row(line: bytes, number: int, fields: dict[str, object]) -> Row:
    if "uri" in fields and ninjs.is_ninjs(fields):
        fields, spelled = ninjs.as_fields(fields)
        return Row(line, number, fields, spelled=spelled)
    return Row(line, number, fields)


def _has_huge_number(fields: Mapping[str, object]) -> bool:
    return any(type(value) is float and abs(value) >= INT_LIMIT for value in fields.values())


def _parse_slowly(line: bytes, number: int) -> Row:
    """Read what orjson refuses and people write (NaN), or say what is wrong."""
    try:
        fields = json.loads(line.decode())
    except UnicodeDecodeError as error:
        reason = (
            f"not UTF-8: byte 0x{line[error.start]:02x} at byte {error.start + 1} of the line; "
            "convert the file (iconv -f ENCODING -t UTF-8)"
        )
        return Row(line, number, None, reason, "not UTF-8")
    except ValueError as error:
        return _broken(line, number, _reason(error))
    except RecursionError:
        return _broken(line, number, "nested too deeply")
    if not isinstance(fields, dict):  # NaN, which orjson refuses
        return _broken(line, number, f"{_type_name(fields)} where an object is needed")
    return _as_row(line, number, fields)


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        what = error.msg.removesuffix(" at")
        return f"{what[:1].lower()}{what[1:]} at character {error.pos + 1}"
    return "a number with too many digits"


def _broken(line: bytes, number: int, what: str) -> Row:
    reason = f"broken JSON: {what}; each line must be one whole object"
    return Row(line, number, None, reason, "broken JSON")


def _type_name(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "text" if isinstance(value, str) else "a bare value"
