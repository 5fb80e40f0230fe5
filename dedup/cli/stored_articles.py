"""Articles of a filter's index, and what it knows of their sites."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article import Article
    from dedup.boilerplate.learned import Boilerplate
    from dedup.detector import Explanation
    from dedup.fingerprint import Recipe
    from dedup.index import Index

__all__ = ["by_posted_keys", "read_stored"]

_VERSIONS = 1000


def read_stored(url: str, ids: "Sequence[str]") -> "tuple[list[Article], Boilerplate, Recipe]":
    """Read articles by id, the newest version of each.

    Raises
    ------
    InputError
        One is not there, or the index keeps no texts.
    """
    from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
    from dedup.index import open_index

    with open_index(url, create=False) as index, index.snapshot():
        articles = [_article(index, one) for one in ids]
        sites = {
            state.name: SiteBoilerplate(state.learned_from, state.units, state.shingles)
            for article in articles
            if (state := index.site(article.site or "")) is not None
        }
        return articles, Boilerplate(sites), index.settings.recipe


def by_posted_keys(found: "Explanation") -> "Explanation":
    """Return an explanation without bands, which no index posts."""
    from dedup.index.keys import Family

    shared = found.shared_keys.copy()
    shared.pop(Family.BAND, None)
    return replace(found, shared_keys=shared)


def _article(index: "Index", wanted: str) -> "Article":
    from dedup.index.names import id_key
    from dedup.index.seal import unpack_text

    for row in index.rows(index.numbers_of(id_key(wanted), _VERSIONS)):
        if row.id == wanted:
            packed = index.text_of(row.number)
            if packed is None:
                raise InputError(
                    f"{wanted}: {index.url} keeps no texts; name the feeds instead of --index: "
                    "dedup explain A B FEED..., dedup diff FEED#A FEED#B"
                )
            return row.article(unpack_text(packed))
    raise InputError(f"{wanted}: no article in {index.url} has this id")
