"""All articles of a run, as choosing a representative needs to know them."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.cluster.keep import Member

__all__ = ["Members"]


class Members(Mapping[str, Member]):
    """Members by id, in input order; each is made when asked for.

    Parameters
    ----------
    ids : sequence of n
    articles : sequence of n
        Without their texts.
    body_words, text_words : float64 of shape (n,)
        An unspaced character is half a word.
    """

    def __init__(
        self,
        ids: Sequence[str],
        articles: Sequence[Article],
        body_words: NDArray[np.float64],
        text_words: NDArray[np.float64],
    ) -> None:
        self._positions = dict(zip(ids, range(len(ids)), strict=True))
        self._articles = articles
        self._body_words = body_words
        self._text_words = text_words

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
