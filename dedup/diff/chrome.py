"""What of an article is its site's own text: learned, or told by cues."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dedup.article import Article
from dedup.boilerplate import cue_chrome
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.boilerplate.units import unit_hashes
from dedup.shingles import Hashes, token_hashes
from dedup.text import Tokens, tokenize

__all__ = ["LEARNED", "TITLE", "Chrome", "ChromeSpan", "find_chrome"]

#: (start, end, reason) of a stretch of chrome.
ChromeSpan = tuple[int, int, str]

#: The reason given for what the site repeats.
LEARNED = "repeated by the site"
#: The reason given for a line that repeats the title.
TITLE = "the title"


@dataclass(frozen=True, slots=True)
class Chrome:
    """The chrome of one article, by units, and what it was judged with.

    Attributes
    ----------
    reasons : Sequence[str | None]
        For each unit of the tokens why it is chrome, or ``None``.
    is_by_cues : Sequence[bool]
        For each unit whether cues alone call it chrome.
    hashes : uint64 of shape (n,)
        Of the tokens.
    learned : SiteBoilerplate
    """

    reasons: Sequence[str | None]
    is_by_cues: Sequence[bool]
    hashes: Hashes
    learned: SiteBoilerplate

    def spans(self, tokens: Tokens) -> list[ChromeSpan]:
        """Return the stretches of chrome, sorted and disjoint."""
        if not tokens.units:
            return []
        return [
            (tokens.starts[first], tokens.ends[last - 1], reason)
            for (first, last), reason in zip(tokens.unit_ranges(), self.reasons, strict=True)
            if reason is not None
        ]


def find_chrome(article: Article, tokens: Tokens, boilerplate: Boilerplate | None) -> Chrome:
    """Tell the chrome of an article as ``match`` does.

    Parameters
    ----------
    article : Article
    tokens : Tokens
        Of its text.
    boilerplate : Boilerplate | None
        A site that it knows too little of is judged by cues.
    """
    learned = (boilerplate or Boilerplate()).of(article.site)
    reasons: list[str | None] = [None] * len(tokens.units)
    if learned.needs_cues:
        reasons = cue_chrome(article.text, tokens)
    is_by_cues = [reason is not None for reason in reasons]
    reasons = _without_title(article, tokens, reasons)
    hashes = token_hashes(tokens.words)
    if len(learned.units):
        units = unit_hashes(hashes, np.array(tokens.units, np.uint32))
        is_learned = learned.has_units(units).tolist()
        reasons = [
            LEARNED if is_known else reason
            for reason, is_known in zip(reasons, is_learned, strict=True)
        ]
    return Chrome(reasons, is_by_cues, hashes, learned)


def _without_title(
    article: Article, tokens: Tokens, reasons: Sequence[str | None]
) -> list[str | None]:
    """Set apart the units that repeat the article's title."""
    title = tokenize(article.title).words if article.title else []
    if not title or not tokens.units:
        return list(reasons)
    return [
        TITLE if tokens.words[first:last] == title else reason
        for (first, last), reason in zip(tokens.unit_ranges(), reasons, strict=True)
    ]
