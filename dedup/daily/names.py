"""What articles of an archive are called, where ids may come again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dedup.errors import ArgumentError
from dedup.index import Index
from dedup.index.names import id_key

__all__ = ["Names", "name_articles"]

_ALL = 1 << 31
_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Names:
    """Names of articles.

    Attributes
    ----------
    archived : Mapping[int, str]
        What an article of the archive is called among the day's, by number: its id,
        with ``#n`` behind it if it is the n-th of several with this id.
    lasting : Mapping[int, str]
        What it is called on any day: the first with an id by the id alone.
    coming : Mapping[str, str]
        What a new article will be called once it is in the archive, by id.
    """

    archived: Mapping[int, str]
    lasting: Mapping[int, str]
    coming: Mapping[str, str]


def name_articles(index: Index, numbers: Mapping[int, str], new: Iterable[str]) -> Names:
    """Name the day's articles, and those of the archive that were found.

    Parameters
    ----------
    numbers : Mapping[int, str]
        Their ids.
    new : Iterable[str]
        Ids of the day's.

    Raises
    ------
    ArgumentError
        A new article has an id that reads as the name of one in the archive.
    """
    ids = list(dict.fromkeys(new))
    numbers_with = _numbers_with(index, [*ids, *numbers.values()])
    today = set(ids)
    archived, lasting = {}, {}
    for number, one in numbers.items():
        same = numbers_with[one]
        nth = f"{one}#{same.index(number) + 1}"
        lasting[number] = one if number == same[0] else nth
        archived[number] = one if len(same) == 1 and one not in today else nth
    names = list(archived.values())
    if clash := sorted(today.intersection(names)):
        raise ArgumentError(
            f"the id {clash[0]!r} reads as the name of an article in {index.url}: "
            "give the new article another id"
        )
    coming = {
        one: f"{one}#{len(numbers_with[one]) + 1}" if numbers_with[one] else one for one in ids
    }
    return Names(archived, lasting, coming)


def _numbers_with(index: Index, ids: list[str]) -> dict[str, list[int]]:
    """Return the numbers of the articles with each id, the first one first."""
    wanted = list(dict.fromkeys(ids))
    found = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        under = index.numbers_under([id_key(one) for one in some], _ALL)
        for one, numbers in zip(some, under, strict=True):
            rows = index.rows(sorted(numbers)) if numbers else []
            found[one] = [row.number for row in rows if row.id == one]
    return found
