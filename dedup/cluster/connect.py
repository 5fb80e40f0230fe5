"""Verified pairs to clusters, each with one representative."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dedup.cluster.clusters import Clusters
from dedup.cluster.joining import LINK_BYTES, Parts, around_centres, components
from dedup.cluster.keep import check_keep, keep_ranks
from dedup.cluster.members import Members
from dedup.errors import ArgumentError
from dedup.match import Matches
from dedup.match.columns import ids_at, is_waiting

__all__ = ["LINKAGES", "check_linkage", "connect", "linkage_bytes"]

LINKAGES = ("components", "representative")


def connect(
    matches: Matches,
    members: Members,
    *,
    keep: str = "earliest",
    linkage: str = "components",
    seniority: Mapping[str, tuple[object, ...]] | None = None,
) -> Clusters:
    """Cluster the pairs that are duplicates.

    Time is linear in the pairs, and that of sorting those that connect.

    Parameters
    ----------
    members : Members
        Every id of a match is there that has no seniority.
    keep : str
        See :func:`~dedup.cluster.keep.keep_ranks`.
    linkage : str
        ``components``: whatever is connected. ``representative``: members are
        duplicates of the representative itself, so that no chain of revisions
        glues what its ends do not share; the rest is clustered among itself.
    seniority : Mapping[str, tuple] | None
        Members that are kept before all others, whatever ``keep`` says, by id: the
        one with the least of these first. What connects two of them is taken as given:
        a cluster hangs on its weakest link with another, if it has one.

    Returns
    -------
    Clusters
        Largest first, then by id.
    """
    check_linkage(linkage)
    check_keep(keep)
    senior = seniority or {}
    links = _by_rank(matches)
    is_senior = np.empty(0, np.bool_)
    if senior:
        is_senior = np.array([one in senior for one in links.ids], np.bool_)
    parts = components(links, is_senior)
    ranks = _ranks(links, members, keep, senior, np.sort(parts.nodes))
    if linkage == "representative":
        parts = around_centres(links, is_senior, ranks)
    return _clusters(links, parts, ranks)


def linkage_bytes(matches: Matches, linkage: str) -> int:
    """Return about how much memory a linkage takes besides what each takes for an article."""
    if linkage == "components":
        return 0
    return LINK_BYTES * sum(int(some.is_duplicate.sum()) for some in matches.verdicts())


def check_linkage(linkage: str) -> None:
    """Raise ArgumentError for a word that is none of ``LINKAGES``."""
    if linkage not in LINKAGES:
        raise ArgumentError(f"linkage is {linkage!r}: use one of {', '.join(LINKAGES)}")


def _by_rank(matches: Matches) -> Matches:
    """Return the matches by a, then by b, as those that wait are."""
    if is_waiting(matches.columns["a"]):
        return matches
    a, b = matches.a, matches.b
    if ((a[1:] > a[:-1]) | ((a[1:] == a[:-1]) & (b[1:] > b[:-1]))).all():
        return matches
    return matches.select(np.lexsort((b, a)))


def _ranks(
    links: Matches,
    members: Members,
    keep: str,
    senior: Mapping[str, tuple[object, ...]],
    nodes: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Return the rank of each node in the order in which they are best kept.

    Parameters
    ----------
    nodes : int32 of shape (k,)
        Those that are in clusters, ascending; the ranks of others are behind.
    """
    ranks = np.full(len(links.ids), len(nodes), np.int64)
    if senior:
        ids = ids_at(links.ids, nodes)
        old = sorted((i for i, one in enumerate(ids) if one in senior),
                     key=lambda i: senior[ids[i]])  # fmt: skip
        is_new = np.ones(len(nodes), np.bool_)
        is_new[old] = False
        ranks[nodes[old]] = np.arange(len(old))
        nodes = nodes[is_new]
        start = len(old)
    else:
        start = 0
    ranks[nodes] = keep_ranks(members.columns(members.places(links.ids, nodes)), keep) + start
    return ranks


def _clusters(links: Matches, parts: Parts, ranks: NDArray[np.int64]) -> Clusters:
    """Return the parts as clusters, in their order."""
    starts = parts.starts[:-1]
    sizes = np.diff(parts.starts)
    if len(sizes) == 0:
        return Clusters(links.ids, parts, parts.nodes, links.select(parts.links))
    firsts = parts.nodes[starts]
    best = np.minimum.reduceat(ranks[parts.nodes], starts)
    kept = parts.nodes[ranks[parts.nodes] == np.repeat(best, sizes)]
    order = np.lexsort((firsts, -sizes))
    lengths = sizes[order]
    ends = np.cumsum(lengths)
    shifts = np.repeat(starts[order] - (ends - lengths), lengths)
    nodes = parts.nodes[np.arange(len(parts.nodes)) + shifts]
    ordered = Parts(nodes, np.concatenate(([0], ends)), parts.links[order])
    return Clusters(links.ids, ordered, kept[order], links.select(ordered.links))
