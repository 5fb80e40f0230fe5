"""Site chrome found by prose cues: no learning, and markup only where it is known.

Around the body (see :mod:`dedup.boilerplate.body`) stand headline, byline, menu,
prompts and lists of headlines; inside it a run of short lines with a tell-tale
phrase is a box. Prose is chrome only on a strong cue.
"""

from __future__ import annotations

from dedup.boilerplate.body import Body, find_body, is_comment_heading, is_notice
from dedup.boilerplate.lines import Line, read_lines
from dedup.boilerplate.marked import read_blocks, weigh_markup
from dedup.boilerplate.phrases import load_phrases
from dedup.boilerplate.topic import Topic
from dedup.kernels.cue_numbers import (
    CREDIT_UNITS,
    MAX_CUE_WORDS,
    MAX_TINY_WORDS,
    MAX_WORDS_AFTER_CREDIT,
    MIN_BOX_LINES,
    MIN_MENU_LINES,
)  # fmt: skip
from dedup.text import Tokens

__all__ = ["ABOVE", "CREDIT", "LISTS", "REASONS", "cue_chrome", "cue_headings"]

ABOVE = "above the lead"
LISTS = "menu or list of headlines"
CREDIT = "credit or source"
#: Kind of phrase -> what a line with it is, the strongest first.
REASONS = {
    "comment": "reader comments",
    "legal": "legal notice",
    "prompt": "subscription or sharing prompt",
    "social": "subscription or sharing prompt",
    "credit": CREDIT,
    "related": LISTS,
}


def cue_chrome(text: str, tokens: Tokens, blocks: object = None) -> list[str | None]:
    r"""Return for each unit why it is site chrome by cues alone, or None.

    Parameters
    ----------
    text : str
        The article as scraped.
    tokens : Tokens
        Its tokens.
    blocks : object
        What the article's record has as "blocks": see `dedup.boilerplate.marked`.

    Returns
    -------
    list[str | None]
        A short reason for each of ``tokens.units``; linear in the text.

    Examples
    --------
    >>> from dedup.text import tokenize
    >>> text = "Menu\nSport\nThe town council voted on Monday to close the old bridge."
    >>> cue_chrome(text, tokenize(text))
    ['above the lead', 'above the lead', None]
    """
    lines = read_lines(text, tokens)
    reasons: list[str | None] = [None] * len(tokens.units)
    body = find_body(lines)
    if body is not None:
        topic = Topic(lines, body, tokens)
        _judge_outside(lines, body, topic, reasons)
        _judge_inside(lines, body, reasons)
        _judge_credits(tokens, lines[: body.last], topic, reasons)
    marked = read_blocks(blocks, len(text))
    return weigh_markup(marked, tokens, reasons) if marked else reasons


def cue_headings(text: str, tokens: Tokens) -> list[bool]:
    """Return for each unit whether it stands above the lead.

    Headline, standfirst, byline, photo caption and whatever the page's head holds.
    """
    lines = read_lines(text, tokens)
    body = find_body(lines)
    count = lines[body.first].first if body else 0
    return [unit < count for unit in range(len(tokens.units))]


def _reason(line: Line) -> str | None:
    """Return what a line's own phrases say it is."""
    if not line.kinds:
        return None
    if line.has_count and is_comment_heading(line):
        return REASONS["comment"]
    hits = sum(line.kinds.get(kind, 0) for kind in REASONS)
    if hits == line.kinds.get("social") == 1 and line.words > MAX_TINY_WORDS:
        return None
    if not hits or (line.words > MAX_CUE_WORDS and hits * MAX_CUE_WORDS < line.words):
        return None
    if hits == line.kinds.get("comment") and not is_comment_heading(line):
        return None
    return next(reason for kind, reason in REASONS.items() if kind in line.kinds)


def _mark(reasons: list[str | None], line: Line, reason: str) -> None:
    reasons[line.first : line.last] = [reason] * (line.last - line.first)


def _judge_outside(lines: list[Line], body: Body, topic: Topic, reasons: list[str | None]) -> None:
    """Judge what stands above and below the body.

    Right under a body, up to the first tell-tale line, lists and tables may be its
    own, and so may what speaks of its topic or a last line or two; right above it a
    paragraph is; beside a body too short to be sure of, any line may be.
    """
    above, below = range(body.first), range(body.last, len(lines))
    own = {number: _reason(lines[number]) for number in (*above, *below)}
    lead = max((n for n in above if own[n]), default=-1) + 1
    tail = next((n for n in below if own[n]), len(lines))
    is_brief = tail == len(lines) and len(below) < MIN_BOX_LINES
    for number in (*above, *below):
        line, reason = lines[number], own[number]
        is_close = lead <= number < tail
        if reason is None and is_close:
            if not body.is_sure and line.words > MAX_TINY_WORDS:
                continue
            if number >= body.last and (is_brief or _is_listed(line)):
                continue
            if topic.holds(line) if number >= body.last else body.prose[number]:
                continue
        _mark(reasons, line, reason or (ABOVE if number < body.first else LISTS))


def _is_listed(line: Line) -> bool:
    """Whether a line under the body may be the last of its facts: a list, a table."""
    return line.is_bulleted or line.digits * 5 >= line.looked_at or "date" in line.kinds


def _judge_inside(lines: list[Line], body: Body, reasons: list[str | None]) -> None:
    run: list[Line] = []
    for number in range(body.first, body.last):
        line = lines[number]
        if not body.prose[number]:
            run.append(line)
            continue
        _judge_run(run, reasons)
        run = []
        if is_notice(line):
            _mark(reasons, line, REASONS["legal" if "legal" in line.kinds else "prompt"])
    _judge_run(run, reasons)


def _judge_run(run: list[Line], reasons: list[str | None]) -> None:
    """Judge short lines between two paragraphs."""
    if not run:
        return
    cued = [_reason(line) for line in run]
    cues = sum(own is not None for own in cued)
    listed = sum(_is_listed(line) for line in run)
    if len(run) == 1 and _is_subheading(run[0]):
        return
    is_box = (len(run) >= MIN_BOX_LINES and cues * 4 >= len(run)) or (
        len(run) >= MIN_MENU_LINES and cues > 0 and listed * 4 <= len(run)
    )
    for line, own in zip(run, cued, strict=True):
        if own or is_box:
            _mark(reasons, line, own or LISTS)


def _is_subheading(line: Line) -> bool:
    """Whether a line alone between paragraphs merely happens to use a tell-tale word."""
    is_credit = "credit" in line.kinds and line.covered > 1 and not line.has_stop
    return not is_credit and line.label is None and line.covered * 2 < line.words


def _judge_credits(
    tokens: Tokens, lines: list[Line], topic: Topic, reasons: list[str | None]
) -> None:
    """Judge sentences at the end that say who wrote, and all that follows them.

    Paragraphs that go on with the story follow the credit of a picture: that line alone.
    """
    phrases = load_phrases()
    last = lines[-1].last
    for unit in range(max(0, last - CREDIT_UNITS), last):
        first = tokens.units[unit]
        following = tokens.words[first + 1 : first + 8]
        for rest, kind in phrases.get(tokens.words[first], ()):
            if kind == "credit" and rest and following[: len(rest)] == rest:
                end = tokens.units[last] if last < len(tokens.units) else len(tokens)
                if end - first <= MAX_WORDS_AFTER_CREDIT:
                    below = [line for line in lines[-CREDIT_UNITS:] if line.first > unit]
                    if any(line.has_stop and topic.holds(line) for line in below):
                        last = below[0].first
                    reasons[unit:last] = [CREDIT] * (last - unit)
                return
