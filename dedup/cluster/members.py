"""All articles of a run, as choosing a representative needs to know them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, moment_of
from dedup.cluster.keep import KeepColumns, Member

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
        self._positions = dict(zip(ids, range(len(ids)), strict=True))
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

    def columns(self, ids: Sequence[str]) -> KeepColumns:
        """Return some members as columns.

        Parameters
        ----------
        ids : sequence of n
            Sorted.
        """
        positions = np.array([self._positions[one] for one in ids], np.int64)
        return KeepColumns(
            positions,
            self._moments[positions],
            self._body_words[positions],
            self._text_words[positions],
            map(self._articles.__getitem__, positions.tolist()),
        )

    def __getitem__(self, identity: str) -> Member:
        position = self._positions[identity]
        return Member(
            self._articles[position],
            position,
            float(self._body_words[position]),
            float(self._text_words[position]),
        )

    def __contains__(self, identity: object) -> bool:
        return identity in self._positions

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)
