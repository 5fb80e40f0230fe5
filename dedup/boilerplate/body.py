"""Where the body of an article is, among the lines of a page.

The body is the stretch of lines with the most prose for the least else: prose
counts its words, anything else costs a few, and a short line that heads a box
("Comments", "Most read") costs more. Reader comments under a body and the
standfirst above a byline are then cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dedup.boilerplate.lines import Line
from dedup.kernels.cue_numbers import (
    COSTS,
    GAP_COST,
    MAX_BOX_LINES,
    MAX_COUNTED_WORDS,
    MAX_HEADING_WORDS,
    MAX_STANDFIRST_WORDS,
    MIN_BYLINE_RUN,
    MIN_GROUP_LINES,
    MIN_LONG_WORDS,
    MIN_NOTICE_HITS,
    MIN_PROSE_WORDS,
    MIN_SURE_SHARE,
    MIN_SURE_WORDS,
    MIN_WORDS_ABOVE_COMMENTS,
    STANDFIRST_PART,
    TEASER_RUN,
    TEASER_SHARE,
    WORDS_PER_HIT,
)  # fmt: skip

__all__ = ["Body", "find_body", "is_comment_heading", "is_notice"]

_PARTING_KINDS = frozenset(("comment", "related", "legal", "credit", "date", "social"))
_BYLINE_KINDS = frozenset(("date", "by", "social", "prompt"))


@dataclass(frozen=True, slots=True)
class Body:
    """The body's lines.

    Attributes
    ----------
    first, last : int
        Its lines: ``first`` to one before ``last``.
    prose : list[int]
        For each line of the page its words if it is prose, else 0.
    is_sure : bool
        Whether it holds enough prose to judge the rest of the page by.
    """

    first: int
    last: int
    prose: list[int]
    is_sure: bool


def find_body(lines: Sequence[Line]) -> Body | None:
    """Return the body, or None where no line is prose. Linear in the lines."""
    prose = [line.words if _is_prose(line) else 0 for line in lines]
    if not any(prose):
        return None
    first, last = _densest(_gains(lines, prose))
    last = _across_boxes(lines, prose, last)
    last = _comments(lines, prose, first, last)
    first = _lead(lines, prose, first, last)
    mass = sum(prose[first:last])
    words = sum(line.words for line in lines)
    is_sure = mass >= MIN_SURE_WORDS or mass >= MIN_SURE_SHARE * words
    return Body(first, last, prose, is_sure)


def _is_prose(line: Line) -> bool:
    return line.words >= MIN_LONG_WORDS or (line.has_stop and line.words >= MIN_PROSE_WORDS)


def _gains(lines: Sequence[Line], prose: list[int]) -> list[int]:
    """Return what each line adds to a stretch of body, in words."""
    gains = []
    open_before = _open_runs(prose)
    open_after = _open_runs(prose[::-1])[::-1]
    for number, (line, mass) in enumerate(zip(lines, prose, strict=True)):
        if mass and is_notice(line):
            gains.append(-mass)
        elif mass and min(open_before[number], open_after[number]) >= TEASER_RUN:
            gains.append(mass // TEASER_SHARE)
        elif line.words <= MAX_HEADING_WORDS and line.kinds:
            costs = [COSTS[kind] for kind in line.kinds if kind in COSTS]
            gains.append(-max(costs, default=GAP_COST))
        else:
            gains.append(mass or -min(GAP_COST, line.words + 1))
    return gains


def _open_runs(prose: list[int]) -> list[int]:
    """Return for each line how many lines without prose end right above it."""
    runs, run = [], 0
    for mass in prose:
        runs.append(run)
        run = 0 if mass else run + 1
    return runs


def is_notice(line: Line) -> bool:
    """Whether a paragraph's phrases leave no doubt that it is no article's."""
    if not line.kinds:
        return False
    if line.label == "legal":
        return True
    hits = sum(line.kinds.get(kind, 0) for kind in ("prompt", "legal"))
    return hits >= MIN_NOTICE_HITS and hits * WORDS_PER_HIT >= line.looked_at


def is_comment_heading(line: Line) -> bool:
    """Whether a line may head reader comments."""
    longest = MAX_COUNTED_WORDS if line.has_count else MAX_HEADING_WORDS
    return "comment" in line.kinds and not line.has_stop and line.words <= longest


def _densest(gains: list[int]) -> tuple[int, int]:
    """Return the stretch of lines with the greatest sum (Kadane)."""
    best, span = 0, (0, len(gains))
    total = start = 0
    for number, gain in enumerate(gains):
        if total <= 0:
            total, start = 0, number
        total += gain
        if total > best:
            best, span = total, (start, number + 1)
    return span


def _across_boxes(lines: Sequence[Line], prose: list[int], last: int) -> int:
    """Return the end of a stretch that goes on behind boxes.

    A box of short lines, of which none says that another text begins (a date, a
    list, comments), stands inside a short body as often as below it.
    """
    run = group = 0
    for number in range(last, len(lines)):
        if prose[number]:
            group += 1
            if group >= MIN_GROUP_LINES or run == 0:
                last, run = number + 1, 0
            continue
        if group < MIN_GROUP_LINES:
            run += group
        if not _PARTING_KINDS.isdisjoint(lines[number].kinds) or run == MAX_BOX_LINES:
            break
        run, group = run + 1, 0
    return last


def _comments(lines: Sequence[Line], prose: list[int], first: int, last: int) -> int:
    """Return where reader comments cut the stretch off, else its end."""
    above = 0
    for number in range(first, last):
        line = lines[number]
        above += prose[number]
        if is_comment_heading(line) and above >= MIN_WORDS_ABOVE_COMMENTS:
            return number
    return last


def _lead(lines: Sequence[Line], prose: list[int], first: int, last: int) -> int:
    """Return the first line after a standfirst and its byline, else the stretch's first."""
    total = sum(prose[first:last])
    above = 0
    run: list[Line] = []
    for number in range(first, last):
        if not prose[number]:
            run.append(lines[number])
            continue
        if _is_byline(run):
            return number
        above += prose[number]
        run = []
        if above > MAX_STANDFIRST_WORDS or above * STANDFIRST_PART > total:
            break
    return first


def _is_byline(run: Sequence[Line]) -> bool:
    """Whether lines between two paragraphs are who, when and where to share."""
    if len(run) < MIN_BYLINE_RUN:
        return False
    if any("date" in line.kinds for line in run):
        return True
    cues = sum(not _BYLINE_KINDS.isdisjoint(line.kinds) for line in run)
    return cues * 2 >= len(run)
