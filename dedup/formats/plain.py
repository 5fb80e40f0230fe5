"""Plain text: a .txt file is one article."""

from collections.abc import Iterator
from typing import BinaryIO

from dedup.formats.record import Row
from dedup.formats.sources import Source, inner_name

__all__ = ["PlainText"]

#: A larger file is no article.
MAX_FILE_BYTES = 32 << 20


class PlainText:
    """One article a file, UTF-8: its id is its path within the folder given; no source."""

    name = "text files (.txt)"
    has_own_names = False
    suffixes = (".txt",)

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the file is called .txt; what it holds is the writer's own."""
        del head
        return inner_name(source.path).endswith(".txt")

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the one row."""
        raw = stream.read(MAX_FILE_BYTES + 1)
        if len(raw) > MAX_FILE_BYTES:
            reason = f"larger than {MAX_FILE_BYTES >> 20} MiB: no single article"
            yield Row(b"", None, None, reason, "file too large")
            return
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # utf-8-sig counts from behind the byte order mark.
            offset = len(raw) - len(error.object) + error.start
            reason = (
                f"not UTF-8: byte 0x{raw[offset]:02x} at offset {offset}; "
                "convert the file (iconv -f ENCODING -t UTF-8)"
            )
            yield Row(raw, None, None, reason, "not UTF-8")
            return
        yield Row(raw, None, {"id": source.name, "text": text})
