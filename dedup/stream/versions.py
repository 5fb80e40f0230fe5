"""What was seen of the page that an article is of: the same id or URL, the same words."""

from collections.abc import Sequence

from dedup.index import Index, StoredArticle
from dedup.index.names import page_names
from dedup.index.protocol import MOST_REPEATS
from dedup.stream.bodies import Reading

__all__ = ["Versions"]


class Versions:
    """Finds versions and repeats of pages, for the articles of one snapshot or transaction.

    Parameters
    ----------
    readings : sequence of Reading
        Their names are looked up at once.
    """

    def __init__(self, index: Index, readings: Sequence[Reading]) -> None:
        self._index = index
        names = list(
            dict.fromkeys(
                name for reading in readings for name in (*reading.names, reading.words_key)
            )
        )
        self._numbers = dict(zip(names, index.numbers_under(names, MOST_REPEATS), strict=True))

    def note(self, reading: Reading, number: int, *, is_repeat: bool) -> None:
        """Note the number under which an article was added.

        Parameters
        ----------
        is_repeat : bool
            It is kept without words of its own.
        """
        for name in reading.names if is_repeat else (*reading.names, reading.words_key):
            self._numbers[name] = [number, *self._numbers[name][: MOST_REPEATS - 1]]

    def of(self, reading: Reading) -> dict[int, StoredArticle]:
        """Return what was seen of the same page, by number.

        The same page has the same id or URL, also by way of a version in between.
        """
        found: dict[int, StoredArticle] = {}
        if not any(map(self._under, reading.names)):
            return found
        article = reading.article
        names = {(article.id, article.url): reading.names}
        seen: set[tuple[str, str | None]] = set()
        while unseen := names.keys() - seen:
            name = unseen.pop()
            seen.add(name)
            for row in self._named(*name, names[name]):
                found[row.number] = row
                if (row.id, row.url) not in names:
                    names[row.id, row.url] = page_names(row.id, row.url)
        return found

    def repeats_of(self, reading: Reading) -> list[int]:
        """Return the numbers under the key of an article's words, newest first."""
        return self._under(reading.words_key)

    def _named(self, identity: str, url: str | None, keys: list[int]) -> list[StoredArticle]:
        numbers = [number for key in keys for number in self._under(key)]
        if not numbers:
            return []
        rows = self._index.rows(numbers)
        return [row for row in rows if row.id == identity or row.url == url]

    def _under(self, key: int) -> list[int]:
        numbers = self._numbers.get(key)
        if numbers is None:
            numbers = self._index.numbers_of(key, MOST_REPEATS)
            self._numbers[key] = numbers
        return numbers
