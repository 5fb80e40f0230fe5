"""Articles of an index kept at hand: copies of a story mostly come soon after each other."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

from dedup.index.stored import StoredArticle

__all__ = ["RecentArticles"]

#: About 4 kB each; as many as there are bodies at hand beside them, or more.
_REMEMBERED = 16_384


class RecentArticles:
    """The articles read or added lately.

    Parameters
    ----------
    read : callable
        Reads articles by number, in any order.
    """

    def __init__(self, read: Callable[[Sequence[int]], Iterable[StoredArticle]]) -> None:
        self._read = read
        # Of a plain dictionary what was deleted stays in front until it grows.
        self._recent: OrderedDict[int, StoredArticle] = OrderedDict()

    def rows(
        self,
        numbers: Sequence[int],
        new: Mapping[int, tuple[StoredArticle, bytes | None]],
        *,
        is_once: bool,
    ) -> list[StoredArticle]:
        """Return articles by number, in that order; forgotten ones are left out.

        Parameters
        ----------
        new : mapping
            Articles that cannot be read yet.
        is_once : bool
            Do not remember what is read.
        """
        recent = self._recent
        found = [recent.get(number) for number in numbers]
        if None in found:
            missing = [number for number, row in zip(numbers, found, strict=True) if row is None]
            known = {number: new[number][0] for number in missing if number in new}
            for row in self._read([number for number in missing if number not in known]):
                known[row.number] = row
                if not is_once:
                    self.remember(row)
            found = [row or known.get(number) for number, row in zip(numbers, found, strict=True)]
        return [row for row in found if row is not None]

    def remember(self, row: StoredArticle) -> None:
        """Keep an article at hand; the oldest make room."""
        recent = self._recent
        recent[row.number] = row
        if len(recent) > _REMEMBERED:
            recent.popitem(last=False)

    def discard(self, number: int) -> None:
        """Let go of an article."""
        self._recent.pop(number, None)

    def clear(self) -> None:
        """Let go of all."""
        self._recent.clear()
