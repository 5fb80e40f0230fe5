"""A diff as rows for a reader: what to show, what to fold, where moves went.

Every renderer of a diff reads the same rows, so that text, Markdown and HTML
say the same.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from dedup.diff import Diff, Op, Segment, Span
from dedup.diff.compose import weave
from dedup.diff.places import Place, number_sentences

__all__ = ["Arrival", "Fold", "Row", "Shown", "list_rows"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A segment to show."""

    segment: Segment
    place: Place


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where in b a moved segment of a now stands; the segment is shown at its place in a."""

    segment: Segment
    place: Place


@dataclass(frozen=True, slots=True)
class Fold:
    """Segments in a row that are not shown, but counted: chrome, or text that is kept."""

    op: Op
    shown: tuple[Shown, ...]

    @property
    def is_in_a(self) -> bool:
        """Whether any of them stands in a."""
        return any(shown.segment.a for shown in self.shown)

    @property
    def is_in_b(self) -> bool:
        """Whether any of them stands in b."""
        return any(shown.segment.b for shown in self.shown)


Row = Shown | Arrival | Fold


def list_rows(
    diff: Diff,
    *,
    only: Collection[Op] = (),
    context: int | None = None,
    is_chrome_shown: bool = False,
) -> list[Row]:
    """Return the rows of a diff in the order of a, arrivals at their place in b.

    Parameters
    ----------
    diff : Diff
    only : Collection[Op]
        Operations to show; all, if empty.
    context : int | None
        How many kept segments to show around a change; all, if ``None``.
    is_chrome_shown : bool
        Show chrome instead of folding it.
    """
    rows = _with_arrivals(diff, number_sentences(diff))
    if only:
        rows = [row for row in rows if row.segment.op in only]
        return _fold(rows, lambda row: row.segment.op == Op.CHROME and not is_chrome_shown)
    near = _near_changes(rows, context)

    def is_folded(row: Shown | Arrival) -> bool:
        if row.segment.op == Op.CHROME:
            return not is_chrome_shown
        return row.segment.op == Op.KEPT and row.segment not in near

    return _fold(rows, is_folded)


def _with_arrivals(diff: Diff, places: dict[Segment, Place]) -> list[Shown | Arrival]:
    """Return all segments, and each moved one once more where it stands in b."""
    after: dict[Span | None, list[Shown | Arrival]] = {}
    anchor: Span | None = None
    for segment in diff.in_order_of_b():
        if segment.op == Op.MOVED:
            after.setdefault(anchor, []).append(Arrival(segment, places[segment]))
        elif segment.a is None:
            after.setdefault(anchor, []).append(Shown(segment, places[segment]))
        else:
            anchor = segment.a
    in_a = [segment for segment in diff.segments if segment.a]
    return [
        Shown(row, places[row]) if isinstance(row, Segment) else row for row in weave(in_a, after)
    ]


def _near_changes(rows: list[Shown | Arrival], context: int | None) -> set[Segment]:
    body = [row for row in rows if row.segment.op != Op.CHROME]
    if context is None:
        return {row.segment for row in body}
    near: set[Segment] = set()
    for index, row in enumerate(body):
        if row.segment.op != Op.KEPT:
            low = max(index - context, 0)
            near.update(other.segment for other in body[low : index + context + 1])
    return near


def _fold(
    rows: Sequence[Shown | Arrival], is_folded: Callable[[Shown | Arrival], bool]
) -> list[Row]:
    folded: list[Row] = []
    for row in rows:
        if isinstance(row, Shown) and is_folded(row):
            last = folded[-1] if folded else None
            if isinstance(last, Fold) and last.op == row.segment.op:
                folded[-1] = Fold(last.op, (*last.shown, row))
            else:
                folded.append(Fold(row.segment.op, (row,)))
        else:
            folded.append(row)
    return folded
