"""The main text of an article: without what its site was seen to repeat."""

import re

from dedup.article import Article
from dedup.boilerplate.chrome import LEARNED, find_chrome
from dedup.boilerplate.learned import Boilerplate
from dedup.text import tokenize

__all__ = ["ROW_KEYS", "article_row", "main_text"]

ROW_KEYS = ("id", "title", "url", "source", "published", "text")

_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_WORD = re.compile(r"\w")


def main_text(article: Article, boilerplate: Boilerplate, *, seed: int = 0) -> str:
    """Return an article's text without what its site repeats.

    What only looks like chrome stays: of a text that an extractor found, cues would
    take more of the article than of the chrome.

    Parameters
    ----------
    article : Article
        With its text.
    boilerplate : Boilerplate
        What the sites repeat, as a run learned it.
    seed : int
        Of the recipe that it was learned with.

    Examples
    --------
    >>> main_text(Article("1", "Rain fell."), Boilerplate())
    'Rain fell.'
    """
    tokens = tokenize(article.text)
    chrome = find_chrome(article, tokens, boilerplate, seed=seed)
    spans = [(start, end) for start, end, reason in chrome.spans(tokens) if reason == LEARNED]
    return _without(article.text, spans) if spans else article.text


def article_row(article: Article, boilerplate: Boilerplate, *, seed: int = 0) -> dict[str, object]:
    """Return an article as a row with the keys `ROW_KEYS` and its main text."""
    row: dict[str, object] = {key: getattr(article, key) for key in ROW_KEYS}
    return row | {"text": main_text(article, boilerplate, seed=seed)}


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Cut stretches out, and of the lines they leave those that hold no word any more."""
    kept = []
    at = line_start = 0
    for line in text.splitlines(keepends=True):
        line_end = line_start + len(line)
        parts = []
        begin = line_start
        while at < len(spans) and spans[at][0] < line_end:
            start, end = spans[at]
            parts.append(text[begin : max(start, begin)])
            begin = min(max(end, begin), line_end)
            if end > line_end:
                break
            at += 1
        rest = "".join([*parts, text[begin:line_end]])
        if not parts or _WORD.search(rest):
            kept.append(rest)
        line_start = line_end
    return _BLANK_LINES.sub("\n\n", "".join(kept)).strip()
