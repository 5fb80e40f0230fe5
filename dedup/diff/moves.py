"""Tell what moved from what stayed.

Of all links between two texts the heaviest set whose order is the same in both
stayed; the rest moved. A move must be worth saying: a block under
:data:`MIN_MOVE_MASS` words, or under :data:`MIN_VERBATIM_MASS` if it moved word
for word, is coincidence (a repeated ``He declined to comment``), not a move.

References
----------
P. Heckel, "A technique for isolating differences between files", CACM 21(4),
1978, for blocks; the chain is the heaviest increasing subsequence.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dedup.kernels.thresholds import (
    MIN_MOVE_MASS,
    MIN_VERBATIM_MASS,
)

__all__ = ["MIN_MOVE_MASS", "MIN_VERBATIM_MASS", "Link", "find_blocks", "heaviest_chain"]


class Link(NamedTuple):
    """Sentence ``a`` of one text and sentence ``b`` of the other say the same."""

    a: int
    b: int


def heaviest_chain(links: Sequence[Link], masses: Sequence[float]) -> set[int]:
    """Return the indexes of the heaviest set of links in the same order in both.

    Parameters
    ----------
    links : Sequence[Link]
        In any order. Links that share a sentence do not cross each other.
    masses : Sequence[float]
        Words of both sides of each link.

    Notes
    -----
    O(n log n), by a tree of running maxima over the places in b.
    """
    order = sorted(range(len(links)), key=lambda index: links[index])
    places = {b: rank for rank, b in enumerate(sorted({link.b for link in links}), 1)}
    # best[rank] is (mass, last link) of the heaviest chain that ends at or before it
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    before = [-1] * len(links)
    for index in order:
        rank = places[links[index].b]
        mass, last = 0.0, -1
        at = rank
        while at:
            if best[at][0] > mass:
                mass, last = best[at]
            at &= at - 1
        before[index] = last
        mass += masses[index]
        at = rank
        while at < len(best):
            if mass > best[at][0]:
                best[at] = (mass, index)
            at += at & -at
    last = max(best)[1] if len(best) > 1 else -1
    chain: set[int] = set()
    while last >= 0:
        chain.add(last)
        last = before[last]
    return chain


def find_blocks(links: Sequence[Link], indexes: Sequence[int], gap: int) -> list[list[int]]:
    """Join links that travelled together into blocks.

    Parameters
    ----------
    links : Sequence[Link]
    indexes : Sequence[int]
        Which of the links to look at.
    gap : int
        How many sentences may stand between two links of a block, in either text.
    """
    blocks: list[list[int]] = []
    for index in sorted(indexes, key=lambda index: links[index]):
        if blocks:
            last = links[blocks[-1][-1]]
            step_a, step_b = links[index].a - last.a, links[index].b - last.b
            if 0 <= step_a <= gap + 1 and 0 <= step_b <= gap + 1:
                blocks[-1].append(index)
                continue
        blocks.append([index])
    return blocks
