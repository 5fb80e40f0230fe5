"""Web archives: WARC as crawlers write it (CC-NEWS)."""

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError, OptionalDependencyError
from dedup.formats.compression import decompressor
from dedup.formats.packing import end_member
from dedup.formats.page import MAX_PAGE_BYTES
from dedup.formats.pages import page_row
from dedup.formats.record import Row
from dedup.formats.remembered import Extract
from dedup.formats.sources import Source

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

__all__ = ["Warc", "archived", "is_wanted"]

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_OK = "200"
_SPELLED = {"id": "WARC-Record-ID", "url": "WARC-Target-URI"}
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


class Warc:
    """The pages among a web archive's records, each an article.

    An article's id is its record's; the date of the crawl is kept as an extra
    and is no publication date.

    Parameters
    ----------
    extract : str or RememberedPages
        ``"best"`` or ``"fast"``.
    """

    name = "web archives (.warc)"
    has_own_names = False
    suffixes = (".warc",)

    def __init__(self, extract: Extract = "best") -> None:
        self._extract = extract

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins as a web archive does."""
        del source
        return head.startswith(b"WARC/1.")

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield a row for each page; others are told apart by their kind."""
        yield from (row for _, row in archived(source, stream, self._extract, count(1)))

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the kept pages' records; archives may stand one behind another.

        Compressed with gzip, each is a member of its own, so that it can be looked up.
        """
        del before
        for record, row in archived(source, stream, self._extract, count(1)):
            if is_wanted(record, row, is_kept):
                out.write(row.raw)
                end_member(out)
        return b"archive"


def archived(
    source: Source, stream: BinaryIO, extract: Extract, numbers: Iterator[int]
) -> "Iterator[tuple[ArcWarcRecord, Row]]":
    """Yield the records of a web archive, each with its row."""
    for record in _records(source, stream):
        yield record, _row(record, next(numbers), extract)


def is_wanted(record: "ArcWarcRecord", row: Row, is_kept: Callable[[Row], bool]) -> bool:
    """Say whether a record stays: what tells of the archive, and pages that are kept."""
    return record.rec_type == "warcinfo" or (not row.is_aside and is_kept(row))


def _row(record: "ArcWarcRecord", number: int, extract: Extract) -> Row:
    about = record.rec_headers
    content = record.raw_stream.read(MAX_PAGE_BYTES + 1)
    raw = bytes(about.to_bytes()) + content + b"\r\n\r\n"
    status, headers, payload = _http(record.rec_type, about, content)
    kind = _other_kind(record.rec_type, status, headers)
    if kind is not None:
        return Row(raw, number, None, kind, kind, is_aside=True)
    if len(content) > MAX_PAGE_BYTES:
        reason = f"a page larger than {MAX_PAGE_BYTES >> 20} MiB"
        return Row(b"", number, None, reason, "page not read")
    length = int(about.get_header("Content-Length") or 0)
    if len(content) < length:
        reason = f"cut off: {len(content)} of {length} bytes; fetch the archive again"
        return Row(raw, number, None, reason, "cut record")
    try:
        markup = _content(payload, headers)
    except (FormatError, OSError, EOFError, ValueError, zlib.error) as error:
        return Row(raw, number, None, f"its content cannot be decoded: {error}", "page not read")
    charset = _CHARSET.search(headers.get("content-type", ""))
    known: dict[str, object] = {
        "id": (about.get_header("WARC-Record-ID") or "").strip("<>") or None,
        "url": about.get_header("WARC-Target-URI"),
        "crawled": about.get_header("WARC-Date"),
    }
    encoding = charset[1] if charset else None
    return page_row(raw, markup, number, known, extract, encoding, _SPELLED)


def _http(
    rec_type: str, about: "StatusAndHeaders", content: bytes
) -> tuple[str, dict[str, str], bytes]:
    """Return the status, the headers and the payload of what a record holds."""
    if rec_type != "response":
        return _OK, {"content-type": about.get_header("Content-Type") or ""}, content
    head, end, payload = content.partition(b"\r\n\r\n")
    if not end:
        head, _, payload = content.partition(b"\n\n")
    first, *lines = head.decode("latin-1").splitlines() or [""]
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    status = first.split()[1:2]
    return status[0] if status else "", headers, payload


def _other_kind(rec_type: str, status: str, headers: Mapping[str, str]) -> str | None:
    """Say what a record is that is no page."""
    if rec_type not in ("response", "resource"):
        return f"{rec_type} record"
    if status != _OK:
        return f"response with status {status[:3]}"
    is_page = headers.get("content-type", "").lower().startswith(_PAGE_TYPES)
    return None if is_page else "response that is no page"


def _content(payload: bytes, headers: Mapping[str, str]) -> bytes:
    """Undo what HTTP did to a page, in bounded memory."""
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(payload))
    if "chunked" in headers.get("transfer-encoding", "").lower():
        stream = io.BufferedReader(io.BytesIO(_dechunked(payload)))
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("gzip", "x-gzip", "zstd"):
        inner = decompressor("content", stream.peek(8)[:8], stream)
        # Archives that were written decoded still carry the header.
        stream = stream if inner is None else io.BufferedReader(inner)
    elif encoding == "deflate":
        return zlib.decompressobj().decompress(stream.read(), MAX_PAGE_BYTES + 1)
    elif encoding == "br":
        return _unbrotli(stream.read())
    return stream.read(MAX_PAGE_BYTES + 1)


def _dechunked(payload: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while (end := payload.find(b"\r\n", at)) > 0:
        try:
            size = int(payload[at:end].partition(b";")[0], 16)
        except ValueError:
            break
        if size <= 0:
            return b"".join(parts)
        parts.append(payload[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    # Archives that were written decoded still carry the header.
    return b"".join(parts) if parts else payload


def _unbrotli(payload: bytes) -> bytes:
    try:
        import brotli
    except ImportError as error:
        raise OptionalDependencyError("brotli", "web", "reading archived pages") from error
    decoder = brotli.Decompressor()
    try:
        return bytes(decoder.process(payload, output_buffer_limit=MAX_PAGE_BYTES + 1))
    except brotli.error as error:
        raise ValueError(str(error)) from error


def _records(source: Source, stream: BinaryIO) -> "Iterator[ArcWarcRecord]":
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise OptionalDependencyError("warcio", "web", "reading web archives") from error
    try:
        yield from ArchiveIterator(stream, no_record_parse=True)
    except (ArchiveLoadFailed, EOFError, ValueError, UnicodeError) as error:
        reason = f"broken web archive ({error}): fetch it again"
        raise FormatError(source.path, reason) from error
