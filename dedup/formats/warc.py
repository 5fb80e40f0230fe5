"""Web archives: WARC as crawlers write it (CC-NEWS), and WACZ, a zip around some."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from dedup.errors import FormatError, OptionalDependencyError
from dedup.formats.compression import decompressor
from dedup.formats.page import MAX_PAGE_BYTES
from dedup.formats.pages import page_row
from dedup.formats.record import Row
from dedup.formats.sources import Source, inner_name, seekable

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

__all__ = ["Wacz", "Warc"]

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_OK = "200"
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


class Warc:
    """The pages among a web archive's records, each an article.

    An article's id is its record's; the date of the crawl is kept as an extra
    and is no publication date.

    Parameters
    ----------
    extract : str
        ``"best"`` or ``"fast"``.
    """

    name = "web archives (.warc)"
    has_own_names = False
    suffixes = (".warc",)

    def __init__(self, extract: str = "best") -> None:
        self._extract = extract

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins as a web archive does."""
        del source
        return head.startswith(b"WARC/1.")

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield a row for each page; others are told apart by their kind."""
        for number, record in enumerate(_records(source, stream), 1):
            yield _row(record, number, self._extract)

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the kept pages' records; archives may stand one behind another."""
        del before
        for number, record in enumerate(_records(source, stream), 1):
            row = _row(record, number, self._extract)
            if record.rec_type == "warcinfo" or (not row.is_aside and is_kept(row)):
                out.write(row.raw)
        return b"archive"


class Wacz:
    """The archives in a WACZ file, read where they are: nothing is unpacked to a path."""

    name = "web archive collections (.wacz)"
    has_own_names = False
    suffixes = (".wacz",)

    def __init__(self, extract: str = "best") -> None:
        self._warc = Warc(extract)

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it is a zip file, and called so or begins with what a WACZ has."""
        is_called_so = inner_name(source.path).endswith(".wacz")
        return head.startswith(b"PK\x03\x04") and (
            is_called_so or b"datapackage.json" in head or b"archive/" in head
        )

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the pages of its archives, in the order of their names."""
        number = 0
        for part in _archives(source, stream):
            for row in self._warc.rows(source, part):
                number += 1
                yield Row(
                    row.raw, number, row.fields, row.problem, row.kind, row.is_aside, row.spelled
                )

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the kept pages' records as one web archive."""
        for part in _archives(source, stream):
            self._warc.keep(source, part, out, is_kept, before)
        return b"archive"


def _row(record: "ArcWarcRecord", number: int, extract: str) -> Row:
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
    return page_row(raw, markup, number, known, extract, charset[1] if charset else None)


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


def _archives(source: Source, stream: BinaryIO) -> Iterator[BinaryIO]:
    """Yield the archives in a WACZ, decompressed."""
    with _unzipped(source, stream) as archive:
        names = [name for name in archive.namelist() if inner_name(name).endswith(".warc")]
        if not names:
            raise FormatError(source.path, "a zip file without web archives: unpack it first")
        for name in sorted(names):
            with archive.open(name) as member:
                packed = cast("io.BufferedReader", io.BufferedReader(cast("io.RawIOBase", member)))
                inner = decompressor(source.path, packed.peek(8)[:8], packed)
                yield packed if inner is None else io.BufferedReader(inner)


@contextmanager
def _unzipped(source: Source, stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        with seekable(source, stream) as (_, file), zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
        raise FormatError(source.path, f"broken zip file ({error}): fetch it again") from error
