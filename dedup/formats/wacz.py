"""WACZ: a zip file around web archives, their index and the list of their pages."""

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from dedup.errors import FormatError
from dedup.formats.compression import decompressor
from dedup.formats.record import Row
from dedup.formats.remembered import Extract
from dedup.formats.sources import Source, inner_name, refuse_second, seekable
from dedup.formats.warc import archived, is_wanted

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

__all__ = ["Wacz"]

#: A longer line of an index or a list of pages is none.
_MAX_LINE_BYTES = 1 << 20
_MAX_PACKAGE_BYTES = 8 << 20
_PACKAGE, _DIGEST = "datapackage.json", "datapackage-digest.json"
_INDEX = "indexes/index.cdxj"
#: A file has the same bytes whenever it is written.
_MOMENT = (1980, 1, 1, 0, 0, 0)


class Wacz:
    """The archives in a WACZ file, read where they are: nothing is unpacked to a path.

    Parameters
    ----------
    extract : str or RememberedPages
        As for `Warc`.
    """

    name = "web archive collections (.wacz)"
    has_own_names = False
    suffixes = (".wacz",)

    def __init__(self, extract: Extract = "best") -> None:
        self._extract = extract

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it is a zip file, and called so or begins with what a WACZ has."""
        is_called_so = inner_name(source.path).endswith(".wacz")
        return head.startswith(b"PK\x03\x04") and (
            is_called_so or b"datapackage.json" in head or b"archive/" in head
        )

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the pages of its archives, in the order of their names."""
        numbers = count(1)
        with _unzipped(source, stream) as collection:
            for name in _archives(source, collection):
                with _opened(source, collection, name) as part:
                    for _, row in archived(source, part, self._extract, numbers):
                        yield row

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write a collection of the kept pages' records, with what its index says of them."""
        refuse_second(source, before, "collections")
        numbers = count(1)
        with (
            _unzipped(source, stream) as collection,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file,
        ):
            kept = _KeptCollection(file)
            for name in _archives(source, collection):
                with _opened(source, collection, name) as part, kept.archive(name) as write:
                    for record, row in archived(source, part, self._extract, numbers):
                        if is_wanted(record, row, is_kept):
                            write(record, row.raw)
            kept.write_index(_lines(source, collection, "indexes/", (".cdx", ".cdxj")))
            for name in sorted(collection.namelist()):
                if name.startswith("pages/") and name.endswith(".jsonl") and _is_clean(name):
                    kept.write_pages(name, _lines(source, collection, name, (".jsonl",)))
            kept.write_package(collection)
        return b"collection"


class _KeptCollection:
    """What a collection consists of besides its archives, made to fit those that are written."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        #: Where in which archive each record is, by address and moment.
        self._places: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
        self._urls: set[str] = set()
        self._archives: set[str] = set()
        self._resources: list[dict[str, object]] = []

    @contextmanager
    def archive(self, name: str) -> "Iterator[Callable[[ArcWarcRecord, bytes], None]]":
        """Begin an archive; yields what writes a record to it."""
        is_packed = name.endswith(".gz")
        base = PurePosixPath(name).name if is_packed else inner_name(PurePosixPath(name).name)
        # Nothing says that archives of two folders have two names.
        base = base if base not in self._archives else f"{len(self._archives)}-{base}"
        self._archives.add(base)
        digest = hashlib.sha256()
        at = 0
        info = zipfile.ZipInfo(f"archive/{base}", _MOMENT)
        with self._file.open(info, "w", force_zip64=True) as member:

            def write(record: "ArcWarcRecord", raw: bytes) -> None:
                nonlocal at
                content = gzip.compress(raw, mtime=0) if is_packed else raw
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                date = record.rec_headers.get_header("WARC-Date") or ""
                moment = "".join(filter(str.isdecimal, date))[:14]
                self._places.setdefault((url, moment), []).append((base, at, len(content)))
                self._urls.add(url)
                member.write(content)
                digest.update(content)
                at += len(content)

            yield write
        self._note(info.filename, digest.hexdigest(), at)

    def write_index(self, lines: Iterator[bytes]) -> None:
        """Write those lines of an index (CDXJ) whose records are there, with their new places."""
        kept = []
        for line in lines:
            key, _, rest = line.decode("utf-8", "replace").partition(" ")
            moment, _, content = rest.partition(" ")
            entry = _object(content)
            places = self._places.get((str(entry.get("url")), moment))
            if places:
                name, start, length = places.pop(0)
                entry |= {"filename": name, "offset": str(start), "length": str(length)}
                kept.append(f"{key} {moment} {json.dumps(entry, ensure_ascii=False)}\n")
        if kept:
            self._write(_INDEX, "".join(sorted(kept)).encode("utf-8", "replace"))

    def write_pages(self, name: str, lines: Iterator[bytes]) -> None:
        """Write a list of pages: its head, and the pages that are there."""
        kept = [
            line
            for line in lines
            if "url" not in (page := _object(line)) or str(page["url"]) in self._urls
        ]
        self._write(name, b"".join(line + b"\n" for line in kept))

    def write_package(self, collection: zipfile.ZipFile) -> None:
        """Write what the collection says of itself, with the files that it now holds.

        A signature of the old one does not hold any more and is left out.
        """
        names = collection.namelist()
        said = {}
        if _PACKAGE in names:
            with collection.open(_PACKAGE) as file:
                said = _object(file.read(_MAX_PACKAGE_BYTES))
        package = {"profile": "data-package", "wacz_version": "1.1.1"} | said
        content = json.dumps(package | {"resources": self._resources}, indent=2).encode()
        self._write(_PACKAGE, content)
        if _DIGEST in names:
            digest = {"path": _PACKAGE, "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
            self._write(_DIGEST, json.dumps(digest, indent=2).encode())

    def _write(self, name: str, content: bytes) -> None:
        info = zipfile.ZipInfo(name, _MOMENT)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._file.writestr(info, content)
        self._note(name, hashlib.sha256(content).hexdigest(), len(content))

    def _note(self, name: str, digest: str, size: int) -> None:
        entry = {"name": PurePosixPath(name).name, "path": name}
        self._resources.append({**entry, "hash": f"sha256:{digest}", "bytes": size})


def _archives(source: Source, collection: zipfile.ZipFile) -> list[str]:
    """Return the names of the archives in a WACZ."""
    names = [name for name in collection.namelist() if inner_name(name).endswith(".warc")]
    if not names:
        raise FormatError(source.path, "a zip file without web archives: unpack it first")
    return sorted(names)


def _is_clean(name: str) -> bool:
    return ".." not in name.split("/") and "\\" not in name


def _lines(
    source: Source, collection: zipfile.ZipFile, start: str, ends: tuple[str, ...]
) -> Iterator[bytes]:
    """Yield the lines of the files whose names begin and end so; none that is too long."""
    for name in sorted(collection.namelist()):
        if name.startswith(start) and inner_name(name).endswith(ends):
            with _opened(source, collection, name) as stream:
                while line := stream.readline(_MAX_LINE_BYTES):
                    if line.strip():
                        yield line.rstrip(b"\r\n")


def _object(content: bytes | str) -> dict[str, object]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@contextmanager
def _opened(source: Source, collection: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """Open a file in a WACZ, decompressed."""
    with collection.open(name) as member:
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
