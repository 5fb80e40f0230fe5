"""Clusters as columns: each is made when it is looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from dedup.match import Match, Matches
from dedup.match.columns import ids_at
from dedup.match.rows import link_rows

if TYPE_CHECKING:
    from dedup.cluster.joining import Parts

__all__ = ["ROW_KEYS", "Cluster", "Clusters"]

#: The keys of a row of a clusters file, in their order.
ROW_KEYS = ("cluster", "representative", "members", "weakest")
#: So many are made at once when all are looked at, with fewer members than this or alone.
_MEMBERS_AT_ONCE = 8192


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
        return {
            "cluster": self.id,
            "representative": self.representative,
            "members": list(self.members),
            "weakest": {**self.weakest.as_link(), "coverage": round(self.weakest.strength, 4)},
        }


class Clusters(Sequence[Cluster]):
    """Clusters, largest first, then by id; about 5 bytes a member and 90 a cluster.

    Attributes
    ----------
    ids : Sequence[str]
        Sorted.
    parts : Parts
        Of each the members, as places in ``ids``.
    kept : int32 of shape (k,)
        Of each the member to keep.
    weakest : Matches
        Of each the link on which it hangs.
    """

    def __init__(
        self, ids: Sequence[str], parts: "Parts", kept: NDArray[np.int32], weakest: Matches
    ) -> None:
        self.ids, self.parts, self.kept, self.weakest = ids, parts, kept, weakest

    @property
    def dropped_places(self) -> NDArray[np.int32]:
        """The members that are not to be kept, cluster by cluster, as places in ``ids``."""
        sizes = np.diff(self.parts.starts)
        places: NDArray[np.int32] = self.parts.nodes[
            self.parts.nodes != np.repeat(self.kept, sizes)
        ]
        return places

    def __len__(self) -> int:
        return len(self.kept)

    @overload
    def __getitem__(self, key: int) -> Cluster: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Cluster, ...]: ...
    def __getitem__(self, key: int | slice) -> Cluster | tuple[Cluster, ...]:
        """Return a cluster, or some of them."""
        if isinstance(key, slice):
            return tuple(self[number] for number in range(*key.indices(len(self))))
        if not -len(self) <= key < len(self):
            raise IndexError(f"there is no cluster {key} of {len(self)}")
        number = key % len(self)
        return next(self._made(number, number + 1))

    def __iter__(self) -> Iterator[Cluster]:
        for start, end in self._stretches():
            yield from self._made(start, end)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield :meth:`Cluster.as_row` of each, without making it."""
        for start, end in self._stretches():
            links = link_rows(self.weakest[start:end])
            for (first, members), link in zip(self._members(start, end), links, strict=True):
                values = first, members[0], list(members), link
                yield dict(zip(ROW_KEYS, values, strict=True))

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Yield what is made at once, from which to which."""
        starts, number = self.parts.starts, 0
        while number < len(self):
            most = starts[number] + _MEMBERS_AT_ONCE
            end = max(int(np.searchsorted(starts, most, side="right")) - 1, number + 1)
            yield number, end
            number = end

    def _made(self, start: int, end: int) -> Iterator[Cluster]:
        links = self.weakest[start:end]
        for (first, members), link in zip(self._members(start, end), links, strict=True):
            yield Cluster(first, members[0], members, link)

    def _members(self, start: int, end: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the first id of each cluster, and all with the one to keep in front."""
        starts = self.parts.starts[start : end + 1]
        nodes = self.parts.nodes[starts[0] : starts[-1]]
        ids = ids_at(self.ids, nodes)
        # The kept one's place among its cluster's members.
        is_kept = nodes == np.repeat(self.kept[start:end], np.diff(starts))
        places = np.flatnonzero(is_kept).tolist()
        for (first, last), place in zip(
            pairwise((starts - starts[0]).tolist()), places, strict=True
        ):
            yield ids[first], (ids[place], *ids[first:place], *ids[place + 1 : last])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str) or not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            one == its for one, its in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # compared by what they hold

    def __repr__(self) -> str:
        return f"<{len(self):,} clusters>"
