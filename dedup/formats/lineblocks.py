"""Whole lines of a stream, many at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dedup.formats.sources import STDIN, Source

__all__ = ["MAX_LINE_BYTES", "LineBlock", "line_blocks"]

#: A longer line is no article, but a file that lost its line breaks, or a bomb.
MAX_LINE_BYTES = 24 << 20
#: As much is read at once: it stays in the processor's cache.
_BLOCK_BYTES = 1 << 20
#: Readable bytes behind the last line: loops look at as many at a time.
_PADDING = bytes(64)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Some lines that stand one behind another.

    Attributes
    ----------
    data : bytes
        All of them, each with a line feed, and 64 zeros behind them.
    is_too_long : bool
        Whether this is one line that is too long, and not in ``data``.
    """

    data: bytes
    is_too_long: bool = False

    @property
    def size(self) -> int:
        """Bytes of all lines."""
        return len(self.data) - len(_PADDING)

    def lines(self) -> list[bytes | None]:
        """Return the lines without their line feeds; one that is too long is None."""
        if self.is_too_long:
            return [None]
        *lines, _ = self.data.split(b"\n")
        return [*lines]

    def part(self, start: int, end: int) -> "LineBlock":
        """Return some of the lines, by the bytes at which they start and end."""
        return LineBlock(self.data[start:end] + _PADDING)


def line_blocks(source: Source, stream: BinaryIO) -> Iterator[LineBlock]:
    """Yield all lines of a stream without its byte order mark.

    At most a block and one line are in memory. Of a pipe that is taken which is there
    now: the rest may take an hour to come.
    """
    is_pipe = source.file == STDIN or not Path(source.file).is_file()
    read = getattr(stream, "read1", stream.read) if is_pipe else stream.read
    size, is_first = 0, True
    parts: list[bytes | memoryview] = []  # of a line that has not ended yet
    while block := read(min(_BLOCK_BYTES, MAX_LINE_BYTES)):
        behind = block.rfind(b"\n") + 1
        start = 0
        if behind and size + (first := block.index(b"\n")) >= MAX_LINE_BYTES:
            yield LineBlock(_PADDING, is_too_long=True)
            is_first = False
            parts, start = [], first + 1
        if start < behind:
            parts.append(memoryview(block)[start:behind])
            found = [_block(parts, is_first=is_first)]
            is_first, parts = False, []
            yield found.pop()  # a long line is not to be held here, too
        if behind:
            size = 0
        size += len(block) - behind
        parts.append(memoryview(block)[behind:])
        if size >= MAX_LINE_BYTES:
            parts.clear()
    if size >= MAX_LINE_BYTES:
        yield LineBlock(_PADDING, is_too_long=True)
    elif size:
        found = [_block([*parts, b"\n"], is_first=is_first)]
        parts.clear()
        yield found.pop()


def _block(parts: Sequence[bytes | memoryview], *, is_first: bool) -> LineBlock:
    data = b"".join((*parts, _PADDING))
    return LineBlock(data.removeprefix(_BOM) if is_first else data)
