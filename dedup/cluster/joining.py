"""Links to the parts that they connect, the strongest first."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.spanning import Forest, stars
from dedup.match import Matches
from dedup.match.columns import is_waiting
from dedup.match.stretches import Links

__all__ = ["LINK_BYTES", "Parts", "around_centres", "components"]

#: So many links are put in order at once, where memory is scarce.
_LINKS_AT_ONCE = 1 << 21
#: What :func:`around_centres` takes for each link: it has all of them in memory, in order.
LINK_BYTES = 80
#: Strengths are counted in so many ranges, and links wait in so many files at the most.
_RANGES, _FILES = 1 << 14, 64
_NO_LINK = Links(
    np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float64)
)


class Parts(NamedTuple):
    """Nodes that belong together, k groups of two or more.

    ``nodes`` int32: group by group, each in the order of its nodes; ``starts`` int64 of shape
    (k + 1,): where each group starts; ``links`` int64 of shape (k,): the match that each
    hangs on.
    """

    nodes: NDArray[np.int32]
    starts: NDArray[np.int64]
    links: NDArray[np.int64]


def components(
    matches: Matches, is_senior: NDArray[np.bool_], *, links_at_once: int = _LINKS_AT_ONCE
) -> Parts:
    """Return what the duplicates connect.

    Takes 24 bytes a node, and of the links only some that are not known to be
    superfluous, while the others wait where the matches do.

    Parameters
    ----------
    matches : Matches
        By a, then by b.
    is_senior : bool of shape (n,), or of none
        What connects two of these is taken as given: it is joined first.
    links_at_once : int
        Of matches that wait so many are put in order at once; the result is the same.
    """
    forest = Forest(len(matches.ids))
    if len(is_senior):
        for is_given in (True, False):
            chosen = partial(_is_between, is_senior, is_given=is_given)
            _join(forest, matches, chosen, links_at_once)
    else:
        _join(forest, matches, None, links_at_once)
    return _grouped(forest.roots(), forest.last)


def around_centres(
    matches: Matches, is_senior: NDArray[np.bool_], ranks: NDArray[np.int64]
) -> Parts:
    """Return stars: what is linked to the node to keep, then the same of the rest.

    Takes about ``LINK_BYTES`` a link.

    Parameters
    ----------
    matches, is_senior
        As for :func:`components`.
    ranks : int64 of shape (n,)
        The place of each node in the order in which they are best kept.
    """
    links = _joined(matches.links())
    n, m = len(ranks), len(links.a)
    ends = np.concatenate((links.a, links.b))
    order = np.argsort(ends, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=n))))
    partners = np.concatenate((links.b, links.a))[order]
    by_rank = np.argsort(ranks, kind="stable").astype(np.int32)
    centres, places = stars(by_rank, starts, partners)
    taken = np.flatnonzero(places >= 0)
    own = links.chosen(order[places[taken]] % m) if m else links
    is_new = np.ones(len(taken), np.bool_)
    if len(is_senior):
        is_new = ~(is_senior[own.a] & is_senior[own.b])
    last_last = np.lexsort((own.numbers, -own.strengths, is_new, centres[taken]))
    weakest = np.full(n, -1, np.int64)
    weakest[centres[taken[last_last]]] = own.numbers[last_last]  # of several the last stays
    return _grouped(centres, weakest)


def _grouped(roots: NDArray[np.int32], last: NDArray[np.int64]) -> Parts:
    """Return the nodes group by group, leaving out those alone.

    Parameters
    ----------
    roots : int32 of shape (n,)
        One node of each one's group.
    last : int64 of shape (n,)
        Of that node the link that the group hangs on; -1 for nodes alone.
    """
    nodes = np.flatnonzero(last[roots] >= 0).astype(np.int32)
    nodes = nodes[np.argsort(roots[nodes], kind="stable")]
    starts = np.flatnonzero(np.diff(roots[nodes], prepend=-1))
    return Parts(nodes, np.append(starts, len(nodes)), last[roots[nodes[starts]]])


def _join(
    forest: Forest,
    matches: Matches,
    chosen: Callable[[Links], NDArray[np.bool_]] | None,
    links_at_once: int,
) -> None:
    """Join the chosen links, the strongest first, those equally strong by number."""
    is_held = not is_waiting(matches.columns["a"])
    counts, rest = np.zeros(_RANGES, np.int64), [_NO_LINK]
    for links in _chosen(matches.links(), chosen):
        is_whole = links.strengths == 1.0
        whole = links.chosen(is_whole)
        forest.join(whole.a, whole.b, whole.numbers)
        # Most are between what stronger ones have connected.
        others = _apart(forest, links.chosen(~is_whole))
        if is_held:
            rest.append(others)
        else:
            counts += np.bincount(_range_of(others.strengths), minlength=_RANGES)
    if is_held or counts.sum() <= links_at_once:
        if not is_held:
            rest = [_apart(forest, links) for links in _chosen(matches.links(), chosen)]
        _join_in_order(forest, _joined(rest))
        return
    waiting = _Waiting(matches, counts, links_at_once)
    for links in _chosen(matches.links(), chosen):
        waiting.add(_apart(forest, links))
    for links in waiting.strongest_first():
        _join_in_order(forest, links)


def _is_between(is_senior: NDArray[np.bool_], links: Links, *, is_given: bool) -> NDArray[np.bool_]:
    """Say of each link whether it joins two seniors, or does not."""
    chosen: NDArray[np.bool_] = (is_senior[links.a] & is_senior[links.b]) == is_given
    return chosen


def _chosen(
    stretches: Iterable[Links], chosen: Callable[[Links], NDArray[np.bool_]] | None
) -> Iterator[Links]:
    for links in stretches:
        yield links if chosen is None else links.chosen(chosen(links))


def _apart(forest: Forest, links: Links) -> Links:
    return links.chosen(forest.are_apart(links.a, links.b))


def _joined(parts: Iterable[Links]) -> Links:
    columns = zip(*[_NO_LINK, *parts], strict=True)
    return Links(*(np.concatenate(column) for column in columns))


def _join_in_order(forest: Forest, links: Links) -> None:
    links = _apart(forest, links)
    links = links.chosen(np.argsort(-links.strengths, kind="stable"))
    forest.join(links.a, links.b, links.numbers)


def _range_of(strengths: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which range each strength is in: 0 for the strongest."""
    ranges: NDArray[np.int64] = ((1.0 - strengths) * _RANGES).astype(np.int64)
    return np.clip(ranges, 0, _RANGES - 1)


class _Waiting:
    """Links that wait beside the matches, by strength.

    Parameters
    ----------
    counts : int64
        How many there are at the most in each range of strengths.
    """

    def __init__(self, matches: Matches, counts: NDArray[np.int64], links_at_once: int) -> None:
        files = min(-(-int(counts.sum()) // links_at_once), _FILES)
        ends = np.cumsum(counts)
        #: In which file the links of each range are.
        self._file_of = (ends - counts) * files // max(int(ends[-1]), 1)
        beside = matches.columns["a"]
        dtypes = [column.dtype.type for column in _NO_LINK]
        self._files: list[list[Any]] = [
            [beside.sibling(dtype) for dtype in dtypes] for _ in range(files)
        ]

    def add(self, links: Links) -> None:
        """Add links; a later call has later numbers."""
        files = self._file_of[_range_of(links.strengths)]
        for number, columns in enumerate(self._files):
            for column, items in zip(columns, links.chosen(files == number), strict=True):
                column.append(items)

    def strongest_first(self) -> Iterator[Links]:
        """Yield them by ranges of strength, giving the disk space back."""
        for columns in self._files:
            yield Links(*(column.read(0, len(column)) for column in columns))
            for column in columns:
                column.close()
