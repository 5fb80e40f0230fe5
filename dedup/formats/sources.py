"""Which files are meant, and their bytes, decompressed.

Paths may be files, folders, globs and ``-`` for standard input. Compression is
told by magic bytes, whatever the file is called.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from dedup.errors import DiskError, FormatError, InputError
from dedup.formats.compression import decompressor

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

__all__ = [
    "STDIN",
    "Source",
    "find_sources",
    "inner_name",
    "open_source",
    "refuse_second",
    "seekable",
    "spooled",
]

STDIN = "-"
#: As much is read at once; the first read decides on compression and format.
_BLOCK_BYTES = 1 << 20
#: What is asked for in larger pieces goes to its place at once.
_LEAST_BYTES = 1 << 16
#: So many bytes that are no white space tell JSON from the rest; the rest takes more.
_MIN_HEAD_BYTES = 8
_FULL_HEAD_BYTES = 1 << 12
_MAX_HEAD_BYTES = 1 << 16
#: What a compressed file's name may end with, behind its own suffix.
_PACKED = (".gz", ".zst", ".zstd", ".bz2", ".xz")
_OTHER_KINDS = (
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
    is_named : bool
        Whether the caller named it; else it was found in a folder, where not
        every table and document holds articles.
    """

    file: str
    path: str
    name: str
    is_named: bool = True


def inner_name(name: str) -> str:
    """Return `name` in lower case, without the suffix of a compression.

    Examples
    --------
    >>> inner_name("Feed.JSONL.gz")
    'feed.jsonl'
    """
    name = name.lower()
    packed = next((suffix for suffix in _PACKED if name.endswith(suffix)), "")
    return name.removesuffix(packed)


def find_sources(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".jl", ".txt"),
) -> tuple[list[Source], list[str]]:
    """Return the files that `paths` mean, and those in folders that are left out.

    A folder gives its files that end in one of `suffixes` (also with one of a
    compression behind it), those of folders inside it included, sorted by path.
    Hidden files are no part of a folder.

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
                found, others = _in_folder(file, suffixes)
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


def _in_folder(folder: str, suffixes: tuple[str, ...]) -> tuple[list[Source], list[str]]:
    found: list[Source] = []
    left_out: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in files:
            path = Path(parent, file)
            if file.startswith(".") or not path.is_file():
                continue
            if inner_name(file).endswith(suffixes):
                name = path.relative_to(folder).as_posix()
                found.append(Source(str(path), _shown(str(path)), _shown(name), is_named=False))
            else:
                left_out.append(_shown(str(path)))
    if not found:
        wanted = ", ".join(suffixes)
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
    if (inner := decompressor(source.path, head, rest)) is not None:
        head, rest = _split_head(io.BufferedReader(inner, _BLOCK_BYTES))
    for magic, advice in _OTHER_KINDS:
        if head.startswith(magic):
            raise FormatError(source.path, advice)
    return rest, head


def refuse_second(source: Source, before: bytes, kind: str) -> None:
    """Raise `FormatError` if files of a kind that cannot be joined go into one output.

    Parameters
    ----------
    before : bytes
        What the file before `source` returned when it was kept, see `registry.Keeps`.
    kind : str
        In the plural, as messages name it.
    """
    if before:
        raise FormatError(source.path, f"several {kind} do not go into one: name a folder")


@contextmanager
def seekable(source: Source, stream: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """Give formats that must be read back and forth a file: its path, and it opened.

    Parameters
    ----------
    source : Source
        Its own file is taken where `stream` is that file's bytes as they are.
    stream : BinaryIO
        Else, as with compressed files and standard input, this is written to a
        temporary file first.
    """
    with ExitStack() as files:
        own = source.file != STDIN and Path(source.file).is_file()
        file: BinaryIO
        if own:
            file = files.enter_context(_open(source))
            own = decompressor(source.path, file.read(_MIN_HEAD_BYTES), file) is None
        if own:
            file.seek(0)
            yield source.file, file
            return
        spool = files.enter_context(tempfile.NamedTemporaryFile(prefix="dedup-input-"))
        _fill(spool, stream)
        yield spool.name, files.enter_context(Path(spool.name).open("rb"))


@contextmanager
def spooled(paths: list[str]) -> Iterator[tuple[list[str], int]]:
    """Keep standard input and pipes in files while they must be read more than once.

    Yields
    ------
    list[str], int
        The paths with ``"-"`` and pipes replaced by these files, which errors and ids call
        by the names that they stand for, and their size in bytes.
    """
    size, kept = 0, {}
    with ExitStack() as files:
        for path in dict.fromkeys(paths):
            if path == STDIN or Path(path).is_fifo():
                spool = files.enter_context(tempfile.NamedTemporaryFile(prefix="dedup-stdin-"))
                with nullcontext(sys.stdin.buffer) if path == STDIN else open(path, "rb") as pipe:  # noqa: PTH123
                    _fill(spool, pipe)
                size += spool.tell()
                kept[path] = _Kept(spool.name)
                kept[path].shown = _shown(path)
        yield [kept.get(path, path) for path in paths], size


class _Kept(str):
    """The path of a file that stands for what can be read once only."""

    __slots__ = ("shown",)
    shown: str


def _fill(spool: IO[bytes], stream: BinaryIO) -> None:
    """Write a stream to a temporary file."""
    while block := stream.read(_BLOCK_BYTES):
        try:
            spool.write(block)
            spool.flush()
        except OSError as error:
            folder = os.path.dirname(spool.name)  # noqa: PTH120 - as it was given
            raise DiskError(folder, error.strerror or str(error)) from error


def _split_head(stream: io.BufferedReader) -> tuple[bytes, io.BufferedReader]:
    """Return how `stream` begins and a stream that still begins so.

    Waits for no more than it needs, since a pipe may give one line now and the
    next in an hour.
    """
    head = b""
    while len(head) < _MAX_HEAD_BYTES:
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        # A record of JSON Lines may be all there is for an hour; nothing else is read so.
        if len(start) >= (_MIN_HEAD_BYTES if start.startswith(b"{") else _FULL_HEAD_BYTES):
            break
        block = stream.read1(_MAX_HEAD_BYTES)
        if not block:
            break
        head += block
    return head, io.BufferedReader(_Rejoined(head, stream), _LEAST_BYTES)


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


def _refuse(error: OSError) -> None:
    # os.walk would pass over a folder that it may not list, without a word.
    raise InputError(f"{_shown(str(error.filename))}: {error.strerror}") from error


def _shown(path: str) -> str:
    if isinstance(path, _Kept):
        return path.shown
    # A file name need not be UTF-8; an id must be.
    return os.fsencode(path).decode("utf-8", "backslashreplace")
