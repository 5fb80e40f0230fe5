"""Verified pairs to clusters, each with one representative."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.cluster.keep import Member, keep_order
from dedup.errors import ArgumentError
from dedup.match import Match

__all__ = ["LINKAGES", "ROW_KEYS", "Cluster", "connect"]

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
    """

    id: str
    representative: str
    members: tuple[str, ...]
    weakest: Match

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
    matches: Iterable[Match],
    members: Mapping[str, Member],
    *,
    keep: str = "earliest",
    linkage: str = "components",
) -> list[Cluster]:
    """Cluster the pairs that are duplicates.

    Parameters
    ----------
    members : Mapping[str, Member]
        By id; every id of a match is there.
    keep : str
        See :func:`~dedup.cluster.keep.keep_order`.
    linkage : str
        ``components``: whatever is connected. ``representative``: members are
        duplicates of the representative itself, so that no chain of revisions
        glues what its ends do not share; the rest is clustered among itself.

    Returns
    -------
    list[Cluster]
        Largest first, then by id.
    """
    if linkage not in LINKAGES:
        raise ArgumentError(f"linkage is {linkage!r}: use one of {', '.join(LINKAGES)}")
    order = keep_order(keep)
    links = [match for match in matches if match.is_duplicate]
    clusters = []
    for component in _components(links):
        ids = {one for match in component for one in (match.a, match.b)}
        ranked = sorted(ids, key=lambda one: order(members[one]))
        if linkage == "components":
            clusters.append(_cluster(ranked, component))
        else:
            clusters.extend(_around_representatives(ranked, component))
    return sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.id))


def _components(links: Sequence[Match]) -> list[list[Match]]:
    parents: dict[str, str] = {}
    for match in links:
        _union(parents, match.a, match.b)
    components: dict[str, list[Match]] = defaultdict(list)
    for match in links:
        components[_find(parents, match.a)].append(match)
    return list(components.values())


def _find(parents: dict[str, str], one: str) -> str:
    root = one
    while (above := parents.setdefault(root, root)) != root:
        root = above
    while parents[one] != root:
        parents[one], one = root, parents[one]
    return root


def _union(parents: dict[str, str], a: str, b: str) -> bool:
    one, other = _find(parents, a), _find(parents, b)
    parents[max(one, other)] = min(one, other)
    return one != other


def _cluster(ranked: Sequence[str], links: Sequence[Match]) -> Cluster:
    return Cluster(min(ranked), ranked[0], (ranked[0], *sorted(ranked[1:])), _weakest_needed(links))


def _weakest_needed(links: Sequence[Match]) -> Match:
    """Return the last link that Kruskal's algorithm takes, strongest first."""
    parents: dict[str, str] = {}
    needed = links[0]
    for match in sorted(links, key=lambda match: (-match.strength, match.a, match.b)):
        if _union(parents, match.a, match.b):
            needed = match
    return needed


def _around_representatives(ranked: Sequence[str], links: Sequence[Match]) -> list[Cluster]:
    partners: dict[str, dict[str, Match]] = defaultdict(dict)
    for match in links:
        partners[match.a][match.b] = match
        partners[match.b][match.a] = match
    clusters = []
    free = dict.fromkeys(ranked)
    for representative in ranked:
        if representative not in free:
            continue
        del free[representative]
        joined = [one for one in partners[representative] if one in free]
        for one in joined:
            del free[one]
        if joined:
            own = [partners[representative][one] for one in joined]
            clusters.append(_cluster([representative, *joined], own))
    return clusters
