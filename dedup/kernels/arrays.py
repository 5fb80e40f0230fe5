"""The arrays that compiled loops take: C-contiguous, of one axis, or of rows."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["I32", "I64", "U8", "U16", "U32", "U64", "Bools", "I64Rows", "U32Rows"]

Bools = NDArray[np.bool_]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U32Rows = np.ndarray[tuple[int, int], np.dtype[np.uint32]]
I64Rows = np.ndarray[tuple[int, int], np.dtype[np.int64]]
