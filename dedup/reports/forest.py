"""What a tighter threshold would change: the links that hold clusters together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.match import Match, Relation

__all__ = ["MEASURES", "STEPS", "Bin", "Link", "bins", "spanning_links"]

#: Steps of the threshold: hundredths.
STEPS = 100
#: Shares are compared in ten-thousandths, cut off, so that k hundredths are exact.
_FINE = 10_000

Measure = Callable[[Match], float]
#: What a threshold can be put on, by name.
MEASURES: Mapping[str, Measure] = {
    "resemblance": lambda match: match.resemblance,
    "coverage": lambda match: match.strength,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link that holds a cluster together, with its share in ten-thousandths."""

    a: int
    b: int
    share: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs whose share is at least ``start`` hundredths and below the next bin's."""

    start: int
    counts: Mapping[Relation, int]

    @property
    def total(self) -> int:
        """Pairs of all relations."""
        return sum(self.counts.values())


def bins(matches: Iterable[Match], measure: Measure, *, width: int = 2) -> tuple[Bin, ...]:
    """Count pairs by share and relation.

    Parameters
    ----------
    width : int
        Of a bin, in hundredths. The last bin holds 1.0 as well, unless the bins
        are as narrow as a step of the threshold: then 1.0 has its own.
    """
    last = STEPS if width == 1 else (STEPS - 1) // width
    counts: list[dict[Relation, int]] = [{} for _ in range(last + 1)]
    for match in matches:
        place = min(_fine(measure(match)) * STEPS // _FINE // width, last)
        counts[place][match.relation] = counts[place].get(match.relation, 0) + 1
    return tuple(Bin(place * width, found) for place, found in enumerate(counts))


def spanning_links(
    matches: Iterable[Match], numbers: Mapping[str, int], measure: Measure
) -> list[Link]:
    """Return a maximum spanning forest of the pairs.

    At any threshold the pairs at or above it connect the same articles as the
    forest's links at or above it do; there are fewer links than articles.

    Parameters
    ----------
    numbers : Mapping[str, int]
        A number for each article.

    References
    ----------
    J. B. Kruskal, "On the shortest spanning subtree of a graph", 1956.
    """
    ranked = sorted(
        (Link(numbers[m.a], numbers[m.b], _fine(measure(m))) for m in matches),
        key=lambda link: (-link.share, link.a, link.b),
    )
    return _kruskal(ranked)


def _kruskal(ranked: Sequence[Link]) -> list[Link]:
    parents: dict[int, int] = {}

    def find(one: int) -> int:
        while (above := parents.setdefault(one, one)) != one:
            parents[one] = parents.setdefault(above, above)
            one = above
        return one

    forest = []
    for link in ranked:
        a, b = find(link.a), find(link.b)
        if a != b:
            parents[max(a, b)] = min(a, b)
            forest.append(link)
    return forest


def _fine(share: float) -> int:
    # 0.29 * 10000 is a hair under 2900; a share is k hundredths or is clearly not.
    return int(share * _FINE + 1e-6)
