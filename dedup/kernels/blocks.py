"""Sixty-four bytes at a time: what loops over text look at at once."""

import numpy as np

from dedup.kernels.compiled import inlined, instruction

__all__ = ["WIDTH", "bytes_between", "bytes_like", "copy_block", "load_eight", "trailing_zeros"]

#: Bytes of a block; so many are readable behind the last that is looked at.
WIDTH = 64


@instruction("load_eight")
def load_eight(buffer, index):
    """Return the eight bytes from index on as a little-endian uint64."""
    return np.uint64(int.from_bytes(bytes(buffer[index : index + 8]), "little"))


@instruction("trailing_zeros")
def trailing_zeros(value):
    """Return the number of zero bits below the lowest one, as uint64; 64 if there is none."""
    return np.uint64((int(value) & -int(value)).bit_length() - 1 if value else 64)


@instruction("bytes_between")
def bytes_between(buffer, index, low, high):
    """Return a bit for each of 64 bytes from index on: whether it is low to high."""
    block = buffer[index : index + 64]
    return np.packbits((block >= low) & (block <= high), bitorder="little").view(np.uint64)[0]


@instruction("copy_block")
def copy_block(target, at, buffer, index):
    """Copy 64 bytes from index on to another array, from at on."""
    target[at : at + 64] = buffer[index : index + 64]


@inlined
def bytes_like(buffer, index, byte):
    """Return a bit for each of 64 bytes from index on: whether it is this one."""
    return bytes_between(buffer, index, byte, byte)
