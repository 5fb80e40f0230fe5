"""The arrays that compiled loops take: C-contiguous, of one axis, or of rows.

Spelled out: ``NDArray`` hides the dtype from the compiler where NumPy 2.5 or later
makes it an alias of Python's own kind.
"""

from typing import Any

import numpy as np

__all__ = [
    "F64", "I32", "I64", "U8", "U16", "U32", "U64", "Bools", "I64Rows", "U8Rows", "U32Rows",
    "U64Rows",
]  # fmt: skip

Bools = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
U8 = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
U16 = np.ndarray[tuple[Any, ...], np.dtype[np.uint16]]
U32 = np.ndarray[tuple[Any, ...], np.dtype[np.uint32]]
U64 = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]
I32 = np.ndarray[tuple[Any, ...], np.dtype[np.int32]]
F64 = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
I64 = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]
U8Rows = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
U32Rows = np.ndarray[tuple[int, int], np.dtype[np.uint32]]
U64Rows = np.ndarray[tuple[int, int], np.dtype[np.uint64]]
I64Rows = np.ndarray[tuple[int, int], np.dtype[np.int64]]
