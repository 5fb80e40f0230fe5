"""Feeds as the records or the articles in them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dedup.article import Article
from dedup.formats.reader import Paths, RecordReader
from dedup.formats.remembered import Extract

if TYPE_CHECKING:
    from dedup.columns import ArticleColumns, Each, Look

__all__ = ["ArticleReader", "read_articles", "read_records"]


class ArticleReader(Iterator[Article]):
    """An iterator over the articles that a `RecordReader` reads, made by `read_articles`."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    def __next__(self) -> Article:
        return next(self._records).article

    def columns(
        self, each: "Each | None" = None, look: "Look | None" = None
    ) -> "Iterator[ArticleColumns]":
        """Yield the articles that are left as columns, as `RecordReader.columns` does."""
        return self._records.columns(each, look)

    @property
    def has_unique_ids(self) -> bool:
        """No two articles have the same id: what has one that was seen before is broken."""
        return self._records.has_unique_ids

    def notes(self) -> list[str]:
        """Return what a user should know about the reading, as `RecordReader.notes` does."""
        return self._records.notes()


def read_records(
    paths: Paths,
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
    unique_ids: bool = True,
    extract: Extract = "best",
) -> RecordReader:
    r"""Read the records of feeds, one after another.

    Parameters
    ----------
    paths : str, path-like or an iterable of them
        Files, folders, globs; ``"-"`` is standard input.
    fields : Mapping[str, str] | None
        Where the usual names do not hold: ``{"text": "story.body"}``.
    skip_invalid : bool
        Leave broken records out and count them, where the default is to stop
        at the first. A file that breaks as a whole always stops.
    unique_ids : bool
        Treat an id that was seen before as a broken record.
    extract : str or RememberedPages
        How the main text of web pages is found: ``"best"``, or ``"fast"`` in a
        quarter of the time.

    Returns
    -------
    RecordReader
        An iterator of `Record`; it also has the counts.

    Raises
    ------
    InputError
        If a path is missing or holds nothing to read; `FormatError` while
        reading, if a file is of no known format or most of its records have no
        text; `RecordError` while reading,
        at the first broken record.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = tempfile.TemporaryDirectory()
    >>> feed = pathlib.Path(folder.name, "feed.jsonl")
    >>> _ = feed.write_text('{"guid": "a1", "body": "Rain fell."}\nnonsense\n')
    >>> reader = read_records(feed, skip_invalid=True)
    >>> [record.article.id for record in reader], dict(reader.skipped)
    (['a1'], {'broken JSON': 1})
    >>> folder.cleanup()
    """
    return RecordReader(
        paths, fields=fields, skip_invalid=skip_invalid, unique_ids=unique_ids, extract=extract
    )


def read_articles(
    paths: Paths,
    *,
    fields: Mapping[str, str] | None = None,
    skip_invalid: bool = False,
    unique_ids: bool = True,
    extract: Extract = "best",
) -> ArticleReader:
    """Read the articles of feeds; as `read_records`, without the bytes and the counts."""
    reader = read_records(
        paths, fields=fields, skip_invalid=skip_invalid, unique_ids=unique_ids, extract=extract
    )
    return ArticleReader(reader)
