"""What a run keeps of its articles besides their tokens: a third of what objects take."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate
from typing import overload

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, ArticleColumns

__all__ = ["UNDATED", "KeptArticles", "Names"]

#: Stands for the moment of an article without a date.
UNDATED = int(np.iinfo(np.int64).min)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: What UTF-8 never holds stands for no text.
_NO_TEXT = b"\xff"


class KeptArticles(Sequence[Article]):
    """Articles without text and extra, kept as columns; each is made when asked for.

    About 320 bytes an article with an id, a title and a URL of usual length.

    Attributes
    ----------
    ids : list[str]
    sites, sources : Names
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.sites = Names()
        self.sources = Names()
        self._titles = _Texts()
        self._urls = _Texts()
        self._published = _Moments()

    def extend(self, columns: ArticleColumns, sites: Sequence[str | None]) -> None:
        """Add articles at the end.

        Parameters
        ----------
        sites : sequence of n
            :attr:`ArticleColumns.sites`.
        """
        self.ids.extend(columns.ids)
        self.sites.extend(sites)
        self.sources.extend(columns.sources)
        self._titles.extend(columns.titles)
        self._urls.extend(columns.urls)
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
        url, source = self._urls[i], self.sources[i]
        return Article(self.ids[i], "", self._titles[i], url, source, self._published[i])

    def url(self, i: int) -> str | None:
        """Return the URL of article i."""
        return self._urls[i]

    @property
    def moments(self) -> NDArray[np.int64]:
        """When each was published, in microseconds since 1970, or ``UNDATED``."""
        return self._published.microseconds


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
        self._codes = array("i")

    def extend(self, names: Sequence[str | None]) -> None:
        """Add names at the end."""
        for name in dict.fromkeys(names):
            if name not in self._numbers:
                self._numbers[name] = len(self.known)
                self.known.append(name)
        self._codes.extend(map(self._numbers.__getitem__, names))

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[str | None]:
        return map(self.known.__getitem__, self._codes)

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[str | None]: ...
    def __getitem__(self, place: int | slice) -> str | list[str | None] | None:
        """Return a name, or some of them."""
        if isinstance(place, slice):
            return [self.known[code] for code in self._codes[place]]
        return self.known[self._codes[place]]

    @property
    def codes(self) -> NDArray[np.int32]:
        """The place of each in ``known``; int32 of shape (n,)."""
        return np.array(self._codes, np.int32)


class _Texts:
    """A column of texts one behind another; 8 bytes a text besides its own."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("q", [0])

    def extend(self, texts: Sequence[str | None]) -> None:
        encoded = [_NO_TEXT if t is None else t.encode("utf-8", "surrogatepass") for t in texts]
        self._bytes += b"".join(encoded)
        self._ends.extend(accumulate(map(len, encoded), initial=self._ends.pop()))

    def __getitem__(self, i: int) -> str | None:
        encoded = self._bytes[self._ends[i] : self._ends[i + 1]]
        return None if encoded == _NO_TEXT else encoded.decode("utf-8", "surrogatepass")


class _Moments:
    """A column of publication dates; 12 bytes each."""

    def __init__(self) -> None:
        self._microseconds = array("q")
        self._zones: list[tzinfo] = []
        self._codes = array("i")

    def extend(self, moments: Sequence[datetime | None]) -> None:
        last: datetime | None = None
        numbers = UNDATED, 0
        for moment in moments:
            if moment is not last:  # those of one day often are one object
                numbers, last = self._numbers(moment), moment
            self._microseconds.append(numbers[0])
            self._codes.append(numbers[1])

    def _numbers(self, moment: datetime | None) -> tuple[int, int]:
        if moment is None:
            return UNDATED, 0
        zone = moment.tzinfo or UTC
        microseconds = (moment.replace(tzinfo=zone) - _EPOCH) // _MICROSECOND
        if zone not in self._zones:
            self._zones.append(zone)
        return microseconds, self._zones.index(zone)

    def __getitem__(self, i: int) -> datetime | None:
        microseconds = self._microseconds[i]
        if microseconds == UNDATED:
            return None
        moment = _EPOCH + timedelta(microseconds=microseconds)
        return moment.astimezone(self._zones[self._codes[i]])

    @property
    def microseconds(self) -> NDArray[np.int64]:
        return np.array(self._microseconds, np.int64)
