"""The title apart from the body: a line that repeats it is no text of the article."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dedup.article import Article
from dedup.boilerplate.chrome import Chrome, find_chrome
from dedup.boilerplate.learned import Boilerplate
from dedup.boilerplate.units import unit_lengths
from dedup.text import Tokens, tokenize

if TYPE_CHECKING:
    from dedup.kernels.reading import ReadTexts

__all__ = ["TITLE", "find_chrome_and_title", "with_title"]

#: The reason given for a line that repeats the title.
TITLE = "the title"


def find_chrome_and_title(
    article: Article, tokens: Tokens, boilerplate: Boilerplate | None
) -> Chrome:
    """Tell the chrome of an article as ``match`` does, and the units that repeat its title.

    What the units are judged by stays as ``match`` has it.
    """
    chrome = find_chrome(article, tokens, boilerplate)
    return replace(chrome, reasons=_with_title(article, tokens, chrome.reasons))


def _with_title(
    article: Article, tokens: Tokens, reasons: Sequence[str | None]
) -> Sequence[str | None]:
    title = tokenize(article.title).words if article.title else []
    if not title or not tokens.units:
        return reasons
    return [
        TITLE if tokens.words[first:last] == title else reason
        for (first, last), reason in zip(tokens.unit_ranges(), reasons, strict=True)
    ]


def with_title(
    title: str | None, read: "ReadTexts", i: int, reasons: Sequence[str | None]
) -> Sequence[str | None]:
    """Return the reasons of text i's units, and of those that repeat its title."""
    if not title:
        return reasons
    from dedup.kernels.tokenise import tokenise_texts

    words, tokens, units = (
        tokenise_texts([title]).tokens,
        read.batch.tokens_of(i),
        read.batch.units_of(i),
    )
    marked = list(reasons)
    for unit in np.flatnonzero(unit_lengths(len(tokens), units) == len(words)):
        if len(words) and np.array_equal(tokens[units[unit] :][: len(words)], words):
            marked[unit] = TITLE
    return marked
