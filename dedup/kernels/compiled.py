"""Loops that run as machine code, or as plain Python where numba is absent.

A loop is a function marked :func:`compiled`. If it has annotations, Python calls
it; otherwise only other loops do. The first call compiles them all into one file
(:mod:`dedup.kernels.build`) that later runs load without numba.
"""

from collections.abc import Callable
from functools import cache, update_wrapper
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np

from dedup.errors import DedupError
from dedup.kernels import library

__all__ = [
    "Uncompiled",
    "compile_all",
    "compiled",
    "inlined",
    "instruction",
    "is_ready",
    "name_of",
]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_lock = Lock()


def compiled(loop: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run a loop as machine code.

    A loop that Python calls has complete annotations and takes positional arguments:
    ``int``, ``np.uint64`` and C-contiguous arrays of the annotated dtype and number
    of axes. It returns None, an ``int``, a ``bool`` or a tuple of such; the arrays
    that it fills are made by the caller. It raises nothing, and may use of NumPy what
    makes and slices arrays; not what sorts, joins or copies them, nor ``a, b = row``.

    In plain Python the same source works on NumPy's numbers: they wrap around, and a
    sum keeps the dtype of what is added to a plain number.
    """
    if "return" not in loop.__annotations__:
        return loop
    if not library.can_compile():
        return np.errstate(over="ignore")(loop)
    return cast(Callable[_P, _R], _loaded().get(name_of(loop)) or Uncompiled(loop))


def inlined(loop: Callable[_P, _R]) -> Callable[_P, _R]:
    """Put a loop's statements in the place of every call."""
    loop.is_inlined = True  # type: ignore[attr-defined] # for `generate`
    return loop


def instruction(name: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Mark what is one machine instruction, of :mod:`dedup.kernels.instructions`."""

    def marked(function: Callable[_P, _R]) -> Callable[_P, _R]:
        function.instruction = name  # type: ignore[attr-defined] # for `generate`
        return function

    return marked


def compile_all() -> dict[str, Callable[..., Any]]:
    """Return the loops that Python calls, by name: loaded, or compiled now.

    Raises
    ------
    DedupError
        numba is not installed, or cannot be imported.
    """
    with _lock:
        if not _loaded():
            try:
                from dedup.kernels.build import build
            except ImportError as error:
                msg = (
                    f"nothing to compile with: {error}; mend it by pip install -U numba "
                    "(where numba is not installed, all works, slowly)"
                )
                raise DedupError(msg) from error
            _loaded().update(build())
        return _loaded()


@cache
def _loaded() -> dict[str, Callable[..., Any]]:
    """Return the loops that are ready to be called; none until they were compiled once."""
    path = library.kept()
    return {} if path is None else library.load(path)


def is_ready() -> bool:
    """Say whether there is machine code, so that no call waits for it."""
    return library.can_compile() and bool(_loaded())


def name_of(loop: Callable[..., Any]) -> str:
    """Return by what name a loop is kept."""
    return f"{loop.__module__.rpartition('.')[2]}.{loop.__name__}"


class Uncompiled:
    """A loop that is compiled, with all others, by the first call of any."""

    __module__: str
    __name__: str
    __wrapped__: Callable[..., Any]

    def __init__(self, loop: Callable[..., Any]) -> None:
        update_wrapper(self, loop)

    def __call__(self, *arguments: Any) -> Any:
        """Compile all loops that are not compiled yet, and run this one."""
        return compile_all()[name_of(self)](*arguments)
