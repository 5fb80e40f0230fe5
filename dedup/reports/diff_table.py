"""A diff with names, and its row in the table of many."""

from dataclasses import dataclass

from dedup.diff import Diff

__all__ = ["COLUMNS", "Pair", "table_row"]

#: Headings of the table of many diffs.
COLUMNS = (
    "b", "relation", "a in b", "b in a", "identical", "edited", "moved", "dropped", "added",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A diff with the names of its articles."""

    a: str
    b: str
    diff: Diff


def table_row(pair: Pair) -> tuple[str, ...]:
    """Return the cells of a diff's row under :data:`COLUMNS`."""
    summary = pair.diff.summary()
    counts = (
        summary.identical + summary.typography_only,
        summary.edited,
        summary.moved,
        summary.dropped,
        summary.added,
    )
    return (
        pair.b,
        summary.relation,
        f"{summary.containment_ab:.0%}",
        f"{summary.containment_ba:.0%}",
        *map(str, counts),
    )
