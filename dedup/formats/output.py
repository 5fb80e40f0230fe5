"""Files that are whole or not there: written beside their place, then renamed."""

import bz2
import errno
import gzip
import lzma
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from dedup.errors import InputError, OptionalDependencyError

__all__ = ["open_output", "packed", "spooled"]

_STDIN = _STDOUT = "-"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def open_output(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under its name only when it is whole.

    Parameters
    ----------
    path : str or path-like
        ``"-"`` is standard output, written as it comes. A file that exists keeps
        its permissions; a device or a pipe is written directly.

    Raises
    ------
    InputError
        If the folder is missing or cannot be written.
    """
    name = os.fspath(path)
    if name == _STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(name).resolve()
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise InputError(f"{name}: is a folder; name a file")
        with target.open("wb") as stream:
            yield stream
        return
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(target.stat().st_mode if target.exists() else _usual_mode())
        Path(temporary).replace(target)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise InputError(f"{name}: {error.strerror}; nothing was written") from error
        raise


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def packed(stream: BinaryIO, path: str) -> Iterator[BinaryIO]:
    """Compress what is written to `stream` as the suffix of `path` says, or not at all.

    The same bytes give the same file: no time of writing is stored.
    """
    name = path.lower()
    with ExitStack() as files:
        opened: object = stream
        if name.endswith(".gz"):
            opened = gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
        elif name.endswith(".bz2"):
            opened = bz2.BZ2File(stream, "wb")
        elif name.endswith(".xz"):
            opened = lzma.LZMAFile(stream, "wb")  # noqa: SIM115 - entered below
        elif name.endswith((".zst", ".zstd")):
            try:
                from zstandard import ZstdCompressor
            except ImportError as error:
                raise OptionalDependencyError("zstandard", "zstd", "writing zstd") from error
            opened = ZstdCompressor(level=3).stream_writer(stream, closefd=False)
        if opened is not stream:
            opened = files.enter_context(cast("AbstractContextManager[BinaryIO]", opened))
        yield opened


@contextmanager
def spooled(paths: list[str]) -> Iterator[tuple[list[str], int]]:
    """Keep standard input in a file while it must be read more than once.

    Yields
    ------
    list[str], int
        The paths with ``"-"`` replaced by that file, and its size in bytes
        (0 without standard input).
    """
    if _STDIN not in paths:
        yield paths, 0
        return
    with tempfile.NamedTemporaryFile(prefix="dedup-stdin-") as spool:
        while block := sys.stdin.buffer.read(1 << 20):
            spool.write(block)
        spool.flush()
        yield [spool.name if path == _STDIN else path for path in paths], spool.tell()
