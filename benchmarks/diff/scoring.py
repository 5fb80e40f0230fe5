"""Score a diff against gold units and links, by character overlap.

The gold cuts sentences in its own way. A segment stands for every gold unit
that it overlaps by half of the lesser of the two; where a segment spans
several gold units in both texts, its kept words say which goes with which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dedup.diff import Diff, Op, Segment, Span, WordOp

__all__ = ["Counts", "Units", "linked_units", "units_of"]

#: Spans of the gold units of one text, in order.
Units = Sequence[Span]
_HALF = 0.5


@dataclass(slots=True)
class Counts:
    """True positives, false positives and false negatives of one figure."""

    true: int = 0
    false: int = 0
    missed: int = 0

    def add(self, found: set[object], gold: set[object]) -> None:
        """Count one text's findings."""
        self.true += len(found & gold)
        self.false += len(found - gold)
        self.missed += len(gold - found)

    @property
    def precision(self) -> float:
        """Share of the findings that are right; 1 where nothing was found."""
        found = self.true + self.false
        return self.true / found if found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 1 where there is none."""
        gold = self.true + self.missed
        return self.true / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = 2 * self.true + self.false + self.missed
        return 2 * self.true / total if total else 1.0


def units_of(spans: Iterable[Span | None], units: Units) -> set[int]:
    """Return the gold units that some of the spans stand for."""
    found: set[int] = set()
    for span in spans:
        if span is not None:
            found.update(_units_under(span, units))
    return found


def linked_units(diff: Diff, units_a: Units, units_b: Units) -> dict[tuple[int, int], Op]:
    """Return the gold units that the diff links, with the operation."""
    links: dict[tuple[int, int], Op] = {}
    for segment in diff.segments:
        if segment.a is None or segment.b is None:
            continue
        in_a = _units_under(_bare(diff.text_a, segment.a), units_a)
        in_b = _units_under(_bare(diff.text_b, segment.b), units_b)
        if len(in_a) == 1 or len(in_b) == 1:
            pairs = {(i, j) for i in in_a for j in in_b}
        else:
            pairs = _pairs_by_words(segment, units_a, units_b)
        for pair in pairs:
            links.setdefault(pair, segment.op)
    return links


def _bare(text: str, span: Span) -> Span:
    piece = text[slice(*span)]
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, max(start, span[0] + len(piece.rstrip()))


def _units_under(span: Span, units: Units) -> list[int]:
    found = []
    for index, (start, end) in enumerate(units):
        if start >= span[1]:
            break
        overlap = min(end, span[1]) - max(start, span[0])
        if overlap > 0 and overlap >= _HALF * min(end - start, span[1] - span[0]):
            found.append(index)
    return found


def _pairs_by_words(segment: Segment, units_a: Units, units_b: Units) -> set[tuple[int, int]]:
    """Pair units through the middle of what each kept run shares."""
    runs = [
        (word.a, word.b)
        for word in segment.words
        if word.a and word.b and (word.op == WordOp.KEPT or word.op == WordOp.REPLACED)
    ] or [(segment.a, segment.b)]
    shared: dict[tuple[int, int], float] = {}
    for a, b in runs:
        if a is None or b is None:
            continue
        scale = (b[1] - b[0]) / max(a[1] - a[0], 1)
        for i, (start, end) in enumerate(units_a):
            low, high = max(start, a[0]), min(end, a[1])
            if low >= high:
                continue
            mapped = (b[0] + (low - a[0]) * scale, b[0] + (high - a[0]) * scale)
            for j, unit in enumerate(units_b):
                overlap = min(unit[1], mapped[1]) - max(unit[0], mapped[0])
                if overlap > 0:
                    shared[i, j] = shared.get((i, j), 0.0) + overlap
    return {
        (i, j)
        for (i, j), overlap in shared.items()
        if overlap >= _HALF * min(units_a[i][1] - units_a[i][0], units_b[j][1] - units_b[j][0])
    }
