"""The title apart from the body: a line that repeats it is no text of the article."""

from collections.abc import Sequence
from dataclasses import replace

from dedup.article import Article
from dedup.boilerplate.chrome import Chrome, find_chrome
from dedup.boilerplate.learned import Boilerplate
from dedup.shingles import Hashes
from dedup.text import Tokens, tokenize

__all__ = ["TITLE", "find_chrome_and_title"]

#: The reason given for a line that repeats the title.
TITLE = "the title"


def find_chrome_and_title(
    article: Article, tokens: Tokens, boilerplate: Boilerplate | None, hashes: Hashes | None = None
) -> Chrome:
    """Tell the chrome of an article as ``match`` does, and the units that repeat its title.

    What the units are judged by stays as ``match`` has it.
    """
    chrome = find_chrome(article, tokens, boilerplate, hashes=hashes)
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
