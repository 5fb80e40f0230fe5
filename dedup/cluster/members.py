"""All articles of a run, as choosing a representative needs to know them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, moment_of
from dedup.cluster.keep import KeepColumns, Member
from dedup.match import RankedIds
from dedup.match.columns import ids_at
from dedup.match.places import Places

__all__ = ["Members"]


class Members(Mapping[str, Member]):
    """Members by id, in input order; each is made when asked for.

    Parameters
    ----------
    ids : sequence of n
    articles : sequence of n
        Without their texts.
    moments : int64 of shape (n,)
        :func:`~dedup.article.moment_of` each.
    body_words, text_words : float64 of shape (n,)
        An unspaced character is half a word.
    """

    def __init__(
        self,
        ids: Sequence[str],
        articles: Sequence[Article],
        moments: NDArray[np.int64],
        body_words: NDArray[np.float64],
        text_words: NDArray[np.float64],
    ) -> None:
        self._ids = ids
        self._articles = articles
        self._moments = moments
        self._body_words = body_words
        self._text_words = text_words

    @classmethod
    def of(cls, members: Iterable[Member]) -> "Members":
        """Return members that there are already, in the order of their positions."""
        found = sorted(members, key=lambda member: member.position)
        return cls(
            [member.article.id for member in found],
            [member.article for member in found],
            np.array([moment_of(member.article.published) for member in found], np.int64),
            np.array([member.body_words for member in found], np.float64),
            np.array([member.text_words for member in found], np.float64),
        )

    def places(self, ids: Sequence[str], some: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the positions of the members with some of the ids.

        Parameters
        ----------
        ids : Sequence[str]
        some : int32 of shape (n,)
            Places among these.
        """
        if isinstance(ids, RankedIds) and ids.unranked is self._ids:
            return ids.order[some]
        return np.array([self.position(one) for one in ids_at(ids, some)], np.int64)

    def columns(self, positions: NDArray[np.int64]) -> KeepColumns:
        """Return some members as columns.

        Parameters
        ----------
        positions : int64 of shape (n,)
            In the order of their ids.
        """
        return KeepColumns(
            positions,
            self._moments[positions],
            self._body_words[positions],
            self._text_words[positions],
            map(self._articles.__getitem__, positions.tolist()),
        )

    @cached_property
    def _positions(self) -> Places:
        return Places(self._ids)

    def position(self, identity: str) -> int:
        """Return a member's position."""
        position = self._positions.find(identity)
        if position is None:
            raise KeyError(identity)
        return position

    def __getitem__(self, identity: str) -> Member:
        position = self.position(identity)
        return Member(
            self._articles[position],
            position,
            float(self._body_words[position]),
            float(self._text_words[position]),
        )

    def __contains__(self, identity: object) -> bool:
        return isinstance(identity, str) and self._positions.find(identity) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
