"""What a run keeps of its articles besides their tokens."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from dedup.article import UNDATED, Article
from dedup.columns import ArticleColumns, MomentColumn, NameColumn
from dedup.detector.arrays import Column, HeldArray, Scratch
from dedup.detector.texts import Texts

__all__ = ["KeptArticles", "Names"]

#: One of the arrays that a column is kept as.
State = Column[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class KeptArticles(Sequence[Article]):
    """Articles without text and extra, kept as columns; each is made when asked for.

    Twenty bytes an article in memory; ids, titles and URLs are on disk where memory is
    scarce.

    Parameters
    ----------
    scratch : Scratch | None
        Where that is; in memory if none is given.

    Attributes
    ----------
    ids, urls : Texts
    sites, sources : Names
    """

    def __init__(self, scratch: Scratch | None = None) -> None:
        scratch = scratch or Scratch()
        self.ids: Texts[str] = Texts.on(scratch, "read.articles-ids")
        self.sites = Names()
        self.sources = Names()
        self._titles: Texts[str | None] = Texts.on(scratch, "read.articles-titles")
        self.urls: Texts[str | None] = Texts.on(scratch, "read.articles-urls")
        self._published = _Moments()

    def extend(self, columns: ArticleColumns) -> None:
        """Add articles at the end."""
        self.ids.extend(columns.ids)
        self.sites.extend(columns.sites)
        self.sources.extend(columns.sources)
        self._titles.extend(columns.titles)
        self.urls.extend(columns.urls)
        self._published.extend(columns.published)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Article: ...
    @overload
    def __getitem__(self, place: slice) -> list[Article]: ...
    def __getitem__(self, place: int | slice) -> Article | list[Article]:
        """Return an article, or some of them."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        i = range(len(self))[place]
        url, source = self.urls[i], self.sources[i]
        return Article(self.ids[i], "", self._titles[i], url, source, self._published[i])

    def state(self) -> dict[str, State]:
        """Return columns to make the articles from again, by name."""
        columns: dict[str, Names | Texts[Any] | _Moments] = {
            "ids": self.ids,
            "sites": self.sites,
            "sources": self.sources,
            "titles": self._titles,
            "urls": self.urls,
            "published": self._published,
        }
        return {
            f"{name}-{part}": array
            for name, column in columns.items()
            for part, array in _state_of(column).items()
        }

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "KeptArticles":
        """Return the articles whose state this was."""

        def of(column: str) -> dict[str, State]:
            head = f"{column}-"
            return {k.removeprefix(head): a for k, a in state.items() if k.startswith(head)}

        kept = cls()
        kept.ids, kept._titles, kept.urls = (
            Texts(its["bytes"], its["ends"]) for its in map(of, ("ids", "titles", "urls"))
        )
        kept.sites, kept.sources = Names.of_state(of("sites")), Names.of_state(of("sources"))
        kept._published = _Moments.of_state(of("published"))
        return kept

    @property
    def moments(self) -> NDArray[np.int64]:
        """When each was published, in microseconds since 1970, or ``UNDATED``."""
        return self._published.microseconds.items


def _state_of(column: "Names | Texts[Any] | _Moments") -> Mapping[str, State]:
    if isinstance(column, Texts):
        return {"bytes": column.encoded, "ends": column.ends}
    return column.state()


def _held(items: NDArray[Any] | State) -> HeldArray[Any]:
    """Return items in memory, to be added to."""
    if isinstance(items, HeldArray):
        return items
    array = items if isinstance(items, np.ndarray) else items.read(0, len(items))
    held: HeldArray[Any] = HeldArray(array.dtype.type)
    held.append(array)
    return held


class Names(Sequence[str | None]):
    """A column of n names, each of which stands in many places; 4 bytes a place.

    Attributes
    ----------
    known : list[str | None]
        The different ones, in the order in which they came.
    """

    def __init__(self) -> None:
        self.known: list[str | None] = []
        self._numbers: dict[str | None, int] = {}
        self._codes: HeldArray[np.int32] = HeldArray(np.int32)

    def extend(self, names: NameColumn) -> None:
        """Add names at the end."""
        codes = np.array([self._numbers.get(name, -1) for name in names.known], np.int32)
        if (codes < 0).any():  # new names are numbered in the order in which they come
            present, firsts = np.unique(names.codes, return_index=True)
            for code in present[np.argsort(firsts)].tolist():
                name = names.known[code]
                if name not in self._numbers:
                    self._numbers[name] = len(self.known)
                    self.known.append(name)
                codes[code] = self._numbers[name]
        self._codes.append(codes[names.codes])

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[str | None]:
        return map(self.known.__getitem__, self.codes.tolist())

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[str | None]: ...
    def __getitem__(self, place: int | slice) -> str | list[str | None] | None:
        """Return a name, or some of them."""
        if isinstance(place, slice):
            return [self.known[code] for code in self.codes[place].tolist()]
        return self.known[int(self.codes[place])]

    def state(self) -> Mapping[str, State]:
        """Return columns to make this one from again."""
        return {"codes": self._codes, **_state_of(Texts.of(self.known))}

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "Names":
        """Return the column whose state this was."""
        names = cls()
        names.known = list(Texts(state["bytes"], state["ends"]))
        names._numbers = {name: number for number, name in enumerate(names.known)}
        names._codes = _held(state["codes"])
        return names

    @property
    def codes(self) -> NDArray[np.int32]:
        """The place of each in ``known``; int32 of shape (n,)."""
        return self._codes.items


class _Moments:
    """A column of publication dates, each with its offset from UTC; 12 bytes each."""

    def __init__(self) -> None:
        self.microseconds: HeldArray[np.int64] = HeldArray(np.int64)
        self._zones: dict[timezone, int] = {}
        self._codes: HeldArray[np.int32] = HeldArray(np.int32)

    def extend(self, moments: MomentColumn) -> None:
        is_dated = moments.microseconds != UNDATED
        offsets, firsts = np.unique(moments.offsets[is_dated], return_index=True)
        codes = np.zeros(len(offsets), np.int32)
        for place in np.argsort(firsts).tolist():
            zone = timezone(int(offsets[place]) * _MICROSECOND)
            codes[place] = self._zones.setdefault(zone, len(self._zones))
        found = np.zeros(len(moments), np.int32)
        found[is_dated] = codes[np.searchsorted(offsets, moments.offsets[is_dated])]
        self.microseconds.append(moments.microseconds)
        self._codes.append(found)

    def __getitem__(self, i: int) -> datetime | None:
        microseconds = int(self.microseconds.items[i])
        if microseconds == UNDATED:
            return None
        moment = _EPOCH + timedelta(microseconds=microseconds)
        return moment.astimezone(list(self._zones)[self._codes.items[i]])

    def state(self) -> Mapping[str, State]:
        offsets = [zone.utcoffset(None) // _MICROSECOND for zone in self._zones]
        return {
            "microseconds": self.microseconds,
            "zones": self._codes,
            "offsets": _held(np.array(offsets, np.int64)),
        }

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "_Moments":
        moments = cls()
        moments.microseconds, moments._codes = _held(state["microseconds"]), _held(state["zones"])
        for number, offset in enumerate(_held(state["offsets"]).items.tolist()):
            moments._zones[timezone(offset * _MICROSECOND)] = number
        return moments
