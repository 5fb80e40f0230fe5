"""What a run keeps of its articles besides their tokens: a third of what objects take."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from dedup.article import UNDATED, Article, ArticleColumns, moment_of

__all__ = ["KeptArticles", "Names"]

#: One of the arrays that a column is kept as.
State = NDArray[Any]
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

    def state(self) -> dict[str, State]:
        """Return arrays to make the articles from again, by name."""
        ids = _Texts()
        ids.extend(self.ids)
        columns: dict[str, Names | _Texts | _Moments] = {
            "ids": ids,
            "sites": self.sites,
            "sources": self.sources,
            "titles": self._titles,
            "urls": self._urls,
            "published": self._published,
        }
        return {
            f"{name}-{part}": array
            for name, column in columns.items()
            for part, array in column.state().items()
        }

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "KeptArticles":
        """Return the articles whose state this was."""

        def of(column: str) -> dict[str, State]:
            head = f"{column}-"
            return {k.removeprefix(head): a for k, a in state.items() if k.startswith(head)}

        kept, ids = cls(), _Texts.of_state(of("ids"))
        kept.ids = [str(ids[i]) for i in range(len(ids))]
        kept.sites, kept.sources = Names.of_state(of("sites")), Names.of_state(of("sources"))
        kept._titles, kept._urls = _Texts.of_state(of("titles")), _Texts.of_state(of("urls"))
        kept._published = _Moments.of_state(of("published"))
        return kept

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

    def state(self) -> dict[str, State]:
        """Return arrays to make the column from again."""
        known = _Texts()
        known.extend(self.known)
        return {"codes": self.codes, **known.state()}

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "Names":
        """Return the column whose state this was."""
        names, known = cls(), _Texts.of_state(state)
        names.known = [known[i] for i in range(len(known))]
        names._numbers = {name: number for number, name in enumerate(names.known)}
        names._codes.frombytes(state["codes"].tobytes())
        return names

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

    def __len__(self) -> int:
        return len(self._ends) - 1

    def state(self) -> dict[str, State]:
        return {
            "bytes": np.frombuffer(bytes(self._bytes), np.uint8),
            "ends": np.array(self._ends, np.int64),
        }

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "_Texts":
        texts = cls()
        texts._bytes += state["bytes"].tobytes()
        texts._ends = array("q", state["ends"].tobytes())
        return texts


class _Moments:
    """A column of publication dates, each with its offset from UTC; 12 bytes each."""

    def __init__(self) -> None:
        self._microseconds = array("q")
        self._zones: dict[timezone, int] = {}
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
        zone = timezone(moment.utcoffset() or timedelta())
        return moment_of(moment), self._zones.setdefault(zone, len(self._zones))

    def __getitem__(self, i: int) -> datetime | None:
        microseconds = self._microseconds[i]
        if microseconds == UNDATED:
            return None
        moment = _EPOCH + timedelta(microseconds=microseconds)
        return moment.astimezone(list(self._zones)[self._codes[i]])

    def state(self) -> dict[str, State]:
        offsets = [zone.utcoffset(None) // _MICROSECOND for zone in self._zones]
        return {
            "microseconds": self.microseconds,
            "zones": np.array(self._codes, np.int32),
            "offsets": np.array(offsets, np.int64),
        }

    @classmethod
    def of_state(cls, state: Mapping[str, State]) -> "_Moments":
        moments = cls()
        moments._microseconds.frombytes(state["microseconds"].tobytes())
        moments._codes.frombytes(state["zones"].tobytes())
        for number, offset in enumerate(state["offsets"].tolist()):
            moments._zones[timezone(offset * _MICROSECOND)] = number
        return moments

    @property
    def microseconds(self) -> NDArray[np.int64]:
        return np.array(self._microseconds, np.int64)
