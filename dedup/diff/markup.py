"""Wire markup: text for machines that stands inside an article's prose.

``[USN:L6N44I0WH TEXT:"convened a meeting"]`` links a story to another; only
its quoted words are prose. ``<AAPL.O>`` names a ticker. Neither counts as an
edit of substance when a copy sets it or leaves it out.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

__all__ = ["hidden_tokens", "without_markup"]

_MARKUP = re.compile(
    r'\[[A-Z]{2,5}:[A-Za-z0-9._-]{1,40} TEXT:(?=")'  # the link, up to its words
    r"|\[(?:n|nn|ID:n)[A-Z0-9]{6,14}\]"  # a reference to another story
    r"|<[.=^0-9A-Z][.=^0-9A-Za-z]{0,20}>"  # an instrument code
)


#: What a link leaves in a run of words that ends, or begins, inside it.
_TORN = re.compile(r'\[[A-Z]{2,5}:[A-Za-z0-9._-]{1,40}(?: TEXT:"?)?|"\]')


def without_markup(run: str) -> str:
    """Return a run of words as a reader knows it, for a summary."""
    return " ".join(_MARKUP.sub(" ", _TORN.sub(" ", run)).split())


def hidden_tokens(text: str, starts: Sequence[int]) -> frozenset[int]:
    """Return the indexes of the tokens that are markup, by their starts. O(len(text))."""
    if "[" not in text and "<" not in text:
        return frozenset()
    hidden: set[int] = set()
    for found in _MARKUP.finditer(text):
        first = bisect_left(starts, found.start())
        hidden.update(range(first, bisect_left(starts, found.end(), lo=first)))
    return frozenset(hidden)
