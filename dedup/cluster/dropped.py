"""The articles not to keep."""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.cluster.clusters import Cluster, Clusters
from dedup.cluster.members import Members
from dedup.match.columns import ids_at

__all__ = ["Dropped", "dropped_of"]

#: So many ids are looked at at once.
_STRETCH = 1 << 14


def dropped_of(clusters: Iterable[Cluster], members: Container[str]) -> dict[str, Cluster]:
    """Return the members that are not representatives, each with its cluster, by cluster."""
    return {
        one: cluster
        for cluster in clusters
        for one in cluster.members
        if one != cluster.representative and one in members
    }


class Dropped(Mapping[str, Cluster]):
    """The members that are not representatives, each with its cluster; 4 bytes an article."""

    def __init__(self, clusters: Clusters, members: Members) -> None:
        self._clusters, self._members = clusters, members

    @cached_property
    def _numbers(self) -> NDArray[np.int32]:
        """Of each member, in input order, its cluster; -1 for those to keep."""
        clusters = self._clusters
        numbers = np.full(len(self._members), -1, np.int32)
        sizes = np.diff(clusters.parts.starts) - 1
        own = np.repeat(np.arange(len(clusters), dtype=np.int32), sizes)
        numbers[self._members.places(clusters.ids, clusters.dropped_places)] = own
        return numbers

    @property
    def positions(self) -> NDArray[np.int64]:
        """Where they stand in the input, ascending."""
        return np.flatnonzero(self._numbers >= 0)

    def __getitem__(self, identity: str) -> Cluster:
        number = int(self._numbers[self._members.position(identity)])
        if number < 0:
            raise KeyError(identity)
        return self._clusters[number]

    def __contains__(self, identity: object) -> bool:
        if not isinstance(identity, str) or identity not in self._members:
            return False
        return bool(self._numbers[self._members.position(identity)] >= 0)

    def __iter__(self) -> Iterator[str]:
        places = self._clusters.dropped_places
        for start in range(0, len(places), _STRETCH):
            yield from ids_at(self._clusters.ids, places[start : start + _STRETCH])

    def __len__(self) -> int:
        return len(self._clusters.parts.nodes) - len(self._clusters)
