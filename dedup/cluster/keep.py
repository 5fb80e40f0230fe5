"""Which member of a cluster to keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.errors import ArgumentError

__all__ = ["KEEP_POLICIES", "KeepColumns", "Member", "check_keep", "keep_ranks"]

KEEP_POLICIES = ("earliest", "longest", "cleanest", "first", "prefer:SOURCE,...")


@dataclass(frozen=True, slots=True)
class Member:
    """What choosing a representative needs to know of an article.

    Attributes
    ----------
    article : Article
        Without its text.
    position : int
        Place in the input.
    body_words, text_words : float
        An unspaced character is half a word.
    """

    article: Article
    position: int
    body_words: float
    text_words: float

    @property
    def chrome_share(self) -> float:
        """Share of the text that is chrome, 0 to 1."""
        return 1 - self.body_words / self.text_words if self.text_words else 1.0


@dataclass(frozen=True, slots=True)
class KeepColumns:
    """n members as columns, in the order of their ids.

    Attributes
    ----------
    positions, moments : int64 of shape (n,)
    body_words, text_words : float64 of shape (n,)
    articles : iterable of n
        Made when sources are preferred; once.
    """

    positions: NDArray[np.int64]
    moments: NDArray[np.int64]
    body_words: NDArray[np.float64]
    text_words: NDArray[np.float64]
    articles: Iterable[Article]

    @property
    def chrome_shares(self) -> NDArray[np.float64]:
        """As :attr:`Member.chrome_share`."""
        body_shares = np.zeros(len(self.text_words))
        np.divide(self.body_words, self.text_words, body_shares, where=self.text_words > 0)
        return 1 - body_shares


def check_keep(keep: str) -> None:
    """Raise ArgumentError for a word that is none of ``KEEP_POLICIES``."""
    if keep not in KEEP_POLICIES[:-1] and not _wanted(keep):
        raise ArgumentError(f"keep is {keep!r}: use one of {', '.join(KEEP_POLICIES)}")


def keep_ranks(members: KeepColumns, keep: str) -> NDArray[np.int64]:
    """Return the place of each member in the order in which they are best kept.

    Parameters
    ----------
    keep : str
        ``earliest``: published first (unknown dates last); ``longest``: most
        body words; ``cleanest``: least chrome, then longest; ``first``: in input
        order; ``prefer:A,B``: of source (or site) A, else B, else earliest. What
        is alike in that is kept by length, date and id.

    Returns
    -------
    int64 of shape (n,)
        0 for the one to keep first.

    Raises
    ------
    ArgumentError
        No such policy.
    """
    check_keep(keep)
    order = np.lexsort(_keys(members, keep)[::-1])
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _keys(members: KeepColumns, keep: str) -> list[NDArray[np.generic]]:
    """Return what to sort by, first things first; then the order of the ids counts."""
    moments, longest = members.moments, -members.body_words
    if keep == "first":
        return [members.positions]
    if keep == "earliest":
        return [moments, longest]
    if keep == "longest":
        return [longest, moments]
    if keep == "cleanest":
        return [members.chrome_shares.round(2), longest]
    wanted = _wanted(keep)
    preference = [_preference(article, wanted) for article in members.articles]
    return [np.array(preference, np.int64), moments, longest]


def _wanted(keep: str) -> list[str]:
    """Return the names that are preferred."""
    if not keep.startswith("prefer:") or keep == "prefer:":
        return []
    return [name.strip().casefold() for name in keep.removeprefix("prefer:").split(",")]


def _preference(article: Article, wanted: Sequence[str]) -> int:
    names = {(name or "").casefold() for name in (article.source, article.site)}
    ranks = [rank for rank, name in enumerate(wanted) if name in names]
    return min(ranks, default=len(wanted))
