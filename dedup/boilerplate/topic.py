"""Whether a line speaks of what the body speaks of.

A list that closes an article names again what its paragraphs named; a menu or a list
of other headlines seldom does. Counted on long words alone: no list of function words
is needed, in any language that sets spaces. A script without them is not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from dedup.boilerplate.body import Body
from dedup.boilerplate.lines import Line
from dedup.kernels.cue_numbers import MIN_CHARACTERS, MIN_SHARED, PART_SHARED
from dedup.text import Tokens

__all__ = ["Topic"]


class Topic:
    """The long words of a body's prose; linear in the body."""

    def __init__(self, lines: Sequence[Line], body: Body, tokens: Tokens) -> None:
        self._lines = lines
        self._body = body
        self._tokens = tokens

    @cached_property
    def _words(self) -> set[str]:
        """What the body has; most articles have no line to ask about."""
        found: set[str] = set()
        for number in range(self._body.first, self._body.last):
            if self._body.prose[number]:
                found.update(self._long_words(self._lines[number]))
        return found

    def holds(self, line: Line) -> bool:
        """Whether the body has enough of a line's words."""
        words = self._long_words(line)
        shared = sum(word in self._words for word in words)
        return shared >= MIN_SHARED and shared * PART_SHARED >= len(words)

    def _long_words(self, line: Line) -> list[str]:
        units, words = self._tokens.units, self._tokens.words
        end = units[line.last] if line.last < len(units) else len(words)
        return [word for word in words[units[line.first] : end] if len(word) >= MIN_CHARACTERS]
