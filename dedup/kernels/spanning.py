"""Links to connected components, as Kruskal's algorithm joins them."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I32, I64, Bools
from dedup.kernels.compiled import compiled

__all__ = ["Forest", "stars"]


class Forest:
    """Components of n nodes that links join, the strongest first; 12 bytes a node.

    Attributes
    ----------
    last : int64 of shape (n,)
        For the smallest node of each component the number of the last link that was
        needed to connect it; -1 for nodes alone.
    """

    def __init__(self, n: int) -> None:
        self._parents = np.arange(n, dtype=np.int32)
        self.last = np.full(n, -1, np.int64)

    def join(self, a: NDArray[np.int32], b: NDArray[np.int32], numbers: NDArray[np.int64]) -> None:
        """Join nodes by links, in their order.

        Parameters
        ----------
        a, b : int32 of shape (m,)
            The nodes that each link joins.
        numbers : int64 of shape (m,)
            By which each is known.
        """
        _join(a, b, numbers, self._parents, self.last)

    def are_apart(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Say of each link whether it joins what is not connected yet."""
        found = np.empty(len(a), np.bool_)
        _are_apart(a, b, self._parents, found)
        return found

    def roots(self) -> NDArray[np.int32]:
        """Return the smallest node of each one's component; shape (n,)."""
        _settle(self._parents)
        return self._parents


def stars(
    nodes: NDArray[np.int32],
    starts: NDArray[np.int64],
    partners: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Join each node, in an order, with its partners that are free; those are not after it.

    Parameters
    ----------
    nodes : int32 of shape (k,)
        In the order in which they take partners.
    starts : int64 of shape (n + 1,)
        Where the partners of each node start.
    partners : int32 of shape (m,)

    Returns
    -------
    centres : int32 of shape (n,)
        The node that took each one, or itself.
    places : int64 of shape (n,)
        Where, among the partners, each one taken stands; -1 for the others.
    """
    centres = np.arange(len(starts) - 1, dtype=np.int32)
    places = np.full(len(centres), -1, np.int64)
    _stars(nodes, starts, partners, centres, places, np.ones(len(centres), np.bool_))
    return centres, places


@compiled
def _root(parents, node):
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@compiled
def _join(a: I32, b: I32, numbers: I64, parents: I32, last: I64) -> None:
    for link in range(len(a)):
        one, other = _root(parents, a[link]), _root(parents, b[link])
        if one != other:
            low, high = min(one, other), max(one, other)
            parents[high] = low
            last[low] = numbers[link]


@compiled
def _are_apart(a: I32, b: I32, parents: I32, found: Bools) -> None:
    for link in range(len(a)):
        found[link] = _root(parents, a[link]) != _root(parents, b[link])


@compiled
def _settle(parents: I32) -> None:
    for node in range(len(parents)):
        parents[node] = _root(parents, node)


@compiled
def _stars(
    nodes: I32, starts: I64, partners: I32, centres: I32, places: I64, is_free: Bools
) -> None:
    for node in nodes:
        if is_free[node]:
            is_free[node] = False
            for place in range(starts[node], starts[node + 1]):
                other = partners[place]
                if is_free[other]:
                    is_free[other] = False
                    centres[other] = node
                    places[other] = place
