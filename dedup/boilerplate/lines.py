"""The lines of a text and what each looks like.

A line is the units between two line breaks. What is measured is cheap and local:
how much it holds, whether it ends as a sentence does, which tell-tale phrases
it has.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import compress
from operator import not_

from dedup.boilerplate.phrases import Phrases, load_phrases
from dedup.kernels.cue_numbers import LABEL_WORDS, LOOKED_AT, REACH, UNSPACED_TOKENS
from dedup.text import Tokens

__all__ = ["BULLETS", "LINE_BREAK", "STOPS", "Line", "read_lines"]

LINE_BREAK = re.compile("[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]")
STOPS = frozenset(".!?\u2026\u3002\uff01\uff1f\uff61\uff0e\u061f\u06d4\u0964\u0965\u203c\u2047")
BULLETS = frozenset(
    "\u2022\u00b7\u25aa\u25a0\u25cf\u25c6\u25c7\u25cb\u2013\u2014-*"
    "\u25ba\u25b6\u203b\u2023\u25e6\u30fb\u2713\u27a4\u2192"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes
    ----------
    first, last : int
        Its units: ``first`` to one before ``last``.
    words : int
        About how many words it holds; two characters of an unspaced script are one.
    looked_at, digits : int
        How many of its first tokens were looked at; how many of them begin with a digit.
    kinds : dict[str, int]
        How many phrases of each kind they hold; not to be changed.
    has_stop : bool
        Whether it ends as a sentence does.
    is_bulleted : bool
        Whether it begins as the entry of a list.
    label : str | None
        The kind of phrase its label is (``Disclaimer: ...``), if any.
    covered : int
        How many words its phrases hold.
    has_count : bool
        Whether it begins with a number and a tell-tale phrase (``2 comments``).
    """

    first: int
    last: int
    words: int
    looked_at: int
    digits: int
    kinds: dict[str, int]
    has_stop: bool
    is_bulleted: bool
    label: str | None
    covered: int
    has_count: bool


def read_lines(text: str, tokens: Tokens) -> list[Line]:
    """Return the lines of a text that hold a token. Linear in the text."""
    phrases = load_phrases()
    starts, ends = tokens.starts, tokens.ends
    openings = list(compress(range(len(tokens)), map(phrases.__contains__, tokens.words)))
    decimals = _find_decimals(text, tokens)
    lines = []
    ended = 0
    for first, last, token, last_token in _group_units(text, tokens):
        count = last_token - token
        looked_at = min(count, LOOKED_AT)
        close = _within(openings, token, token + looked_at)
        kinds, label, covered, is_counted = _find_phrases(tokens.words, token, close, phrases)
        start, end = starts[token], ends[last_token - 1]
        if label and ":" not in text[start : starts[min(token + LABEL_WORDS, last_token - 1)]]:
            label = None
        words = count
        if UNSPACED_TOKENS * count > end - start:
            words = (count + 1) // UNSPACED_TOKENS
        before, after = text[max(ended, start - REACH) : start], text[end : end + REACH]
        lines.append(
            Line(
                first,
                last,
                words,
                looked_at,
                len(_within(decimals, token, token + looked_at)),
                kinds,
                not STOPS.isdisjoint(after) and not STOPS.isdisjoint(LINE_BREAK.split(after, 1)[0]),
                not BULLETS.isdisjoint(before)
                and not BULLETS.isdisjoint(LINE_BREAK.split(before)[-1]),
                label,
                covered,
                is_counted and text[start].isdecimal(),
            )
        )
        ended = end
    return lines


def _find_decimals(text: str, tokens: Tokens) -> list[int]:
    """Return the tokens that begin with a decimal digit."""
    # those are few among the words that hold anything but letters, which are few
    others = compress(range(len(tokens)), map(not_, map(str.isalpha, tokens.words)))
    return [at for at in others if text[tokens.starts[at]].isdecimal()]


def _within(numbers: list[int], low: int, high: int) -> list[int]:
    """Return those of increasing numbers from ``low`` to below ``high``."""
    first = bisect_left(numbers, low)
    return numbers[first : bisect_left(numbers, high, lo=first)]


def _group_units(text: str, tokens: Tokens) -> list[tuple[int, int, int, int]]:
    """Return (first unit, one past the last; first token, one past the last) of each line."""
    groups: list[tuple[int, int, int, int]] = []
    first_unit = first_token = 0
    for unit, token in enumerate(tokens.units):
        if unit and LINE_BREAK.search(text, tokens.ends[token - 1], tokens.starts[token]):
            groups.append((first_unit, unit, first_token, token))
            first_unit, first_token = unit, token
    if tokens.units:
        groups.append((first_unit, len(tokens.units), first_token, len(tokens)))
    return groups


def _find_phrases(
    words: list[str], first: int, openings: list[int], phrases: Phrases
) -> tuple[dict[str, int], str | None, int, bool]:
    """Count the phrases that begin at some tokens of a line, by kind; name its label.

    Then how many words they hold, and whether one is the line's second word.
    """
    kinds: dict[str, int] = {}
    label = None
    covered = 0
    is_counted = False
    for position in openings:
        for rest, kind in phrases[words[position]]:
            if not rest or words[position + 1 : position + 1 + len(rest)] == rest:
                kinds[kind] = kinds.get(kind, 0) + 1
                covered += len(rest) + 1
                is_counted = is_counted or position == first + 1
                if position - first < LABEL_WORDS:
                    label = label or kind
    return kinds, label, covered, is_counted
