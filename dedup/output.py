"""Files that are whole or not there: written beside their place, then renamed."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dedup.errors import InputError

__all__ = ["open_output", "output_path"]

_STDOUT = "-"
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
        with _named("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = Path(name).resolve()
    if target.exists() and not target.is_file() and not target.is_dir():
        with _named(name), target.open("wb") as stream:
            yield stream
        return
    with output_path(name) as temporary, temporary.open("wb") as stream:
        yield stream


@contextmanager
def output_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Name a new file to be filled, which then takes the place of `path`.

    For what writes to a path and to nothing else, as databases do; see `open_output`.
    """
    name = os.fspath(path)
    target = Path(name).resolve()
    if target.is_dir():
        raise InputError(f"{name}: is a folder; name a file")
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    try:
        os.close(handle)
        yield Path(temporary)
        with Path(temporary).open("rb") as written:
            os.fsync(written.fileno())
        Path(temporary).chmod(target.stat().st_mode if target.exists() else _usual_mode())
        Path(temporary).replace(target)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise InputError(f"{name}: {error.strerror}; nothing was written") from error
        raise


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Name what has no room left."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise InputError(f"{name}: {error.strerror}") from error
        raise


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
