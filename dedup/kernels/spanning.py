"""Links to connected components, as Kruskal's algorithm joins them."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I32, I64
from dedup.kernels.compiled import compiled

__all__ = ["span"]


def span(
    n: int, a: NDArray[np.int32], b: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Join n nodes by links, the strongest first.

    Parameters
    ----------
    a, b : int32 of shape (m,)
        The nodes that each link joins.

    Returns
    -------
    roots : int32 of shape (n,)
        The smallest node of each one's component.
    last : int64 of shape (n,)
        For each root, the last link that was needed to connect its component;
        -1 for nodes alone.
    """
    roots = np.arange(n, dtype=np.int32)
    last = np.full(n, -1, np.int64)
    _span(a, b, roots, last)
    return roots, last


@compiled
def _root(parents, node):
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@compiled
def _span(a: I32, b: I32, parents: I32, last: I64) -> None:
    for link in range(len(a)):
        one, other = _root(parents, a[link]), _root(parents, b[link])
        if one != other:
            low, high = min(one, other), max(one, other)
            parents[high] = low
            last[low] = link
    for node in range(len(parents)):
        parents[node] = _root(parents, node)
