"""The lines of a text and what each looks like, by structure alone.

A line is the units between two line breaks. What is measured is cheap, language
neutral and local: how much it holds, whether it ends as a sentence does, whether
the text says it more than once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dedup.text import Tokens

__all__ = ["Line", "read_lines"]

_BREAK = re.compile("[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]")
_STOPS = frozenset(".!?\u2026\u3002\uff01\uff1f\uff61\uff0e\u061f\u06d4\u0964\u0965\u203c\u2047")
#: How far behind a line's last word its sentence mark may stand.
_TAIL = 8
#: More than this many tokens a code point: a script without spaces.
_UNSPACED_DENSITY = 0.5
#: Tokens a word in a script whose characters are tokens by themselves.
_UNSPACED_TOKENS = 2


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
    has_stop : bool
        Whether it ends as a sentence does.
    is_repeated : bool
        Whether the text holds this line more than once.
    """

    first: int
    last: int
    start: int
    end: int
    words: int
    has_stop: bool
    is_repeated: bool


def read_lines(text: str, tokens: Tokens) -> list[Line]:
    """Return the lines of a text that hold a token. Linear in the text."""
    groups = _group_units(text, tokens)
    spans = []
    seen: dict[str, int] = {}
    for first, last in groups:
        start_token, end_token = first[1], last
        start, end = tokens.starts[start_token], tokens.ends[end_token - 1]
        key = text[start:end]
        seen[key] = seen.get(key, 0) + 1
        spans.append((start_token, end_token, start, end, key))
    lines = []
    for (group, _), (start_token, end_token, start, end, key) in zip(groups, spans, strict=True):
        count = end_token - start_token
        if count > (end - start) * _UNSPACED_DENSITY:
            count = (count + 1) // _UNSPACED_TOKENS
        lines.append(
            Line(group[0], group[2], start, end, count, _has_stop(text, end), seen[key] > 1)
        )
    return lines


def _group_units(text: str, tokens: Tokens) -> list[tuple[tuple[int, int, int], int]]:
    """Return ((first unit, first token, one past the last unit), one past the last token)."""
    groups: list[tuple[tuple[int, int, int], int]] = []
    first_unit = first_token = 0
    for unit, token in enumerate(tokens.units):
        if unit and _BREAK.search(text, tokens.ends[token - 1], tokens.starts[token]):
            groups.append(((first_unit, first_token, unit), token))
            first_unit, first_token = unit, token
    if tokens.units:
        groups.append(((first_unit, first_token, len(tokens.units)), len(tokens)))
    return groups


def _has_stop(text: str, end: int) -> bool:
    for char in text[end : end + _TAIL]:
        if char in _STOPS:
            return True
        if char == "\n":
            return False
    return False
