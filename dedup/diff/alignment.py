"""Links found so far between the sentences of two texts, and their order."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from dedup.diff.moves import Link, heaviest_chain
from dedup.diff.sentences import Sentence

__all__ = ["Alignment", "Chain", "Rank"]


class Rank(Enum):
    """Whether a sentence may be linked.

    What the markup of a page puts outside its main text may be linked too, but not
    with what is outside the other's.
    """

    BODY = "body"
    DOUBTFUL = "doubtful"
    OUTSIDE = "outside"
    CHROME = "chrome"


class Alignment:
    """Links found so far, and what may still be linked.

    Sentences of either text have at most one link, except that a group of
    neighbours may share one sentence of the other text (a merge or a split).
    """

    def __init__(
        self,
        a: Sequence[Sentence],
        b: Sequence[Sentence],
        rank_a: Sequence[Rank],
        rank_b: Sequence[Rank],
    ) -> None:
        self.a = a
        self.b = b
        self.of_a: dict[int, list[int]] = {}
        self.of_b: dict[int, list[int]] = {}
        self.free_a = [rank == Rank.BODY for rank in rank_a]
        self.free_b = [rank == Rank.BODY for rank in rank_b]
        self.limits: list[str] = []

    def link(self, i: int, j: int) -> None:
        """Link two sentences."""
        if i in self.of_a or j in self.of_b:
            insort(self.of_a.setdefault(i, []), j)
            insort(self.of_b.setdefault(j, []), i)
        else:
            self.of_a[i], self.of_b[j] = [j], [i]
        self.free_a[i] = self.free_b[j] = False

    def unlink(self, i: int, j: int) -> None:
        """Give a link up; both sentences are free again unless linked otherwise."""
        self.of_a[i].remove(j)
        self.of_b[j].remove(i)
        if not self.of_a[i]:
            del self.of_a[i]
            self.free_a[i] = True
        if not self.of_b[j]:
            del self.of_b[j]
            self.free_b[j] = True

    def links(self) -> list[Link]:
        """Return all links in the order of a."""
        return [Link(i, j) for i in sorted(self.of_a) for j in self.of_a[i]]

    def mass(self, link: Link) -> float:
        """Return the words of both sides of a link, shared out in a group."""
        mass_a = self.a[link.a].mass / len(self.of_a[link.a])
        return mass_a + self.b[link.b].mass / len(self.of_b[link.b])

    def stayed(self, links: Sequence[Link]) -> set[int]:
        """Return the indexes of the links, in the order of a, that did not move."""
        if all(first.b <= second.b for first, second in pairwise(links)):
            return set(range(len(links)))
        return heaviest_chain(links, [self.mass(link) for link in links])


class Chain:
    """The order found so far, to ask whether a further pair fits it."""

    def __init__(self, found: Alignment) -> None:
        links = found.links()
        kept = found.stayed(links)
        self._a = [link.a for index, link in enumerate(links) if index in kept]
        self._b = [link.b for index, link in enumerate(links) if index in kept]

    def fits(self, i: int, j: int) -> bool:
        """Whether linking sentence i of a and j of b crosses nothing."""
        at = bisect_left(self._a, i)
        after = self._b[at] if at < len(self._b) else j + 1
        before = self._b[at - 1] if at else -1
        return before <= j <= after

    def add(self, i: int, j: int) -> None:
        """Take a link into the order, if it fits."""
        if self.fits(i, j):
            at = bisect_left(self._a, i)
            self._a.insert(at, i)
            self._b.insert(at, j)

    def gaps(self, size_a: int, size_b: int) -> list[tuple[range, range]]:
        """Return the stretches of both texts between two links of the chain."""
        ends = zip(
            [-1, *self._a], [-1, *self._b], [*self._a, size_a], [*self._b, size_b], strict=True
        )
        return [(range(a + 1, next_a), range(b + 1, next_b)) for a, b, next_a, next_b in ends]
