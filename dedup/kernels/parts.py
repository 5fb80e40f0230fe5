"""Parts of a file into one array, without the interpreter between them."""

import os

from dedup.kernels.arrays import I64, U8
from dedup.kernels.compiled import compiled, instruction

__all__ = ["read_parts"]


@instruction("read_at")
def read_at(file, target, start, end, at):
    """Read from the file's byte at on into bytes start to end of an array, as ``pread``.

    Returns how many bytes were read; less than 0 where the system refused.
    """
    try:
        return os.preadv(file, [target[start:end]], at)
    except OSError:
        return -1


@compiled
def read_parts(file: int, target: U8, ends: I64, starts: I64, first: int) -> int:
    """Fill an array with parts of a file, from one on.

    Parameters
    ----------
    file : int
        Open, by its number.
    ends : int64 of shape (n + 1,)
        Where in the array the first part starts, and where each ends.
    starts : int64 of shape (n,)
        Where in the file each part starts.

    Returns
    -------
    int
        The first part that was not read whole; n if all were.
    """
    for part in range(first, len(starts)):
        start, end = ends[part], ends[part + 1]
        if end > start and read_at(file, target, start, end, starts[part]) != end - start:
            return part
    return len(starts)
