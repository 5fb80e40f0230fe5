"""Groups of the very same body: compared once, written out for each article."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Groups", "WrittenOut"]

#: Pairs between two groups are all written up to this many; beyond, each member
#: is paired with the first of the other group.
LARGEST_PRODUCT = 4096


class WrittenOut(NamedTuple):
    """Pairs of articles; arrays of shape (m,).

    ``a``, ``b`` int32: ranks, the smaller first. ``rows`` int32: which of the k pairs of
    bodies each stands for. ``is_turned`` bool: that pair the other way round.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    rows: NDArray[np.int32]
    is_turned: NDArray[np.bool_]


class Groups:
    """Articles grouped by body.

    Parameters
    ----------
    same : int64 of shape (n,)
        The rank of the first article with the same body as each rank has.
    """

    def __init__(self, same: NDArray[np.int64]) -> None:
        self._ranks = np.argsort(same, kind="stable")  # group by group, its first in front
        self._sizes = np.bincount(same, minlength=len(same))
        self._starts = np.cumsum(self._sizes) - self._sizes

    @property
    def twins(self) -> NDArray[np.int64]:
        """A pair (first, first) for each group of several; shape (k, 2)."""
        several = np.flatnonzero(self._sizes > 1)
        return np.stack((several, several), axis=1)

    def write_out(self, pairs: NDArray[np.int64]) -> WrittenOut:
        """Return the pairs of articles that pairs of bodies stand for.

        Parameters
        ----------
        pairs : int64 of shape (k, 2)
            Of the first ranks of groups; twice the same for the pairs within one.
        """
        sizes = self._sizes[pairs]
        products = sizes[:, 0] * sizes[:, 1]
        is_star = products > LARGEST_PRODUCT
        written = np.where(is_star, sizes.sum(axis=1) - 1, products)
        rows = np.repeat(np.arange(len(pairs), dtype=np.int32), written)
        step = np.arange(len(rows)) - np.repeat(np.cumsum(written) - written, written)
        size_b = sizes[rows, 1]
        at_a, at_b = np.divmod(step, size_b)
        # A star: the first of a with all of b, then the others of a with the first of b.
        is_ray, is_first = is_star[rows], step < size_b
        at_a = np.where(is_ray, np.where(is_first, 0, step - size_b + 1), at_a)
        at_b = np.where(is_ray, np.where(is_first, step, 0), at_b)
        starts = self._starts[pairs]
        one = self._ranks[starts[rows, 0] + at_a].astype(np.int32)
        other = self._ranks[starts[rows, 1] + at_b].astype(np.int32)
        # A group with itself has each of its pairs twice, and each member with itself.
        chosen = (pairs[rows, 0] != pairs[rows, 1]) | (one < other)
        one, other = one[chosen], other[chosen]
        return WrittenOut(np.minimum(one, other), np.maximum(one, other), rows[chosen], one > other)
