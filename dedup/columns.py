"""Articles as columns of bytes and numbers, without an object for each value."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Generic, Protocol, TypeVar, overload, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dedup.article import BLOCKS, UNDATED, Article, hosts_of, moment_of

__all__ = [
    "ArticleColumns",
    "Each",
    "HasColumns",
    "Look",
    "MomentColumn",
    "NameColumn",
    "TextColumn",
]

#: Readable bytes that a buffer has behind its last text: loops look at as many at a time.
_PADDING = bytes(64)
#: Texts that may be absent, or that never are.
Text = TypeVar("Text", bound=str | None)
Item = TypeVar("Item")
Result = TypeVar("Result")

#: What UTF-8 never holds stands for no text.
_NO_TEXT = b"\xff"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class TextColumn(Sequence[Text], Generic[Text]):
    """A column of n texts in one buffer; each is made when asked for.

    Parameters
    ----------
    buffer : uint8
        UTF-8, lone surrogates as three bytes each; ``0xff`` alone is no text.
    offsets : int64 of shape (n + 1,)
        Where each text starts in it, and where the last ends.
    """

    def __init__(self, buffer: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self.buffer, self.offsets = buffer, offsets

    @classmethod
    def of(cls, texts: Iterable[Text]) -> "TextColumn[Text]":
        """Return a column of texts."""
        encoded = [_NO_TEXT if t is None else t.encode("utf-8", "surrogatepass") for t in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(raw) for raw in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join([*encoded, _PADDING]), np.uint8), offsets)

    @classmethod
    def joined(cls, parts: "Sequence[TextColumn[Text]]") -> "TextColumn[Text]":
        """Return some columns one behind another."""
        offsets = np.concatenate(([0], np.cumsum(np.concatenate([part.sizes for part in parts]))))
        encoded = [part.encoded for part in parts]
        return cls(np.concatenate([*encoded, np.frombuffer(_PADDING, np.uint8)]), offsets)

    @property
    def encoded(self) -> NDArray[np.uint8]:
        """The bytes of all texts, and no others."""
        return self.buffer[self.offsets[0] : self.offsets[-1]]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Bytes of each text, one where there is none; shape (n,)."""
        return np.diff(self.offsets)

    @property
    def is_absent(self) -> NDArray[np.bool_]:
        """Where there is no text; shape (n,)."""
        starts = self.offsets[:-1]
        absent: NDArray[np.bool_] = np.diff(self.offsets) == 1
        absent[absent] = self.buffer[starts[absent]] == _NO_TEXT[0]
        return absent

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[Text]:
        raw = self.encoded.tobytes()
        spans = pairwise((self.offsets - self.offsets[0]).tolist())
        if raw.isascii():  # no text is absent
            text = raw.decode("ascii")
            return iter([text[start:end] for start, end in spans])  # type: ignore[misc]
        return iter([self._decoded(raw[start:end]) for start, end in spans])

    @overload
    def __getitem__(self, place: int) -> Text: ...
    @overload
    def __getitem__(self, place: slice) -> "TextColumn[Text]": ...
    def __getitem__(self, place: int | slice) -> "Text | TextColumn[Text]":
        """Return a text, or a column of some that stand one behind another."""
        if isinstance(place, slice):
            start, end, step = place.indices(len(self))
            if step != 1:
                raise ValueError("texts one behind another are a column, no others")
            return TextColumn(self.buffer, self.offsets[start : max(start, end) + 1])
        i = range(len(self))[place]
        return self._decoded(self.buffer[self.offsets[i] : self.offsets[i + 1]].tobytes())

    @staticmethod
    def _decoded(raw: bytes) -> Text:
        # A column of texts that are all there has no other.
        return None if raw == _NO_TEXT else raw.decode("utf-8", "surrogatepass")  # type: ignore[return-value]


class NameColumn(Sequence[str | None]):
    """A column of n names, each of which stands in many places.

    Parameters
    ----------
    known : sequence of str or None
        The different ones.
    codes : int32 of shape (n,)
        The place of each in these.
    """

    def __init__(self, known: Sequence[str | None], codes: NDArray[np.int32]) -> None:
        self.known, self.codes = known, codes

    @classmethod
    def of(cls, names: Sequence[str | None]) -> "NameColumn":
        """Return a column of names."""
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        return cls(list(numbers), np.array([numbers[name] for name in names], np.int32))

    @classmethod
    def joined(cls, parts: "Sequence[NameColumn]") -> "NameColumn":
        """Return some columns one behind another."""
        known = NameColumn.of([name for part in parts for name in part.known])
        starts = np.cumsum([0, *(len(part.known) for part in parts)])
        codes = [
            known.codes[start + part.codes] for start, part in zip(starts, parts, strict=False)
        ]
        return cls(known.known, np.concatenate(codes))

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[str | None]:
        return map(self.known.__getitem__, self.codes.tolist())

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> "NameColumn": ...
    def __getitem__(self, place: int | slice) -> "str | NameColumn | None":
        """Return a name, or a column of some."""
        if isinstance(place, slice):
            return NameColumn(self.known, self.codes[place])
        return self.known[int(self.codes[place])]


class MomentColumn(Sequence[datetime | None]):
    """A column of n publication dates.

    Parameters
    ----------
    microseconds : int64 of shape (n,)
        Since 1970; ``UNDATED`` where there is no date.
    offsets : int64 of shape (n,)
        Microseconds from UTC of each one's zone, 0 where there is no date.
    """

    def __init__(self, microseconds: NDArray[np.int64], offsets: NDArray[np.int64]) -> None:
        self.microseconds, self.offsets = microseconds, offsets

    @classmethod
    def of(cls, moments: Sequence[datetime | None]) -> "MomentColumn":
        """Return a column of dates."""
        offsets = [
            (moment.utcoffset() or timedelta()) // _MICROSECOND if moment else 0
            for moment in moments
        ]
        microseconds = [moment_of(moment) for moment in moments]
        return cls(np.array(microseconds, np.int64), np.array(offsets, np.int64))

    @classmethod
    def joined(cls, parts: "Sequence[MomentColumn]") -> "MomentColumn":
        """Return some columns one behind another."""
        return cls(
            np.concatenate([part.microseconds for part in parts]),
            np.concatenate([part.offsets for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.microseconds)

    @overload
    def __getitem__(self, place: int) -> datetime | None: ...
    @overload
    def __getitem__(self, place: slice) -> "MomentColumn": ...
    def __getitem__(self, place: int | slice) -> "datetime | MomentColumn | None":
        """Return a date, or a column of some."""
        if isinstance(place, slice):
            return MomentColumn(self.microseconds[place], self.offsets[place])
        microseconds = int(self.microseconds[place])
        if microseconds == UNDATED:
            return None
        zone = timezone(int(self.offsets[place]) * _MICROSECOND)
        return (_EPOCH + microseconds * _MICROSECOND).astimezone(zone)


@dataclass(frozen=True, slots=True)
class ArticleColumns:
    """Some articles as a column for each field.

    A few long columns are made and passed on in a fraction of the time that many
    small objects take. Of what was extra there are only the ``blocks``: where the
    lines of a text came from. ``sites`` are :attr:`Article.site` of each.
    """

    ids: TextColumn[str]
    texts: TextColumn[str]
    titles: TextColumn[str | None]
    urls: TextColumn[str | None]
    sources: NameColumn
    sites: NameColumn
    published: MomentColumn
    blocks: Sequence[object]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> "ArticleColumns":
        """Return the columns of some articles."""
        urls = [article.url for article in articles]
        sources = [article.source for article in articles]
        sites = [host or source for host, source in zip(hosts_of(urls), sources, strict=True)]
        return cls(
            TextColumn.of([article.id for article in articles]),
            TextColumn.of([article.text for article in articles]),
            TextColumn.of([article.title for article in articles]),
            TextColumn.of(urls),
            NameColumn.of(sources),
            NameColumn.of(sites),
            MomentColumn.of([article.published for article in articles]),
            [article.extra.get(BLOCKS) for article in articles],
        )

    @classmethod
    def joined(cls, parts: "Sequence[ArticleColumns]") -> "ArticleColumns":
        """Return some columns with others behind them."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            TextColumn.joined([part.ids for part in parts]),
            TextColumn.joined([part.texts for part in parts]),
            TextColumn.joined([part.titles for part in parts]),
            TextColumn.joined([part.urls for part in parts]),
            NameColumn.joined([part.sources for part in parts]),
            NameColumn.joined([part.sites for part in parts]),
            MomentColumn.joined([part.published for part in parts]),
            [block for part in parts for block in part.blocks],
        )

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, start: int, end: int) -> "ArticleColumns":
        """Return articles start to end."""
        columns = (getattr(self, name)[start:end] for name in self.__slots__)
        return ArticleColumns(*columns)


#: Looks at texts while they are in the processor's cache.
Look = Callable[[TextColumn[str]], TextColumn[str]]


class Each(Protocol):
    """Does something to each of many things, some of them at once; results are in order."""

    def __call__(
        self, function: Callable[[Item], Result], items: Iterable[Item], /
    ) -> Iterator[Result]:
        """Yield ``function(item)`` of each item."""
        ...


@runtime_checkable
class HasColumns(Protocol):
    """Articles that can also be had as columns."""

    def columns(
        self, each: Each | None = None, look: Look | None = None
    ) -> Iterator[ArticleColumns]:
        """Yield the articles that are left, some at a time.

        Parameters
        ----------
        each : callable | None
            Does what other threads could do; without it all is done in this one.
        look : callable | None
            Is given texts by the thread that has just read them, where there are many,
            and returns them, perhaps with what it found.
        """
        ...
