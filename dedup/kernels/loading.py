"""Machine code into functions that Python calls, without numba.

A shared library is loaded by the system: a millisecond, little memory. Where no C
compiler was there to link one, llvmlite loads the object file: 60 ms, 45 MB.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["METHODS", "OBJECTS", "load_object", "load_shared"]

#: The two symbols that the code has for a loader: a table of ``PyMethodDef``, and a
#: table of objects that is to be filled.
METHODS, OBJECTS = "dedup_methods", "dedup_objects"
_OBJECTS = (np.ndarray, TypeError, None)


class _Method(ctypes.Structure):
    """``PyMethodDef``."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def load_shared(path: Path) -> dict[str, Callable[..., Any]]:
    """Return the functions of a shared library by name; it is trusted."""
    loaded = ctypes.CDLL(str(path))
    return _functions(
        ctypes.addressof(ctypes.c_void_p.in_dll(loaded, METHODS)),
        ctypes.addressof(ctypes.c_void_p.in_dll(loaded, OBJECTS)),
    )


def load_object(code: bytes) -> dict[str, Callable[..., Any]]:
    """Return the functions of an object file by name; it is trusted."""
    import llvmlite.binding as llvm

    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return _functions(
        engine.get_global_value_address(METHODS), engine.get_global_value_address(OBJECTS)
    )


@cache
def _engine() -> Any:  # llvmlite has no types
    """Return what keeps loaded code in memory, as long as the process lives."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def _functions(methods: int, objects: int) -> dict[str, Callable[..., Any]]:
    """Read the tables at these addresses."""
    (ctypes.c_void_p * len(_OBJECTS)).from_address(objects)[:] = [id(one) for one in _OBJECTS]
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype = ctypes.py_object
    new.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    found = {}
    size = ctypes.sizeof(_Method)
    while name := _Method.from_address(methods).name:
        found[name.decode()] = new(methods, None, None)
        methods += size
    return found
