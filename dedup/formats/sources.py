"""Which files are meant, and their bytes, decompressed.

Paths may be files, folders, globs and ``-`` for standard input. Compression is
told by magic bytes, whatever the file is called.
"""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError, InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

__all__ = ["Source", "find_sources", "open_source"]

STDIN = "-"
_GZIP = b"\x1f\x8b"
#: As much is read at once; the first read decides on compression and format.
_BLOCK_BYTES = 1 << 20
#: So many bytes that are no white space tell a format from its beginning.
_MIN_HEAD_BYTES = 8
_MAX_HEAD_BYTES = 1 << 16
#: What is read from a folder; a file named outright may be called anything.
_SUFFIXES = (".jsonl", ".ndjson", ".jl", ".txt")
_OTHER_KINDS = (
    (b"\x28\xb5\x2f\xfd", "zstd-compressed: decompress it first (zstd -d)"),
    (b"BZh", "bzip2-compressed: decompress it first (bunzip2)"),
    (b"\xfd7zXZ", "xz-compressed: decompress it first (unxz)"),
    (b"PK\x03\x04", "a zip archive: unpack it first"),
    (b"\xff\xfe", "UTF-16: convert it first (iconv -f UTF-16 -t UTF-8)"),
    (b"\xfe\xff", "UTF-16: convert it first (iconv -f UTF-16 -t UTF-8)"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read.

    Attributes
    ----------
    file : str
        What to open; ``"-"`` is standard input.
    path : str
        `file` as errors name it: always text that can be encoded.
    name : str
        What a file without ids of its own goes by: its path relative to the
        folder it was found in, with forward slashes, else `path`.
    """

    file: str
    path: str
    name: str


def find_sources(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
) -> tuple[list[Source], list[str]]:
    """Return the files that `paths` mean, and those in folders that are left out.

    A folder gives its files ending in ``.jsonl``, ``.ndjson``, ``.jl`` or
    ``.txt`` (also with ``.gz``), those of folders inside it included, sorted by
    path. Hidden files are no part of a folder.

    Raises
    ------
    InputError
        If a path is missing, a glob matches nothing, or a folder holds no feed.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    sources: list[Source] = []
    left_out: list[str] = []
    for path in paths:
        for file in _expand(os.fspath(path)):
            if os.path.isdir(file):  # noqa: PTH112 - a Path would drop a leading "./"
                found, others = _in_folder(file)
                sources += found
                left_out += others
            else:
                sources.append(Source(file, _shown(file), _shown(file)))
    return sources, left_out


def _expand(path: str) -> list[str]:
    if path == STDIN or Path(path).exists():
        return [path]
    if not has_magic(path):
        raise InputError(f"{_shown(path)}: no such file or folder")
    found = sorted(glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute one
    if not found:
        raise InputError(f"{_shown(path)}: matches no file")
    return found


def _in_folder(folder: str) -> tuple[list[Source], list[str]]:
    found: list[Source] = []
    left_out: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in files:
            path = Path(parent, file)
            if file.startswith(".") or not path.is_file():
                continue
            if file.lower().removesuffix(".gz").endswith(_SUFFIXES):
                name = path.relative_to(folder).as_posix()
                found.append(Source(str(path), _shown(str(path)), _shown(name)))
            else:
                left_out.append(_shown(str(path)))
    if not found:
        wanted = ", ".join(_SUFFIXES)
        raise InputError(f"{_shown(folder)}: no articles in this folder (looked for {wanted})")
    return sorted(found, key=lambda source: source.name), sorted(left_out)


@contextmanager
def open_source(source: Source) -> Iterator[tuple[BinaryIO, bytes]]:
    """Open `source` for reading: its decompressed bytes, and how they begin.

    Raises
    ------
    InputError
        If the file cannot be opened.
    FormatError
        If it is compressed or encoded in a way that is not read here.
    """
    if source.file == STDIN:
        if sys.stdin is None:
            raise InputError("-: standard input is closed")
        # Not sys.stdin.buffer: its type is any binary stream, and closing it is not ours.
        with io.FileIO(sys.stdin.fileno(), closefd=False) as raw:
            yield _decompress(source, io.BufferedReader(raw))
        return
    with _open(source) as stream:
        yield _decompress(source, stream)


def _open(source: Source) -> io.BufferedReader:
    try:
        return Path(source.file).open("rb")
    except OSError as error:
        raise InputError(f"{source.path}: {error.strerror}") from error


def _decompress(source: Source, stream: io.BufferedReader) -> tuple[BinaryIO, bytes]:
    head, rest = _split_head(stream)
    if head.startswith(_GZIP):
        head, rest = _split_head(io.BufferedReader(_Gunzip(source, rest), _BLOCK_BYTES))
    for magic, advice in _OTHER_KINDS:
        if head.startswith(magic):
            raise FormatError(source.path, advice)
    return rest, head


def _split_head(stream: io.BufferedReader) -> tuple[bytes, io.BufferedReader]:
    """Return how `stream` begins and a stream that still begins so.

    Waits for no more than it needs, since a pipe may give one line now and the
    next in an hour.
    """
    head = b""
    while len(head.lstrip()) < _MIN_HEAD_BYTES and len(head) < _MAX_HEAD_BYTES:
        block = stream.read1(_MAX_HEAD_BYTES)
        if not block:
            break
        head += block
    return head, io.BufferedReader(_Rejoined(head, stream), _BLOCK_BYTES)


class _Rejoined(io.RawIOBase):
    """A stream with what was read of it put back."""

    def __init__(self, head: bytes, rest: io.BufferedReader) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        if not self._head:
            # At most what is there now: the rest of the buffer may take an hour to fill.
            return self._rest.readinto1(view)
        part, self._head = self._head[: len(view)], self._head[len(view) :]
        view[: len(part)] = part
        return len(part)


class _Gunzip(io.RawIOBase):
    """Decompressed bytes, whose errors name the file."""

    def __init__(self, source: Source, stream: io.BufferedReader) -> None:
        self._path = source.path
        self._gzip = gzip.GzipFile(fileobj=stream)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        try:
            block = self._gzip.read1(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = f"broken gzip ({error}): fetch or compress the file again"
            raise FormatError(self._path, reason) from error
        view[: len(block)] = block
        return len(block)


def _refuse(error: OSError) -> None:
    # os.walk would pass over a folder that it may not list, without a word.
    raise InputError(f"{_shown(str(error.filename))}: {error.strerror}") from error


def _shown(path: str) -> str:
    # A file name need not be UTF-8; an id must be.
    return os.fsencode(path).decode("utf-8", "backslashreplace")
