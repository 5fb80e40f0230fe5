"""Where the machine code of the loops is kept between runs.

Beside the package's own ``.pyc`` files, or in the user's cache folder where the
package cannot be written to. It is executed, so a folder that others may write to
is not used. A file's name says for which Python, machine and source it is, and
ends with the digest of what it holds: what does not fit is not loaded.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dedup.kernels.loading import load_object, load_shared

__all__ = [
    "SHARED",
    "can_compile",
    "file_name",
    "folders",
    "is_private",
    "kept",
    "load",
    "prefix",
]

SHARED = ".so"
_PACKAGE = Path(__file__).parent
#: What tells kinds of processors apart in Linux's list of them.
_PROCESSOR = (b"vendor_id", b"cpu family", b"model", b"flags", b"Features", b"CPU ", b"isa")


@cache
def can_compile() -> bool:
    """Say whether numba is installed."""
    return find_spec("numba") is not None


def kept() -> Path | None:
    """Return the file with this version's machine code for this machine, if there is one."""
    for folder in folders():
        if is_private(folder):
            for path in sorted(folder.glob(f"{prefix()}{_source()}-*")):
                if path.name == file_name(path.read_bytes(), path.suffix):
                    return path
    return None


def load(path: Path) -> dict[str, Callable[..., Any]]:
    """Return the functions of a file that was kept, by name."""
    return load_shared(path) if path.suffix == SHARED else load_object(path.read_bytes())


def folders() -> Iterator[Path]:
    """Yield the folders where machine code may be, the best first."""
    yield _PACKAGE / "__pycache__"
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home
        return
    yield home / ".cache" / "dedup" / _digest(str(_PACKAGE).encode())


def is_private(folder: Path) -> bool:
    """Say whether only the user, or who may change the package itself, may write to a folder."""
    if folder.parent == _PACKAGE or not hasattr(os, "getuid"):
        return folder.is_dir()
    if not folder.is_dir() or folder.is_symlink():
        return False
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def prefix() -> str:
    """Return how the names of all files for this Python and this machine start."""
    layout = f"{object.__basicsize__} {sys.maxsize} ".encode()
    return f"kernels-{sys.implementation.cache_tag}-{_digest(layout + _machine())}-"


def file_name(content: bytes, suffix: str) -> str:
    """Return the name of a file that holds this version's machine code."""
    return f"{prefix()}{_source()}-{_digest(content)}{suffix}"


@cache
def _machine() -> bytes:
    """Return what machine code depends on: the processor's kind and instructions."""
    kind = f"{sys.platform} {platform.machine()}".encode()
    try:
        with Path("/proc/cpuinfo").open("rb") as file:
            first = file.read(1 << 14).partition(b"\n\n")[0]
    except OSError:
        # Nothing else is sure to tell the instructions: each host by itself.
        return kind + f" {platform.processor()} {platform.node()}".encode()
    return b"\n".join((kind, *(x for x in first.splitlines() if x.startswith(_PROCESSOR))))


@cache
def _source() -> str:
    """Return the digest of all that is compiled, and of the compiler's version."""
    read = [*sorted(_PACKAGE.glob("*.py")), *sorted((_PACKAGE.parent / "text").glob("*.py"))]
    numba = find_spec("numba")
    if numba is not None and numba.origin is not None:
        read.append(Path(numba.origin).with_name("_version.py"))
    return _digest(b"\0".join(path.read_bytes() for path in read))


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()
