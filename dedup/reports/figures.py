"""The numbers behind a result's plots, small enough to keep, and sparklines of them."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from dedup.batch import Deduplication
from dedup.match import Relation
from dedup.reports.days import drawn_days
from dedup.reports.flow import quartiles
from dedup.reports.forest import MEASURES, bins
from dedup.reports.survey import Survey, days_of

__all__ = ["Figures", "figures_of", "sparkline", "sparks"]

_LEVELS = "▁▂▃▄▅▆▇█"
_MOST_SOURCES, _MOST_FLOWS = 200, 200
_SPARK_WIDTH = 40


class Figures(TypedDict):
    """What plots are drawn from.

    ``similarity`` has, for each measure, rows of (start in hundredths, pairs by
    relation); ``sources`` (name, articles, copies); ``days`` (ISO date, articles,
    copies); ``flows`` (origin, carrier, copies, quartiles of the lag in minutes
    or None).
    """

    similarity: Mapping[str, list[tuple[int, dict[str, int]]]]
    sources: list[tuple[str, int, int]]
    days: list[tuple[str, int, int]]
    flows: list[tuple[str, str, int, tuple[float, float, float] | None]]


def figures_of(survey: Survey) -> Figures:
    """Return the numbers behind the plots."""
    duplicates = survey.result.duplicates
    return {
        "similarity": {
            name: [
                (one.start, {str(relation): n for relation, n in one.counts.items()})
                for one in bins(duplicates, measure)
            ]
            for name, measure in MEASURES.items()
        },
        "sources": [(row.name, row.articles, row.copies) for row in survey.sources[:_MOST_SOURCES]],
        "days": [(day.day.isoformat(), day.articles, day.copies) for day in survey.days],
        "flows": [
            (flow.origin, flow.carrier, flow.copies, quartiles(flow))
            for flow in survey.flows[:_MOST_FLOWS]
        ],
    }


def sparkline(values: Sequence[float]) -> str:
    """Return values as a line of blocks; nothing is a space, anything at least the lowest.

    Examples
    --------
    >>> sparkline([0, 1, 4, 8])
    ' ▁▄█'
    """
    highest = max(values, default=0)
    if not highest:
        return " " * len(values)
    top = len(_LEVELS) - 1
    return "".join(
        _LEVELS[max(round(value / highest * (top + 1)) - 1, 0)] if value else " "
        for value in values
    )


def sparks(result: Deduplication) -> list[tuple[str, str]]:
    """Return names and sparklines for the summary of a batch: similarity, copies by day."""
    found = bins(result.duplicates, MEASURES["coverage"], width=100 // _SPARK_WIDTH)
    lines = [("coverage of pairs, 0 to 100 %", sparkline([one.total for one in found]))]
    drawn = drawn_days(days_of(result))
    if len(drawn.days) > 1:
        shown = drawn.days[-_SPARK_WIDTH:]
        name = f"copies by {drawn.unit}, {shown[0].day.isoformat()} to {shown[-1].day.isoformat()}"
        lines.append((name, sparkline([day.copies for day in shown])))
    overlaps = result.matches.tally()[Relation.OVERLAP]
    return lines if result.duplicates or overlaps else []
