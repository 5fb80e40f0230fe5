"""Press releases by mail: an .eml file is one article."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import BinaryIO

from dedup.formats.markup import Block, text_of_html
from dedup.formats.record import Row
from dedup.formats.sources import Source, inner_name

__all__ = ["MAX_MESSAGE_BYTES", "Mail", "is_message", "message_row"]

#: A larger message is no press release; one is some ten times as large in memory.
MAX_MESSAGE_BYTES = 12 << 20
_HEADER = re.compile(
    rb"(?:return-path|received|delivered-to|message-id|mime-version|date|from|subject|x-[\w-]+):",
    re.IGNORECASE,
)


class Mail:
    """One message: its text, else its HTML as text; attachments are not read."""

    name = "mail (.eml)"
    has_own_names = False
    suffixes = (".eml",)

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it is called so and begins with a header."""
        return inner_name(source.path).endswith(".eml") and is_message(head)

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the one row."""
        raw = stream.read(MAX_MESSAGE_BYTES + 1)
        if len(raw) > MAX_MESSAGE_BYTES:
            reason = f"larger than {MAX_MESSAGE_BYTES >> 20} MiB: no single article"
            yield Row(b"", None, None, reason, "file too large")
            return
        yield message_row(raw, raw, None, source.name)


def is_message(head: bytes) -> bool:
    """Say whether something begins as a message does, with a header."""
    return _HEADER.match(head) is not None


def message_row(raw: bytes, content: bytes, line: int | None, identity: str) -> Row:
    """Return a message as a row.

    Parameters
    ----------
    raw : bytes
        The record that it came in, the message itself or more.
    content : bytes
        The message.
    identity : str
        The id of a message without one.
    """
    message = message_from_bytes(content, policy=policy.default)
    try:
        text, blocks = _text(message)
        subject, sender = str(message["subject"] or ""), str(message["from"] or "")
        own_id, date = str(message["message-id"] or ""), message["date"]
    except (LookupError, ValueError, AttributeError, RecursionError) as error:
        return Row(raw, line, None, f"broken mail: {error}", "broken mail")
    name, address = parseaddr(sender)
    fields: dict[str, object] = {
        "id": own_id.strip().strip("<>") or identity,
        "text": text,
        "title": subject or None,
        "source": address.rpartition("@")[2].lower() or name or None,
        "published": None if date is None else str(date),
        "from": sender,
    }
    if blocks:
        fields["blocks"] = blocks
    spelled = {"id": "Message-ID", "text": "body", "title": "Subject", "source": "From"}
    return Row(raw, line, fields, spelled={**spelled, "published": "Date"})


def _text(message: EmailMessage) -> tuple[str, list[Block]]:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", []
    content = str(part.get_content())
    if part.get_content_type() == "text/html":
        return text_of_html(content)
    return content.replace("\r\n", "\n").strip(), []
