"""What is known of an archive's clusters while they are looked for."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from dedup.article import Article
from dedup.index import StoredArticle

__all__ = ["ArchivedArticle", "Clusters"]


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """What is kept of an article of the archive.

    Attributes
    ----------
    article : Article
        Without its text.
    number : int
        In the index.
    added, is_accepted
        As of :class:`~dedup.index.StoredArticle`.
    """

    article: Article
    number: int
    added: int
    is_accepted: bool

    @classmethod
    def of(cls, row: StoredArticle) -> Self:
        """Keep what is needed of a row."""
        return cls(row.article(), row.number, row.added, row.is_accepted)


class Clusters:
    """Articles of the archive that are known to be connected within it, by number."""

    def __init__(self) -> None:
        self._members: dict[int, set[int]] = {}
        #: Articles with repeats that are not in their cluster (reruns, say): what an
        #: article is to these it may not be to the repeats.
        self._open: set[int] = set()

    def join(
        self, number: int, rows: Sequence[StoredArticle], is_duplicate: Sequence[bool]
    ) -> None:
        """Note which articles are duplicates of one."""
        for row, is_one in zip(rows, is_duplicate, strict=True):
            if is_one:
                self._unite(number, row.number)
            elif row.same_as:
                self._open.add(row.same_as)

    def known_of(self, number: int) -> AbstractSet[int]:
        """Return the articles that are known to be connected with one, itself among them."""
        return self._members.get(number, {number}) - self._open

    def _unite(self, one: int, other: int) -> None:
        large, small = (self._members.setdefault(n, {n}) for n in (one, other))
        if large is small:
            return
        if len(large) < len(small):
            large, small = small, large
        large |= small
        self._members |= dict.fromkeys(small, large)
