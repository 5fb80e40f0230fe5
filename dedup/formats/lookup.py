"""Articles by id, read again from their feeds."""

from collections.abc import Container, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

from dedup.article import Article
from dedup.errors import InputError
from dedup.formats.aside import Aside
from dedup.formats.feeds import read_records
from dedup.formats.reader import Paths
from dedup.formats.remembered import Extract

__all__ = ["ArticleLookup"]


class ArticleLookup:
    """Some articles of feeds by id; their texts wait in a temporary file.

    A context manager: the file goes with it.

    Parameters
    ----------
    feeds, fields, skip_invalid, extract
        As for :func:`~dedup.formats.read_records`.
    ids : Container[str]
        The articles wanted; memory is for these, without their texts.
    """

    def __init__(
        self,
        feeds: Paths,
        ids: Container[str],
        *,
        fields: Mapping[str, str] | None = None,
        skip_invalid: bool = False,
        extract: Extract = "best",
    ) -> None:
        self._texts = Aside()
        self._articles: dict[str, tuple[Article, tuple[int, int]]] = {}
        for record in read_records(
            feeds, fields=fields, skip_invalid=skip_invalid, extract=extract
        ):
            article = record.article
            if article.id in ids:
                place = self._texts.put(article.text.encode("utf-8", "surrogatepass"))
                self._articles[article.id] = (replace(article, text=""), place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._texts.close()

    def __call__(self, identity: str) -> Article:
        """Return an article with its text.

        Raises
        ------
        InputError
            The feeds have no such article any more.
        """
        if identity not in self._articles:
            raise InputError(f"{identity}: not in the feeds any more; were they changed meanwhile?")
        article, place = self._articles[identity]
        return replace(article, text=self._texts.get(place).decode("utf-8", "surrogatepass"))
