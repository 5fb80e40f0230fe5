"""Verified pairs to clusters, each with one representative."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.cluster.keep import check_keep, keep_ranks
from dedup.cluster.members import Members
from dedup.errors import ArgumentError
from dedup.match import Match, Matches

__all__ = ["LINKAGES", "ROW_KEYS", "Cluster", "check_linkage", "connect"]

#: The keys of a row of a clusters file, in their order.
ROW_KEYS = ("cluster", "representative", "members", "weakest")

LINKAGES = ("components", "representative")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that are duplicates of each other.

    Attributes
    ----------
    id : str
        The smallest of the members' ids.
    representative : str
        The id of the member to keep.
    members : tuple[str, ...]
        All ids, the representative first, then sorted.
    weakest : Match
        The link on which the cluster hangs: without pairs as weak as it, or
        weaker, the cluster would fall apart.
    archived : tuple[str, ...]
        The members that an archive has already, sorted; none in a run without one.
    """

    id: str
    representative: str
    members: tuple[str, ...]
    weakest: Match
    archived: tuple[str, ...] = ()

    def as_row(self) -> dict[str, object]:
        """Return the row of a clusters file; keys are fixed."""
        link = self.weakest.as_row()
        weakest = {
            key: link[key]
            for key in ("a", "b", "relation", "resemblance", "containment_ab", "containment_ba")
        }
        return {
            "cluster": self.id,
            "representative": self.representative,
            "members": list(self.members),
            "weakest": {**weakest, "coverage": round(self.weakest.strength, 4)},
        }


def connect(
    matches: Matches,
    members: Members,
    *,
    keep: str = "earliest",
    linkage: str = "components",
    seniority: Mapping[str, tuple[object, ...]] | None = None,
) -> list[Cluster]:
    """Cluster the pairs that are duplicates.

    Time is that of sorting the pairs.

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
    list[Cluster]
        Largest first, then by id.
    """
    check_linkage(linkage)
    check_keep(keep)
    senior = seniority or {}
    links = _strongest_first(matches.select(matches.is_duplicate), senior)
    ids, ranks = links.ids, _ranks(links, members, keep, senior)
    found = _components(links)
    if linkage == "representative":
        found = _around_representatives(links, found, ranks)
    parts = list(found)
    clusters = []
    weakest = links.select(np.array([link for _, link in parts], np.int64))
    for (nodes, _), link in zip(parts, weakest, strict=True):
        kept = min(nodes, key=ranks.__getitem__)
        others = (ids[node] for node in nodes if node != kept)
        clusters.append(Cluster(ids[nodes[0]], ids[kept], (ids[kept], *others), link))
    return sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.id))


def check_linkage(linkage: str) -> None:
    """Raise ArgumentError for a word that is none of ``LINKAGES``."""
    if linkage not in LINKAGES:
        raise ArgumentError(f"linkage is {linkage!r}: use one of {', '.join(LINKAGES)}")


#: Nodes in the order of their ids, and the place of the link they hang on.
_Part = tuple[list[int], int]


def _strongest_first(links: Matches, senior: Mapping[str, object]) -> Matches:
    is_new = np.ones(len(links), np.bool_)
    if senior:
        is_senior = np.array([one in senior for one in links.ids], np.bool_)
        is_new = ~(is_senior[links.a] & is_senior[links.b])
    return links.select(np.lexsort((links.b, links.a, -links.strengths, is_new)))


def _ranks(
    links: Matches, members: Members, keep: str, senior: Mapping[str, tuple[object, ...]]
) -> dict[int, int]:
    """Return the rank of each node in the order in which they are best kept."""
    nodes = links.involved_places.tolist()
    old = sorted((node for node in nodes if links.ids[node] in senior),
                 key=lambda node: senior[links.ids[node]])  # fmt: skip
    new = [node for node in nodes if links.ids[node] not in senior]
    ranks = keep_ranks(members.columns([links.ids[node] for node in new]), keep) + len(old)
    return dict(zip(old, range(len(old)), strict=True)) | dict(
        zip(new, ranks.tolist(), strict=True)
    )


def _components(links: Matches) -> Iterator[_Part]:
    if len(links) == 0:
        return
    from dedup.kernels.spanning import span

    roots, last = span(len(links.ids), links.a, links.b)
    nodes = links.involved_places
    nodes = nodes[np.argsort(roots[nodes], kind="stable")]
    starts = np.flatnonzero(np.diff(roots[nodes], prepend=-1))
    for part in np.split(nodes, starts[1:]):
        yield part.tolist(), int(last[part[0]])


def _around_representatives(
    links: Matches, parts: Iterator[_Part], ranks: Mapping[int, int]
) -> Iterator[_Part]:
    """Yield stars: what is linked to the node to keep, then the same of the rest."""
    partners = _partners(links.a, links.b)
    for nodes, _ in parts:
        free = dict.fromkeys(sorted(nodes, key=ranks.__getitem__))
        while free:
            kept = next(iter(free))
            del free[kept]
            joined = {one: link for one, link in partners[kept].items() if one in free}
            for one in joined:
                del free[one]
            if joined:
                yield sorted([kept, *joined]), max(joined.values())


def _partners(a: NDArray[np.int32], b: NDArray[np.int32]) -> Mapping[int, dict[int, int]]:
    """Return the links of each node, by the node at their other end."""
    partners: dict[int, dict[int, int]] = defaultdict(dict)
    for link, (one, other) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        partners[one][other] = partners[other][one] = link
    return partners
