"""Copy parts of a large array."""

import numba

__all__ = ["gather"]


@numba.njit(cache=True, nogil=True)
def gather(whole, starts, places, out):
    """Copy the part from ``starts[i]`` on to ``out[places[i]:places[i + 1]]``, for each i."""
    for part in range(len(starts)):
        start = starts[part] - places[part]
        for i in range(places[part], places[part + 1]):
            out[i] = whole[start + i]
