"""Turn links between sentences into segments that tile both texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from dedup.diff.alignment import Alignment
from dedup.diff.facts import call_out
from dedup.diff.pieces import Pieces, cut_pieces, is_marks
from dedup.diff.result import Op, Segment, Span, WordEdit
from dedup.diff.source import Source
from dedup.diff.words import Block, edit_words, match_words

__all__ = ["MERGED", "SPLIT", "TYPOGRAPHY", "WHITE_SPACE", "compose", "in_order", "weave"]

_Item = TypeVar("_Item")

#: Notes of segments.
TYPOGRAPHY = "typography"
MERGED = "merged"
SPLIT = "split"
WHITE_SPACE = "white space"


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment before its spans are stretched over the white space after it."""

    op: Op
    a: Span | None
    b: Span | None
    words: tuple[WordEdit, ...] = ()
    group: int | None = None
    note: str | None = None


def compose(a: Source, b: Source, found: Alignment) -> list[Segment]:
    """Turn links into segments in the order of a, added text at its place in b.

    The spans cover every character of both texts once; white space belongs to
    the segment before it.
    """
    parts = [*_linked_parts(a, b, found), *_lone_parts(a, b, found)]
    _join_halves(parts, a.parted_at, b.parted_at)
    ends_a = _stretch([part.a for part in parts if part.a], len(a.text))
    ends_b = _stretch([part.b for part in parts if part.b], len(b.text))
    segments = [
        Segment(part.op, *spans, _stretch_words(part.words, *spans), part.group, part.note)
        for part in parts
        for spans in [(part.a and ends_a[part.a], part.b and ends_b[part.b])]
    ]
    if not ends_a and a.text:
        segments.append(Segment(Op.CHROME, (0, len(a.text)), None, note=WHITE_SPACE))
    if not ends_b and b.text:
        segments.append(Segment(Op.CHROME, None, (0, len(b.text)), note=WHITE_SPACE))
    return in_order(segments)


def _linked_parts(a: Source, b: Source, found: Alignment) -> list[_Part]:
    links = found.links()
    stayed = found.stayed(links)
    in_place = {(links[index].a, links[index].b) for index in stayed}
    parts: list[_Part] = []
    is_done: set[int] = set()
    groups = 0
    for link in links:
        if link.a in is_done:
            continue
        sentences_b = found.of_a[link.a]
        sentences_a = found.of_b[sentences_b[0]]
        is_done.update(sentences_a)
        is_moved = not any((i, j) in in_place for i in sentences_a for j in sentences_b)
        pairs = _pair(a, b, sentences_a, sentences_b)
        shared = sum(1 for part in pairs if part.a and part.b)
        group, note = None, None
        if shared > 1:
            groups += 1
            group = groups
            note = MERGED if len(sentences_a) > 1 else SPLIT
        for part in pairs:
            if part.a and part.b and (is_moved or note):
                op = Op.MOVED if is_moved else part.op
                parts.append(replace(part, op=op, group=group, note=note or part.note))
            else:
                parts.append(part)
    return parts


def _join_halves(parts: list[_Part], in_a: frozenset[int], in_b: frozenset[int]) -> None:
    """Give the halves of a parted sentence one group, if both are linked."""
    for starts, side, note in ((in_a, "a", SPLIT), (in_b, "b", MERGED)):
        if not starts:
            continue
        spans = [(getattr(part, side), index) for index, part in enumerate(parts)]
        order = [index for span, index in sorted(pair for pair in spans if pair[0])]
        for first, second in pairwise(order):
            one, two = parts[first], parts[second]
            if getattr(two, side)[0] not in starts or not (one.a and one.b and two.a and two.b):
                continue
            taken = max((part.group or 0 for part in parts), default=0)
            group = one.group or two.group or taken + 1
            parts[first] = replace(one, group=group, note=one.note if one.group else note)
            parts[second] = replace(two, group=group, note=note)


def _pair(a: Source, b: Source, in_a: Sequence[int], in_b: Sequence[int]) -> list[_Part]:
    if len(in_a) == len(in_b) == 1:
        span_a, span_b = a.span(in_a[0]), b.span(in_b[0])
        if a.text[slice(*span_a)] == b.text[slice(*span_b)]:
            return [_Part(Op.KEPT, span_a, span_b)]
    pieces_a, bounds_a = _pieces(a, in_a)
    pieces_b, bounds_b = _pieces(b, in_b)
    if pieces_a.words == pieces_b.words:
        blocks = [(0, 0, len(pieces_a.words))]
    else:
        blocks = match_words(pieces_a.words, pieces_b.words)
    cuts = [(0, 0)]
    cuts += [(at, _behind_marks(pieces_b, _across(blocks, at, 0))) for at in bounds_a]
    cuts += [(_behind_marks(pieces_a, _across(blocks, at, 1)), at) for at in bounds_b]
    cuts.append((len(pieces_a.words), len(pieces_b.words)))
    return [
        _part(a, b, pieces_a, pieces_b, blocks, low, high)
        for low, high in pairwise(cuts)
        if low != high
    ]


def _pieces(source: Source, indexes: Sequence[int]) -> tuple[Pieces, list[int]]:
    """Return the pieces of neighbouring sentences, and where the second, ... start."""
    sentences = [source.sentences[index] for index in indexes]
    pieces = cut_pieces(source.text, source.tokens, sentences, source.hidden)
    starts = {sentence.start for sentence in sentences[1:]}
    return pieces, [at for at, start in enumerate(pieces.starts) if start in starts]


def _behind_marks(pieces: Pieces, at: int) -> int:
    """Return the place behind the marks at a cut: they close what stands before it."""
    while 0 < at < len(pieces.words) and is_marks(pieces.words[at]):
        at += 1
    return at


def _across(blocks: Sequence[Block], at: int, side: int) -> int:
    """Return the place in the other text that a cut at ``at`` falls on."""
    place = 0
    for block in blocks:
        if block[side] >= at:
            break
        place = block[1 - side] + min(block[2], at - block[side])
    return place


def _part(
    a: Source,
    b: Source,
    pieces_a: Pieces,
    pieces_b: Pieces,
    blocks: Sequence[Block],
    low: tuple[int, int],
    high: tuple[int, int],
) -> _Part:
    span_a = (pieces_a.starts[low[0]], pieces_a.starts[high[0]])
    span_b = (pieces_b.starts[low[1]], pieces_b.starts[high[1]])
    if low[1] == high[1]:
        return _Part(Op.DROPPED, span_a, None)
    if low[0] == high[0]:
        return _Part(Op.ADDED, None, span_b)
    inner_a = Pieces(pieces_a.words[low[0] : high[0]], pieces_a.starts[low[0] : high[0] + 1])
    inner_b = Pieces(pieces_b.words[low[1] : high[1]], pieces_b.starts[low[1] : high[1] + 1])
    words = edit_words(a.text, b.text, inner_a, inner_b, _inside(blocks, low, high))
    words = call_out(a.text, b.text, words)
    part = Segment(Op.EDITED, span_a, span_b, words)
    if part.is_edited:
        return _Part(Op.EDITED, span_a, span_b, words)
    if part.is_typography_only and any(word.kind for word in words):
        return _Part(Op.KEPT, span_a, span_b, words, note=TYPOGRAPHY)
    return _Part(Op.KEPT, span_a, span_b)


def _inside(blocks: Sequence[Block], low: tuple[int, int], high: tuple[int, int]) -> list[Block]:
    inside = []
    for at_a, at_b, length in blocks:
        skip = max(low[0] - at_a, low[1] - at_b, 0)
        stop = min(high[0] - at_a, high[1] - at_b, length)
        if skip < stop:
            inside.append((at_a + skip - low[0], at_b + skip - low[1], stop - skip))
    return inside


def _lone_parts(a: Source, b: Source, found: Alignment) -> list[_Part]:
    parts = []
    for index, reason in enumerate(a.chrome):
        if index not in found.of_a:
            op = Op.CHROME if reason else Op.DROPPED
            parts.append(_Part(op, a.span(index), None, note=reason))
    for index, reason in enumerate(b.chrome):
        if index not in found.of_b:
            op = Op.CHROME if reason else Op.ADDED
            parts.append(_Part(op, None, b.span(index), note=reason))
    return parts


def _stretch(spans: list[Span], length: int) -> dict[Span, Span]:
    """Return each span with the white space after it; the first starts at 0."""
    ordered = sorted(spans)
    starts = [0, *[start for start, _ in ordered[1:]], length]
    return {span: (starts[index], starts[index + 1]) for index, span in enumerate(ordered)}


def _stretch_words(
    words: tuple[WordEdit, ...], a: Span | None, b: Span | None
) -> tuple[WordEdit, ...]:
    if not words:
        return words
    stretched = list(words)
    if a:
        holders = [index for index, word in enumerate(stretched) if word.a]
        for index in {holders[0], holders[-1]} if holders else ():
            word = stretched[index]
            start, end = word.a or a
            own = (a[0] if index == holders[0] else start, a[1] if index == holders[-1] else end)
            if own != word.a:
                stretched[index] = WordEdit(word.op, own, word.b, word.kind)
    if b:
        holders = [index for index, word in enumerate(stretched) if word.b]
        for index in {holders[0], holders[-1]} if holders else ():
            word = stretched[index]
            start, end = word.b or b
            own = (b[0] if index == holders[0] else start, b[1] if index == holders[-1] else end)
            if own != word.b:
                stretched[index] = WordEdit(word.op, word.a, own, word.kind)
    return tuple(stretched)


def in_order(segments: list[Segment]) -> list[Segment]:
    """Sort by place in a; what only b has stands behind what a has instead of it.

    It follows the stayed segment before it in b, and what a alone has there.
    """
    in_a = sorted((s for s in segments if s.a), key=lambda s: s.a or (0, 0))
    after: dict[Span | None, list[Segment]] = {}
    anchor: Span | None = None
    for segment in sorted((s for s in segments if s.b), key=lambda s: s.b or (0, 0)):
        if segment.a is None:
            after.setdefault(anchor, []).append(segment)
        elif segment.op != Op.MOVED:
            anchor = segment.a
    return weave(in_a, after)


def weave(in_a: Sequence[Segment], after: dict[Span | None, list[_Item]]) -> list[Segment | _Item]:
    """Put what follows each stayed segment of a in b behind what a has instead.

    Parameters
    ----------
    in_a : Sequence[Segment]
        Segments that a has, in its order.
    after : dict[Span | None, list]
        What to put behind the stayed segment with that span in a; ``None`` is the start.
    """
    woven: list[Segment | _Item] = []
    waiting = after.get(None, [])
    is_in_body = False
    for segment in in_a:
        has_stayed = segment.b is not None and segment.op != Op.MOVED
        if has_stayed or (is_in_body and segment.op == Op.CHROME):
            woven += waiting
            waiting = []
        woven.append(segment)
        is_in_body = is_in_body or segment.op != Op.CHROME
        if has_stayed:
            waiting = after.get(segment.a, [])
    return woven + waiting
