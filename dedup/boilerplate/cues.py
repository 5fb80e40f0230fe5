"""Site chrome found by prose cues alone: no learning, no markup.

The body of an article is the stretch of lines that holds the most prose for
the least else. Above and below it stand headline, byline, menu, prompts and
lists of headlines; inside it a run of tiny lines is a box.
"""

from dedup.boilerplate.lines import Line, read_lines
from dedup.text import Tokens

__all__ = ["cue_chrome"]

#: A line of prose ends as a sentence does and has at least this many words.
MIN_PROSE_WORDS = 8
#: A line without a final mark is prose from here on.
MIN_LONG_WORDS = 30
#: What a line that is no prose costs a stretch, in words.
GAP_COST = 5
#: This many short lines in a row inside the body are a box.
MIN_BOX_LINES = 3


def cue_chrome(text: str, tokens: Tokens) -> list[str | None]:
    """Return for each unit why it is site chrome by cues alone, or None.

    Parameters
    ----------
    text : str
        The article as scraped.
    tokens : Tokens
        Its tokens.

    Examples
    --------
    >>> from dedup.text import tokenize
    >>> text = "Menu\\nSport\\nThe town council voted on Monday to close the old bridge."
    >>> cue_chrome(text, tokenize(text))
    ['above the lead', 'above the lead', None]
    """
    lines = read_lines(text, tokens)
    reasons: list[str | None] = [None] * len(tokens.units)
    first, last = _body(lines)
    box = 0
    for number, line in enumerate(lines):
        reason = None
        if number < first:
            reason = "above the lead"
        elif number >= last:
            reason = "menu or list of headlines"
        elif not _is_prose(line):
            box += 1
            continue
        if box >= MIN_BOX_LINES:
            for inner in lines[number - box : number]:
                _mark(reasons, inner, "menu or list of headlines")
        box = 0
        if reason:
            _mark(reasons, line, reason)
    return reasons


def _mark(reasons: list[str | None], line: Line, reason: str) -> None:
    reasons[line.first : line.last] = [reason] * (line.last - line.first)


def _is_prose(line: Line) -> bool:
    return line.words >= MIN_LONG_WORDS or (line.has_stop and line.words >= MIN_PROSE_WORDS)


def _body(lines: list[Line]) -> tuple[int, int]:
    """Return the stretch of lines with the greatest sum (Kadane); linear."""
    best, best_span = 0, (0, len(lines))
    total = start = 0
    for number, line in enumerate(lines):
        if total <= 0:
            total, start = 0, number
        total += line.words if _is_prose(line) else -GAP_COST
        if total > best:
            best, best_span = total, (start, number + 1)
    return best_span
