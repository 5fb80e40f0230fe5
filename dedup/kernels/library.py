"""Where the machine code of the loops is kept between runs.

Beside the package's own ``.pyc`` files, or in the user's cache folder where the
package may not be written to. It is executed, so only a folder that no one else
may write to is used. A file's name says for which Python, machine and source it
is, and ends with the digest of what it holds: what does not fit is not loaded.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from dedup.kernels.loading import link, load_object, load_shared

__all__ = ["can_compile", "keep", "kept", "load"]

_PACKAGE = Path(__file__).parent
#: What tells processors apart in Linux's list of them.
_PROCESSOR = (b"vendor_id", b"cpu family", b"model", b"flags", b"Features", b"CPU ", b"isa")
_SHARED, _OBJECT = ".so", ".o"


@cache
def can_compile() -> bool:
    """Say whether numba is installed."""
    return find_spec("numba") is not None


def kept() -> Path | None:
    """Return the file with this version's machine code for this machine, if there is one."""
    start = f"{_start()}-{_source()}-"
    for folder in _folders():
        if _is_private(folder):
            for path in sorted(folder.glob(f"{start}*")):
                if path.name.startswith(f"{start}{_digest(path.read_bytes())}."):
                    return path
    return None


def load(path: Path) -> dict[str, Callable[..., Any]]:
    """Return the functions of a file that was kept, by name."""
    if path.suffix == _SHARED:
        return load_shared(path)
    return load_object(path.read_bytes())


def keep(code: bytes) -> Path | None:
    """Write an object file, linked if the system can, for later runs.

    Returns None where no folder can be written to.
    """
    linked = link(code)
    content, suffix = (code, _OBJECT) if linked is None else (linked, _SHARED)
    for folder in _folders():
        path = folder / f"{_start()}-{_source()}-{_digest(content)}{suffix}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(folder):
                continue
            for older in folder.glob(f"{_start()}-*"):
                older.unlink(missing_ok=True)
            _write(path, content)
        except OSError:
            continue
        return path
    return None


def _write(path: Path, content: bytes) -> None:
    """Write a file at once: who reads it meanwhile sees all of it, or nothing."""
    with NamedTemporaryFile(dir=path.parent, prefix=".kernels-", delete=False) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _folders() -> Iterator[Path]:
    yield _PACKAGE / "__pycache__"
    yield Path.home() / ".cache" / "dedup" / _digest(str(_PACKAGE).encode())[:16]


def _is_private(folder: Path) -> bool:
    """Say whether whoever may write to a folder could change the package itself, or is the user."""
    if folder.parent == _PACKAGE or not hasattr(os, "getuid"):
        return folder.is_dir()
    try:
        status = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _start() -> str:
    """Return how the names of all files for this Python and this machine start."""
    layout = f"{object.__basicsize__} {sys.maxsize}".encode()
    return f"kernels-{sys.implementation.cache_tag}-{_digest(layout + _machine())[:16]}"


@cache
def _machine() -> bytes:
    """Return what machine code depends on: the processor's kind and instructions."""
    named = f"{sys.platform} {platform.machine()}"
    try:
        with Path("/proc/cpuinfo").open("rb") as file:
            first = file.read(1 << 14).partition(b"\n\n")[0]
    except OSError:
        # No name of the processor is sure to change with its instructions: each host by itself.
        return f"{named} {platform.processor()} {platform.node()}".encode()
    lines = [line for line in first.splitlines() if line.startswith(_PROCESSOR)]
    return b"\n".join((named.encode(), *lines))


@cache
def _source() -> str:
    """Return the digest of all that is compiled, and of the compiler's version."""
    source = blake2b(digest_size=8)
    for room in (_PACKAGE, _PACKAGE.parent / "text"):
        for path in sorted(room.glob("*.py")):
            source.update(path.read_bytes())
    numba = find_spec("numba")
    if numba is not None and numba.origin is not None:
        source.update(Path(numba.origin).with_name("_version.py").read_bytes())
    return source.hexdigest()


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
