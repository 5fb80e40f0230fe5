"""What the markup of a page says of its units, where the reader of the page kept it.

An article that was read from markup carries in ``extra["blocks"]`` a list of
``(start, end, kind)``: which elements its lines stand in, and which lines those who
look for the main text of a page take, all of them ("main") or some ("doubtful"). The
prose cues have a vote beside them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from dedup.text import Tokens

__all__ = ["CAPTION", "OUTSIDE", "Block", "read_blocks", "weigh_markup"]

#: Start, end (code points of the text) and kind.
Block = tuple[int, int, str]

OUTSIDE = "outside the main text"
CAPTION = "caption of a picture"
_MAIN, _DOUBTFUL, _QUOTE, _CAPTION = "main", "doubtful", "quote", "caption"
_REGIONS = frozenset(("navigation", "header", "footer", "aside", "form", _CAPTION))
_FIELDS = 3


def read_blocks(value: object, length: int) -> list[Block]:
    """Return the blocks of a text, or none if that is not what the value holds.

    Parameters
    ----------
    value : object
        What a record has by the name of "blocks": it may be anybody's.
    length : int
        Code points of the text.
    """
    if not isinstance(value, list | tuple):
        return []
    blocks: list[Block] = []
    for entry in value:
        if not isinstance(entry, list | tuple) or len(entry) != _FIELDS:
            return []
        start, end, kind = entry
        if type(start) is not int or type(end) is not int or type(kind) is not str:
            return []
        if not 0 <= start < end <= length:
            return []
        blocks.append((start, end, kind))
    return blocks


def weigh_markup(
    blocks: Sequence[Block], tokens: Tokens, reasons: Sequence[str | None]
) -> list[str | None]:
    """Return for each unit why it is chrome, by markup and prose cues together.

    What all who look for main text take is main text. What some take is, unless the
    prose cues or the region it stands in speak against it; what none takes is not,
    unless it is prose that the page quotes. A region that holds main text says
    nothing. Where none was looked for, captions are chrome, and the prose cues decide.
    Linear in blocks and units, but for a binary search each block.

    Parameters
    ----------
    blocks : Sequence[Block]
        Of the text.
    tokens : Tokens
        Of the text.
    reasons : Sequence[str | None]
        What the prose cues say of each unit.
    """
    starts = [tokens.starts[token] for token in tokens.units]
    spans = [(bisect_left(starts, a), bisect_left(starts, b), kind) for a, b, kind in blocks]

    def covered(chosen: Iterable[tuple[int, int]]) -> list[bool]:
        steps = [0] * (len(starts) + 1)
        for first, last in chosen:
            steps[first] += 1
            steps[last] -= 1
        return [depth > 0 for depth in accumulate(steps[:-1])]

    main = covered((a, b) for a, b, kind in spans if kind == _MAIN)
    if not any(main):
        captions = covered((a, b) for a, b, kind in spans if kind == _CAPTION)
        return [
            own or (CAPTION if is_in else None)
            for own, is_in in zip(reasons, captions, strict=True)
        ]
    above = [0, *accumulate(main)]
    doubtful = covered((a, b) for a, b, kind in spans if kind == _DOUBTFUL)
    quoted = covered((a, b) for a, b, kind in spans if kind == _QUOTE)
    aside = covered((a, b) for a, b, kind in spans if kind in _REGIONS and above[a] == above[b])
    judged: list[str | None] = []
    for unit, reason in enumerate(reasons):
        is_backed = quoted[unit] or (doubtful[unit] and not aside[unit])
        judged.append(None if main[unit] else reason if is_backed else OUTSIDE)
    return judged
