"""What is a site's own text: told by one side, and by comparing the two."""

from dedup.boilerplate import cue_chrome
from dedup.text import Tokens

__all__ = ["CERTAIN", "ChromeSpans", "find_chrome"]

#: Reasons so sure that text stays chrome even if both articles have it.
CERTAIN = frozenset({"learned"})

#: (start, end, reason) of stretches of chrome, sorted and disjoint.
ChromeSpans = list[tuple[int, int, str]]


def find_chrome(text: str, tokens: Tokens) -> ChromeSpans:
    """Return the chrome of one text as code-point spans."""
    spans: ChromeSpans = []
    reasons = cue_chrome(text, tokens)
    for (first, last), reason in zip(tokens.unit_ranges(), reasons, strict=True):
        if reason is not None:
            spans.append((tokens.starts[first], tokens.ends[last - 1], reason))
    return spans
