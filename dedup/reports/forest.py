"""What a tighter threshold would change: the links that hold clusters together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.match import RELATIONS, Matches, Relation

__all__ = ["MEASURES", "STEPS", "Bin", "SpanningLinks", "bins", "spanning_links"]

#: Steps of the threshold: hundredths.
STEPS = 100
#: Shares are compared in ten-thousandths, cut off, so that k hundredths are exact.
_FINE = 10_000

Measure = Callable[[Matches], NDArray[np.float64]]
#: What a threshold can be put on, by name.
MEASURES: Mapping[str, Measure] = {
    "resemblance": lambda matches: matches.resemblances,
    "coverage": lambda matches: matches.strengths,
}


class SpanningLinks(NamedTuple):
    """Links that hold clusters together: two articles each, the share in ten-thousandths."""

    a: list[int]
    b: list[int]
    share: list[int]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs whose share is at least ``start`` hundredths and below the next bin's."""

    start: int
    counts: Mapping[Relation, int]

    @property
    def total(self) -> int:
        """Pairs of all relations."""
        return sum(self.counts.values())


def bins(matches: Matches, measure: Measure, *, width: int = 2) -> tuple[Bin, ...]:
    """Count pairs by share and relation.

    Parameters
    ----------
    width : int
        Of a bin, in hundredths. The last bin holds 1.0 as well, unless the bins
        are as narrow as a step of the threshold: then 1.0 has its own.
    """
    last = STEPS if width == 1 else (STEPS - 1) // width
    places = np.minimum(_fine(measure(matches)) * STEPS // _FINE // width, last)
    cells = places * len(RELATIONS) + matches.relations
    table = np.bincount(cells, minlength=(last + 1) * len(RELATIONS))
    return tuple(
        Bin(
            place * width,
            {relation: n for relation, n in zip(RELATIONS, counts, strict=True) if n},
        )
        for place, counts in enumerate(table.reshape(last + 1, -1).tolist())
    )


def spanning_links(matches: Matches, numbers: Mapping[str, int], measure: Measure) -> SpanningLinks:
    """Return a maximum spanning forest of the pairs.

    At any threshold the pairs at or above it connect the same articles as the
    forest's links at or above it do; there are fewer links than articles.

    Parameters
    ----------
    numbers : Mapping[str, int]
        A number from 0 on for each article.

    References
    ----------
    J. B. Kruskal, "On the shortest spanning subtree of a graph", 1956.
    """
    names, a, b = matches.named_ends()
    numbered = np.array([numbers[one] for one in names], np.int64)
    a, b = numbered[a], numbered[b]
    shares = _fine(measure(matches))
    order = np.lexsort((b, a, -shares))
    return _kruskal(len(numbers), a[order].tolist(), b[order].tolist(), shares[order].tolist())


def _kruskal(n: int, a: list[int], b: list[int], shares: list[int]) -> SpanningLinks:
    parents = list(range(n))
    forest = SpanningLinks([], [], [])
    for one, other, share in zip(a, b, shares, strict=True):
        root, second = one, other
        while parents[root] != root:
            parents[root] = root = parents[parents[root]]
        while parents[second] != second:
            parents[second] = second = parents[parents[second]]
        if root != second:
            parents[max(root, second)] = min(root, second)
            forest.a.append(one)
            forest.b.append(other)
            forest.share.append(share)
    return forest


def _fine(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    # 0.29 * 10000 is a hair under 2900; a share is k hundredths or is clearly not.
    return (shares * _FINE + 1e-6).astype(np.int64)
