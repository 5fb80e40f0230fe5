"""The lines of a text and what each looks like.

A line is the units between two line breaks. What is measured is cheap and local:
how much it holds, whether it ends as a sentence does, how its words are
capitalised, which tell-tale words it has, whether the text says it twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dedup.boilerplate.phrases import Phrases, load_phrases
from dedup.text import Tokens

__all__ = ["Line", "read_lines"]

_BREAK = re.compile("[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]")
_STOPS = frozenset(".!?\u2026\u3002\uff01\uff1f\uff61\uff0e\u061f\u06d4\u0964\u0965\u203c\u2047")
_BULLETS = frozenset("•·▪■●◆◇○–—-*►▶※‣◦・✓➤→")
_OPENING = frozenset("\"'“”„«‘「『")
_BARS = frozenset("|»›>/•·«‹~")
#: How far beside a line's words its marks may stand.
_REACH = 8
#: More than this many tokens a code point: a script without spaces.
_UNSPACED_DENSITY = 0.5
#: Tokens a word in a script whose characters are tokens by themselves.
_UNSPACED_TOKENS = 2
#: Tell-tale words are looked for among this many first tokens of a line.
_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes
    ----------
    first, last : int
        Its units: ``first`` to one before ``last``.
    start, end : int
        Code-point span from its first token to its last.
    words : int
        About how many words it holds; two characters of an unspaced script are one.
    looked_at, upper, digits : int
        How many of its first tokens were looked at; how many of them begin with a
        capital, with a digit.
    kinds : dict[str, int]
        How many phrases of each kind they hold.
    before, after : str
        The marks before its first and after its last token, a few characters.
    has_stop, is_repeated : bool
        Whether it ends as a sentence does; whether the text holds it twice.
    """

    first: int
    last: int
    start: int
    end: int
    words: int
    looked_at: int
    upper: int
    digits: int
    kinds: dict[str, int]
    before: str
    after: str
    has_stop: bool
    is_repeated: bool

    @property
    def is_bulleted(self) -> bool:
        """Whether it begins as the entry of a list."""
        return not _BULLETS.isdisjoint(self.before)

    @property
    def is_quoted(self) -> bool:
        """Whether it begins with a quotation mark."""
        return not _OPENING.isdisjoint(self.before)

    @property
    def has_bar(self) -> bool:
        """Whether marks that separate menu entries stand beside it."""
        return not _BARS.isdisjoint(self.before) or not _BARS.isdisjoint(self.after)


def read_lines(text: str, tokens: Tokens) -> list[Line]:
    """Return the lines of a text that hold a token. Linear in the text."""
    phrases = load_phrases()
    groups = _group_units(text, tokens)
    seen: dict[str, int] = {}
    keys = []
    for _, _, first_token, last_token in groups:
        key = text[tokens.starts[first_token] : tokens.ends[last_token - 1]]
        seen[key] = seen.get(key, 0) + 1
        keys.append(key)
    lines = []
    ended = 0
    for (first, last, first_token, last_token), key in zip(groups, keys, strict=True):
        start, end = tokens.starts[first_token], tokens.ends[last_token - 1]
        count = last_token - first_token
        looked_at = min(count, _LOOKED_AT)
        upper, digits, kinds = _read_words(text, tokens, first_token, looked_at, phrases)
        if count > len(key) * _UNSPACED_DENSITY:
            count = (count + 1) // _UNSPACED_TOKENS
        before = _BREAK.split(text[max(ended, start - _REACH) : start])[-1]
        after = _BREAK.split(text[end : end + _REACH], 1)[0]
        stop = not _STOPS.isdisjoint(after)
        lines.append(
            Line(first, last, start, end, count, looked_at, upper, digits, kinds,
                 before, after, stop, seen[key] > 1)
        )  # fmt: skip
        ended = end
    return lines


def _group_units(text: str, tokens: Tokens) -> list[tuple[int, int, int, int]]:
    """Return (first unit, one past the last; first token, one past the last) of each line."""
    groups: list[tuple[int, int, int, int]] = []
    first_unit = first_token = 0
    for unit, token in enumerate(tokens.units):
        if unit and _BREAK.search(text, tokens.ends[token - 1], tokens.starts[token]):
            groups.append((first_unit, unit, first_token, token))
            first_unit, first_token = unit, token
    if tokens.units:
        groups.append((first_unit, len(tokens.units), first_token, len(tokens)))
    return groups


def _read_words(
    text: str, tokens: Tokens, first: int, count: int, phrases: Phrases
) -> tuple[int, int, dict[str, int]]:
    upper = digits = 0
    kinds: dict[str, int] = {}
    words, starts = tokens.words, tokens.starts
    for position in range(first, first + count):
        char = text[starts[position]]
        if char.isupper():
            upper += 1
        elif char.isdecimal():
            digits += 1
        for rest, kind in phrases.get(words[position], ()):
            if words[position + 1 : position + 1 + len(rest)] == rest:
                kinds[kind] = kinds.get(kind, 0) + 1
    return upper, digits, kinds
