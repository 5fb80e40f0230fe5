"""What is known of an archive's clusters while they are looked for."""

from collections.abc import Callable, Sequence
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
    added, is_accepted
        As of :class:`~dedup.index.StoredArticle`.
    """

    article: Article
    added: int
    is_accepted: bool

    @classmethod
    def of(cls, row: StoredArticle) -> Self:
        """Keep what is needed of a row."""
        return cls(row.article(), row.added, row.is_accepted)


class Clusters:
    """Articles of the archive that are known to be connected within it, by number."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}
        #: Articles with repeats that are not in their cluster (reruns, say): what an
        #: article is to these it may not be to the repeats.
        self._open: set[int] = set()

    def join(
        self, number: int, rows: Sequence[StoredArticle], is_duplicate: Sequence[bool]
    ) -> None:
        """Note which articles are duplicates of one."""
        root = self._root(number)
        for row, is_one in zip(rows, is_duplicate, strict=True):
            if is_one:
                self._parents[self._root(row.number)] = root
            elif row.same_as:
                self._open.add(row.same_as)

    def test_of(self, number: int) -> Callable[[int], bool]:
        """Return what says whether an article is known to be connected with this one."""
        root = self._root(number)
        return lambda other: (
            other != number and self._root(other) == root and other not in self._open
        )

    def _root(self, number: int) -> int:
        parents = self._parents
        while (parent := parents.get(number, number)) != number:
            # Each step halves the way for the next.
            parents[number] = parents.get(parent, parent)
            number = parent
        return number
