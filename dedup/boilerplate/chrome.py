"""What of one article is its site's own text: learned, or told by cues."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.article import BLOCKS, Article
from dedup.boilerplate.cues import cue_chrome
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.boilerplate.units import unit_hashes
from dedup.shingles import Hashes, token_hashes
from dedup.text import Tokens

__all__ = ["LEARNED", "Chrome", "ChromeSpan", "find_chrome", "with_learned"]

#: (start, end, reason) of a stretch of chrome; code points.
ChromeSpan = tuple[int, int, str]

#: The reason given for what the site repeats.
LEARNED = "repeated by the site"


@dataclass(frozen=True, slots=True)
class Chrome:
    """The chrome of one article, by units, and what it was judged with.

    Attributes
    ----------
    reasons : Sequence[str | None]
        For each unit of the tokens why it is chrome, or ``None``.
    is_by_cues : bool of shape (units,)
        Whether cues alone call the unit chrome.
    hashes : uint64 of shape (n,)
        Of the tokens.
    learned : SiteBoilerplate
        Of the article's site.
    """

    reasons: Sequence[str | None]
    is_by_cues: NDArray[np.bool_]
    hashes: Hashes
    learned: SiteBoilerplate

    def spans(self, tokens: Tokens) -> list[ChromeSpan]:
        """Return the chrome units as stretches of text, sorted and disjoint."""
        return [
            (tokens.starts[first], tokens.ends[last - 1], reason)
            for (first, last), reason in zip(tokens.unit_ranges(), self.reasons, strict=True)
            if reason is not None
        ]

    def is_out(self, units: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Say of each unit whether a verdict leaves it out; ``units`` as in the tokens."""
        if not len(self.learned.units):
            return self.is_by_cues
        return self.is_by_cues | self.learned.has_units(unit_hashes(self.hashes, units))


def find_chrome(
    article: Article, tokens: Tokens, boilerplate: Boilerplate | None = None, *, seed: int = 0
) -> Chrome:
    """Tell the chrome of an article.

    Parameters
    ----------
    tokens : Tokens
        Of the article's text.
    boilerplate : Boilerplate | None
        What the sites repeat; a site that it knows too little of is judged by cues.
    seed : int
        Of the recipe.
    """
    learned = (boilerplate or Boilerplate()).of(article.site)
    reasons: list[str | None] = [None] * len(tokens.units)
    if learned.needs_cues:
        reasons = cue_chrome(article.text, tokens, article.extra.get(BLOCKS))
    is_by_cues = np.array([reason is not None for reason in reasons], np.bool_)
    hashes = token_hashes(tokens.words, seed)
    units = np.array(tokens.units, np.uint32)
    return Chrome(with_learned(reasons, hashes, units, learned), is_by_cues, hashes, learned)


def with_learned(
    reasons: list[str | None],
    hashes: Hashes,
    units: NDArray[np.uint32],
    learned: SiteBoilerplate,
) -> list[str | None]:
    """Return the reasons of units, those that the site repeats among them."""
    if not len(learned.units):
        return reasons
    is_known = learned.has_units(unit_hashes(hashes, units))
    return [
        LEARNED if known else reason
        for reason, known in zip(reasons, is_known.tolist(), strict=True)
    ]
