"""Compile every loop and keep the machine code for later runs."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

from dedup import kernels
from dedup.errors import InputError
from dedup.kernels import library
from dedup.kernels.compiled import Uncompiled, name_of
from dedup.kernels.generate import object_code
from dedup.kernels.loading import load_object
from dedup.output import open_output

__all__ = ["build", "link"]


def build() -> dict[str, Callable[..., Any]]:
    """Return all loops by name; kept if there is a folder that can be written to."""
    code = object_code(_uncompiled())
    path = _keep(code)
    return load_object(code) if path is None else library.load(path)


def link(code: bytes) -> bytes | None:
    """Make a shared library of an object file; None where the system has no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with TemporaryDirectory(prefix="dedup-") as folder:
        source, target = Path(folder, "kernels.o"), Path(folder, "kernels.so")
        source.write_bytes(code)
        system = ("-undefined", "dynamic_lookup") if sys.platform == "darwin" else ()
        command = (compiler, "-shared", *system, "-o", str(target), str(source))
        # The user's own C compiler, as when a package is installed from its source.
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        return target.read_bytes() if done.returncode == 0 else None


def _uncompiled() -> dict[str, Callable[..., Any]]:
    """Return every loop of the room that Python calls."""
    found = {}
    for info in iter_modules(kernels.__path__):
        for value in vars(import_module(f"{kernels.__name__}.{info.name}")).values():
            if isinstance(value, Uncompiled):
                found[name_of(value)] = value.__wrapped__
    return found


def _keep(code: bytes) -> Path | None:
    linked = link(code)
    content, suffix = (code, ".o") if linked is None else (linked, library.SHARED)
    for folder in library.folders():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if library.is_private(folder):
                for older in folder.glob(f"{library.prefix()}*"):
                    older.unlink(missing_ok=True)
                path = folder / library.file_name(content, suffix)
                with open_output(path) as file:
                    file.write(content)
                path.chmod(0o644)
                return path
        except (OSError, InputError):
            continue
    return None
