"""Mailboxes: messages in one file, each behind a line that begins with ``From``.

As mail programs export them and as list archives offer them (RFC 4155). Not the
standard library's `mailbox`: that needs a file that can be searched, and holds a
message of any size.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from dedup.formats.mail import MAX_MESSAGE_BYTES, is_message, message_row
from dedup.formats.record import Row
from dedup.formats.sources import Source

__all__ = ["Mailbox"]

#: A longer line is read in parts.
_LINE_BYTES = 1 << 16
_BEGIN = b"From "
_FIRST = re.compile(rb"From [^\r\n]{1,500}\r?\n")
#: Where a text's own line begins so, mailboxes have put a mark before it.
_MARKED = re.compile(rb"^>(>*From )", re.MULTILINE)
_END = b"\n\n"


class Mailbox:
    """A mailbox in any of the ``mbox`` kinds: each message an article, as in `mail`."""

    name = "mailboxes (.mbox)"
    has_own_names = False
    suffixes = (".mbox",)

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins with the line that separates messages, and a header."""
        del source
        first = _FIRST.match(head)
        return first is not None and is_message(head[first.end() :].removeprefix(b">"))

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the messages; their numbers count from 1."""
        for number, raw in enumerate(_messages(stream), 1):
            if len(raw) > MAX_MESSAGE_BYTES:
                reason = f"larger than {MAX_MESSAGE_BYTES >> 20} MiB: no single article"
                yield Row(b"", number, None, reason, "message too large")
                continue
            message = _MARKED.sub(rb"\1", raw.partition(b"\n")[2])
            yield message_row(raw, message, number, f"{source.name}:{number}")

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the kept messages byte for byte; mailboxes may stand one behind another."""
        end = before
        for row in self.rows(source, stream):
            if is_kept(row):
                if end and not end.endswith(_END):
                    out.write(_END)
                out.write(row.raw)
                end = row.raw[-len(_END) :].replace(b"\r", b"")
        return end


def _messages(stream: BinaryIO) -> Iterator[bytes]:
    """Yield each message with the line before it; of one that is too large, the beginning."""
    message = bytearray()
    is_behind_blank = is_line_start = True
    while line := stream.readline(_LINE_BYTES):
        if is_line_start:
            if is_behind_blank and line.startswith(_BEGIN) and message:
                yield bytes(message)
                message.clear()
            is_behind_blank = line in (b"\n", b"\r\n")
        is_line_start = line.endswith(b"\n")
        if len(message) <= MAX_MESSAGE_BYTES:
            message += line
    if message:
        yield bytes(message)
