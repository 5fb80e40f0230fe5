"""Number the sentences of both bodies, as a reader counts them."""

from dataclasses import dataclass

from dedup.diff.result import Diff, Op, Segment

__all__ = ["Place", "number_sentences"]


@dataclass(frozen=True, slots=True)
class Place:
    """The 1-based sentence of a's body and of b's; ``None`` where it has none.

    Chrome is not counted, and the parts of one sentence share a number.
    """

    a: int | None
    b: int | None


def number_sentences(diff: Diff) -> dict[Segment, Place]:
    """Return the place of each segment; chrome has none."""
    in_a = sorted((s for s in diff.segments if s.a), key=lambda s: s.a or (0, 0))
    numbers_a = _number(in_a, cut_by="split")
    numbers_b = _number(list(diff.in_order_of_b()), cut_by="merged")
    return {s: Place(numbers_a.get(s), numbers_b.get(s)) for s in diff.segments}


def _number(ordered: list[Segment], cut_by: str) -> dict[Segment, int]:
    """Give each segment a number; the parts of one sentence share it."""
    numbers: dict[Segment, int] = {}
    last: int | None = None
    number = 0
    for segment in ordered:
        if segment.op == Op.CHROME:
            last = None
            continue
        is_part = segment.group is not None and segment.note == cut_by and segment.group == last
        number += not is_part
        numbers[segment] = number
        last = segment.group
    return numbers
