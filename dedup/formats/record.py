"""What a format yields, and what a reader makes of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from dedup.article import Article

__all__ = ["Record", "Row", "RowGroup"]

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a format sees it: named fields, no meaning yet.

    Attributes
    ----------
    raw : bytes
        The record as it stands in the file, without its line feed.
    line : int | None
        1-based line or record number, where the format has one.
    fields : Mapping[str, object] | None
        Field names as the file spells them; ``None`` for a broken record.
    problem : str | None
        Why the record is broken, and how to mend it.
    kind : str | None
        The problem in two or three words, for counting.
    is_aside : bool
        Whether no article was to be expected here (a picture in a web archive):
        counted, and no error.
    spelled : Mapping[str, str]
        Where the format names the fields itself: what the file calls them.
    """

    raw: bytes
    line: int | None
    fields: Mapping[str, object] | None
    problem: str | None = None
    kind: str | None = None
    is_aside: bool = False
    spelled: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Some rows that stand one behind another, to be read in one of two ways.

    Attributes
    ----------
    line : int
        Where the first stands.
    rows : Callable[[], Iterable[Row]]
        Reads them one by one, broken ones included.
    fields : Callable[[], Sequence[Mapping[str, object]] | None]
        Reads them all at once: what each holds, under the names that the file
        spells, in texts that can be encoded; they stand one a line; a number of
        2**63 or more may have been rounded. None if a row needs a look by itself.
    """

    line: int
    rows: Callable[[], Iterable[Row]]
    fields: Callable[[], Sequence[Mapping[str, object]] | None]


@dataclass(frozen=True, slots=True)
class Record:
    """One article, and the bytes it came from.

    Attributes
    ----------
    article : Article
        The article.
    raw : bytes
        The input line without its line feed, or a whole .txt file.
    path : str
        The file, as the caller named it or as found in a folder; ``"-"`` is
        standard input.
    line : int | None
        1-based line number; ``None`` where a file is one record.
    """

    article: Article
    raw: bytes
    path: str
    line: int | None
