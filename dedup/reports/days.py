"""Days to draw: gaps filled in, long stretches by week or month, stragglers left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dedup.reports.survey import Day

__all__ = ["DrawnDays", "drawn_days"]

#: Longer stretches are shown by week, then by month.
_MOST_DAYS, _MOST_WEEKS = 62, 520
#: One article in so many, at either end, may be left out.
_STRAGGLERS = 100


@dataclass(frozen=True, slots=True)
class DrawnDays:
    """Days, weeks or months in a row, and the articles before and after that are not drawn."""

    unit: str
    days: list[Day]
    before: int
    after: int


def drawn_days(days: Sequence[Day]) -> DrawnDays:
    """Return what to draw of the days on which articles were published."""
    middle, before, after = _without_stragglers(days)
    return DrawnDays(*_grouped(middle), before, after)


def _without_stragglers(days: Sequence[Day]) -> tuple[Sequence[Day], int, int]:
    """Leave out the few articles far before and after the rest, and count them."""
    spare = sum(day.articles for day in days) // _STRAGGLERS
    start, stop, before, after = 0, len(days), 0, 0
    while start < stop and before + days[start].articles <= spare:
        before += days[start].articles
        start += 1
    while stop > start and after + days[stop - 1].articles <= spare:
        after += days[stop - 1].articles
        stop -= 1
    return days[start:stop], before, after


def _grouped(days: Sequence[Day]) -> tuple[str, list[Day]]:
    """Return the days, gaps filled in; longer stretches by week or by month."""
    if not days:
        return "day", []
    stretch = (days[-1].day - days[0].day).days + 1
    if stretch <= _MOST_DAYS:
        known = {day.day: day for day in days}
        all_days = (days[0].day + timedelta(n) for n in range(stretch))
        return "day", [known.get(day, Day(day, 0, 0)) for day in all_days]
    articles: Counter[date] = Counter()
    copies: Counter[date] = Counter()
    is_weekly = stretch <= _MOST_WEEKS
    for day in days:
        start = day.day - timedelta(day.day.weekday()) if is_weekly else day.day.replace(day=1)
        articles[start] += day.articles
        copies[start] += day.copies
    unit = "week" if is_weekly else "month"
    return unit, [Day(start, articles[start], copies[start]) for start in sorted(articles)]
