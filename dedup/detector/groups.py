"""Groups of the very same body: compared once, written out for each article."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Groups", "WrittenOut"]

#: Pairs within a group, and between two, are all written out up to this many; beyond,
#: each member is paired with the first of its group, and the two firsts.
LARGEST_PRODUCT = 256


class WrittenOut(NamedTuple):
    """Pairs of articles; arrays of shape (m,).

    ``a``, ``b`` int32: ranks, the smaller first. ``rows`` int32: which of the k pairs of
    bodies each stands for. ``is_turned`` bool: that pair the other way round.
    ``unlisted``: how many pairs are not written out.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    rows: NDArray[np.int32]
    is_turned: NDArray[np.bool_]
    unlisted: int


class Groups:
    """Articles grouped by body.

    Parameters
    ----------
    same : int64 of shape (n,)
        The rank of the first article with the same body as each rank has.
    """

    def __init__(self, same: NDArray[np.int64]) -> None:
        # Group by group, its first in front.
        self._ranks = np.argsort(same, kind="stable").astype(np.int32)
        self._sizes = np.bincount(same, minlength=len(same)).astype(np.int32)
        self._starts = (np.cumsum(self._sizes) - self._sizes).astype(np.int32)

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
        whole = self._sizes[pairs].astype(np.int64)
        is_within = pairs[:, 0] == pairs[:, 1]
        products = whole[:, 0] * whole[:, 1]
        is_large = products > LARGEST_PRODUCT
        # Of a large group with itself the first with all; of two large ones both firsts.
        sizes = np.where(is_large[:, None], 1, whole)
        sizes[is_within, 1] = whole[is_within, 1]
        written = sizes[:, 0] * sizes[:, 1]
        rows = np.repeat(np.arange(len(pairs), dtype=np.int32), written)
        step = np.arange(len(rows)) - np.repeat(np.cumsum(written) - written, written)
        at_a, at_b = np.divmod(step, sizes[rows, 1])
        starts = self._starts[pairs]
        one = self._ranks[starts[rows, 0] + at_a].astype(np.int32)
        other = self._ranks[starts[rows, 1] + at_b].astype(np.int32)
        # A group with itself has each of its pairs twice, and each member with itself.
        chosen = ~is_within[rows] | (one < other)
        one, other = one[chosen], other[chosen]
        possible = np.where(is_within, (products - whole[:, 0]) // 2, products)
        return WrittenOut(
            np.minimum(one, other),
            np.maximum(one, other),
            rows[chosen],
            one > other,
            int(possible.sum()) - len(one),
        )
