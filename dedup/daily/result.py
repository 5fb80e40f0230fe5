"""The result of a day's run: clusters that go on from those of the archive."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.cluster import ROW_KEYS, Cluster, Clusters, connect, dropped_of
from dedup.match import Matches, Policy

__all__ = ["Archived", "Continuation", "ContinuedCluster", "joined"]


@dataclass(frozen=True, slots=True)
class Archived:
    """An article of the archive.

    Attributes
    ----------
    article : Article
        Without its text.
    number : int
        In the index.
    lasting_name : str
        The same on any day; see :class:`~dedup.daily.names.Names`.
    added : int
        Seconds since 1970 when it came.
    is_accepted : bool
        Whether the archive took it for new.
    """

    article: Article
    number: int
    lasting_name: str
    added: int
    is_accepted: bool

    @property
    def age(self) -> tuple[int, str]:
        """The smaller, the older."""
        return self.added, self.lasting_name


@dataclass(frozen=True, slots=True)
class ContinuedCluster(Cluster):
    """A cluster with articles of the day, and perhaps of the archive.

    ``id`` is that of the archive's cluster that it goes on from, the oldest if they
    are several; ``representative`` the archive's article, if there is one.

    Attributes
    ----------
    merged : tuple[str, ...]
        Ids of clusters of the archive that are part of this one now, sorted.
    """

    merged: tuple[str, ...] = ()

    def as_row(self) -> dict[str, object]:
        """Return the row of a clusters file; keys are fixed."""
        return {
            **Cluster.as_row(self),
            "archived": list(self.archived),
            "merged": list(self.merged),
        }


@dataclass(frozen=True, kw_only=True)
class Continuation(Deduplication):
    """The result of :func:`~dedup.daily.deduplicate_against`.

    ``matches`` are the pairs with a new article, ``members`` the new articles.

    Attributes
    ----------
    archived : Mapping[str, Archived]
        The articles of the archive that are in a pair, by name.
    archived_matches : Matches
        Duplicates among those.
    coming_names : Mapping[str, str]
        What each new article will be called once it is in the archive.
    unlisted : int
        Pairs with the archive that are no matches, as there are too many of the very
        same body.
    """

    archived: Mapping[str, Archived]
    archived_matches: Matches
    coming_names: Mapping[str, str]
    unlisted: int

    @property
    def cluster_keys(self) -> tuple[str, ...]:
        """The keys of a cluster's row, in their order."""
        return *ROW_KEYS, "archived", "merged"

    @cached_property
    def clusters(self) -> tuple[ContinuedCluster, ...]:
        """Clusters of duplicates with a new article, largest first."""
        earlier = {
            one: self._id_of(cluster)
            for cluster in self._connected(self.archived_matches)
            for one in cluster.members
        }
        found = [
            self._continued(cluster, earlier)
            for cluster in self._connected(joined(self.matches, self.archived_matches))
            if any(one in self.members for one in cluster.members)
        ]
        return tuple(sorted(found, key=lambda one: (-len(one.members), one.id)))

    @cached_property
    def dropped(self) -> Mapping[str, Cluster]:
        """The new articles not to keep, each with its cluster."""
        return dropped_of(self.clusters, self.members)

    def _connected(self, matches: Matches) -> Clusters:
        return connect(
            matches,
            self.members,
            keep=self.keep,
            linkage=self.linkage,
            seniority={
                name: (not one.is_accepted, *one.age) for name, one in self.archived.items()
            },
        )

    def _id_of(self, cluster: Cluster) -> str:
        """Return the oldest member's lasting name: of new ones, the least."""
        known = [self.archived[one] for one in cluster.members if one in self.archived]
        if known:
            return min(known, key=lambda one: one.age).lasting_name
        return min(self.coming_names[one] for one in cluster.members)

    def _continued(self, cluster: Cluster, earlier: Mapping[str, str]) -> ContinuedCluster:
        archived = tuple(sorted(one for one in cluster.members if one in self.archived))
        own_id = self._id_of(cluster)
        merged = {earlier[one] for one in archived if one in earlier} - {own_id}
        return ContinuedCluster(
            own_id,
            cluster.representative,
            cluster.members,
            cluster.weakest,
            archived,
            tuple(sorted(merged)),
        )

    def article(self, identity: str) -> Article:
        """Return an article of the day or of the archive that is in a pair, without its text."""
        archived = self.archived.get(identity)
        return self.members[identity].article if archived is None else archived.article

    def at(self, policy: Policy) -> "Continuation":
        """Return the same pairs judged by another policy."""
        return replace(
            self,
            matches=self.matches.judged_by(policy),
            archived_matches=self.archived_matches.judged_by(policy),
            policy=policy,
        )


def joined(some: Matches, more: Matches) -> Matches:
    """Return two selections of the same matches as one."""
    columns = (
        np.concatenate((getattr(some, name), getattr(more, name)))
        for name in ("a", "b", "rows", "is_turned", "days_apart")
    )
    a, b, rows, is_turned, days_apart = columns
    return Matches(some.ids, a, b, some.counts, rows, is_turned, days_apart, some.policy)
