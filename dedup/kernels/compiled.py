"""Loops that run as machine code, or as plain Python where numba is absent.

A loop is a function marked :func:`compiled`. If it has annotations, Python calls
it; otherwise only other loops do. The first call compiles them all into one file
that later runs load without numba (:mod:`dedup.kernels.library`).
"""

from collections.abc import Callable
from functools import cache, update_wrapper
from importlib import import_module
from pkgutil import iter_modules
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np

from dedup.kernels import library

__all__ = ["compile_all", "compiled", "instruction"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_lock = Lock()


def compiled(loop: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run a loop as machine code.

    A loop that Python calls has complete annotations and takes positional arguments:
    ``int``, ``np.uint64`` and C-contiguous arrays of the annotated dtype and number
    of axes. It returns None, an ``int``, a ``bool`` or a tuple of such; the arrays
    that it fills are made by the caller. It raises nothing, and may use of NumPy what
    allocates and slices, but not sorting or joining.

    In plain Python the same source works on NumPy's numbers: unsigned integers wrap
    around, and those of an operation should have one dtype.
    """
    if "return" not in loop.__annotations__:
        return loop
    if not library.can_compile():
        return np.errstate(over="ignore")(loop)
    return cast(Callable[_P, _R], _loaded().get(_name(loop)) or _Uncompiled(loop))


def instruction(name: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Mark what is one machine instruction, of :mod:`dedup.kernels.instructions`."""

    def marked(function: Callable[_P, _R]) -> Callable[_P, _R]:
        function.instruction = name  # type: ignore[attr-defined] # for `generate`
        return function

    return marked


def compile_all() -> dict[str, Callable[..., Any]]:
    """Return the compiled loops by name: loaded, or compiled now and kept for later runs.

    Raises
    ------
    ModuleNotFoundError
        numba is not installed.
    """
    with _lock:
        if not _loaded():
            from dedup.kernels.generate import object_code
            from dedup.kernels.loading import load_object

            code = object_code(_uncompiled())
            path = library.keep(code)
            _loaded().update(load_object(code) if path is None else library.load(path))
        return _loaded()


@cache
def _loaded() -> dict[str, Callable[..., Any]]:
    """Return the loops that are ready to be called; none until they were compiled once."""
    path = library.kept()
    return {} if path is None else library.load(path)


def _name(loop: Callable[..., Any]) -> str:
    return f"{loop.__module__.rpartition('.')[2]}.{loop.__name__}"


def _uncompiled() -> dict[str, Callable[..., Any]]:
    """Return every loop of the room that Python calls."""
    room = import_module(__package__)
    found = {}
    for info in iter_modules(room.__path__):
        for value in vars(import_module(f"{__package__}.{info.name}")).values():
            if isinstance(value, _Uncompiled):
                found[_name(value)] = value.__wrapped__
    return found


class _Uncompiled:
    """A loop that is compiled, with all others, by the first call of any."""

    __name__: str
    __wrapped__: Callable[..., Any]

    def __init__(self, loop: Callable[..., Any]) -> None:
        update_wrapper(self, loop)

    def __call__(self, *arguments: Any) -> Any:
        return compile_all()[_name(self)](*arguments)
