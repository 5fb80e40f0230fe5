"""The report's first page: what the run found, as values for the template."""

from collections.abc import Sequence
from datetime import date
from statistics import median

from markupsafe import Markup

from dedup import __version__
from dedup.match import Matches, Relation
from dedup.reports.days import drawn_days
from dedup.reports.flow import flow_drawing, flow_rows
from dedup.reports.forest import MEASURES, Bin, bins
from dedup.reports.survey import Survey
from dedup.reports.svg import element, share_bar
from dedup.reports.words import clip, duration, percent, plural

__all__ = ["overview_values"]

_MOST_SOURCES = 20
#: In the order in which a bar is built up.
_STACKED = (
    Relation.IDENTICAL, Relation.COPY, Relation.EXCERPT, Relation.EXPANSION, Relation.REVISION,
    Relation.OVERLAP,
)  # fmt: skip
_TITLES = {
    "coverage": "Coverage: of the body that is covered more, the share in common passages",
    "resemblance": "Resemblance (Jaccard): shared shingles of all shingles; low for an excerpt",
}


def overview_values(survey: Survey, *, title: str | None) -> dict[str, object]:
    """Return what the overview, the flow and the run's page show."""
    result = survey.result
    found = result.duplicates.tally()
    shown = survey.sources[:_MOST_SOURCES]
    more = len(survey.sources) - len(shown)
    return {
        "version": __version__,
        "heading": title or "Who copied whom",
        "lede": _lede(survey),
        "tiles": _tiles(survey),
        "histograms": [_histogram(result.duplicates, *one) for one in _TITLES.items()],
        "histogram_note": (
            f"{plural(len(result.duplicates), 'pair')} that the policy counts as duplicates, "
            "by what one is to the other."
        ),
        "relations": [(str(one), found[one]) for one in Relation if found[one]],
        "sources": [
            {
                "name": row.name,
                "articles": row.articles,
                "copies": row.copies,
                "share": row.copies / row.articles,
                "bar": _part_bar(row.copies, row.articles),
            }
            for row in shown
        ],
        "more_sources": f"and {plural(more, 'smaller source')}" if more else None,
        "days": _days(survey),
        **_flow(survey),
    }


def _lede(survey: Survey) -> str:
    result = survey.result
    articles, copies = len(result.members), len(result.dropped)
    if not copies:
        return f"None of {plural(articles, 'article')} is a copy of another."
    said = [
        (
            f"{plural(copies, 'copy', 'copies')} among {plural(articles, 'article')} "
            f"({percent(copies / articles)}), "
            f"of {plural(len(result.clusters), 'story', 'stories')}."
        )
    ]
    if survey.flows:
        most = survey.flows[0]
        said.append(
            f"{clip(most.carrier, 60)} carried most: {plural(most.copies, 'copy', 'copies')} of "
            f"{clip(most.origin, 60)}’s articles."
        )
        timed = [flow for flow in survey.flows if len(flow.lags) >= 3]
        fastest = min(
            timed, key=lambda flow: (flow.median_minutes or 0, flow.carrier), default=None
        )
        if fastest is not None:
            said.append(
                f"Fastest was {clip(fastest.carrier, 60)} with {clip(fastest.origin, 60)}’s: "
                f"half of {len(fastest.lags):,} within {_within(fastest.median_minutes)}."
            )
    return " ".join(said)


def _within(minutes: float | None) -> str:
    return duration(minutes) if round(minutes or 0) else "the same minute"


def _tiles(survey: Survey) -> list[dict[str, str]]:
    result = survey.result
    articles, copies = len(result.members), len(result.dropped)
    lags = [lag for flow in survey.flows for lag in flow.lags]
    largest = result.clusters[0] if result.clusters else None
    overlaps = result.matches.tally()[Relation.OVERLAP]
    tiles = (
        (f"{articles:,}", "articles", f"of {plural(len(survey.sources), 'source')}"),
        (f"{articles - copies:,}", "kept", "one of each story"),
        (f"{copies:,}", "copies", percent(copies / articles) if articles else ""),
        (
            f"{len(result.clusters):,}",
            "clusters",
            f"largest: {plural(len(largest.members), 'article')}" if largest else "",
        ),
        (
            duration(median(lags)) if lags else "–",
            "median lag",
            "from first publication to another outlet",
        ),
        (f"{overlaps:,}", "overlaps", "share passages; not clustered"),
    )
    return [{"value": value, "name": name, "note": note} for value, name, note in tiles]


def _histogram(matches: Matches, name: str, title: str) -> dict[str, object]:
    found = bins(matches, MEASURES[name])
    rows = [(f"{one.start}–{one.start + 2} %", one.total) for one in found if one.total]
    return {"name": name, "title": title, "drawing": _bars(found, name), "rows": rows}


def _bars(found: Sequence[Bin], name: str) -> Markup:
    highest = max((one.total for one in found), default=0) or 1
    width = 100 / len(found)
    bars: list[Markup] = []
    for one in found:
        y = 100.0
        for relation in _STACKED:
            height = one.counts.get(relation, 0) / highest * 96
            if height:
                y -= max(height, 0.7)
                bars.append(
                    element(
                        "rect", x=one.start + 0.1, y=y, width=width - 0.2,
                        height=max(height, 0.7), class_=f"s-{relation}",
                    )
                )  # fmt: skip
    veil = element("rect", x=0, y=0, width=0, height=100, class_="veil", data_veil=name)
    said = f"Histogram of {name}; the table below says the same"
    return element(
        "svg", *bars, veil, viewBox="0 0 100 100", preserveAspectRatio="none", role="img",
        aria_label=said,
    )  # fmt: skip


def _part_bar(part: int, whole: int) -> Markup:
    share = part / whole if whole else 0
    return share_bar((("copies", share), ("ground", 1 - share)), f"{percent(share)} copies")


def _days(survey: Survey) -> dict[str, object]:
    notes = [plural(survey.undated, "article") + " without a date"] if survey.undated else []
    drawn = drawn_days(survey.days)
    unit, days = drawn.unit, drawn.days
    left_out = [
        f"{plural(count, 'article')} {where}"
        for count, where in ((drawn.before, "before"), (drawn.after, "after"))
        if count
    ]
    if left_out:
        notes.append(f"Not drawn: {' and '.join(left_out)}.")
    highest = max((day.articles for day in days), default=1)
    width = 100 / (len(days) or 1)
    bars = []
    for place, day in enumerate(days):
        others, copies = ((day.articles - day.copies) / highest * 98, day.copies / highest * 98)
        x, wide = place * width + width * 0.08, width * 0.84
        bars.append(
            element("rect", x=x, y=100 - copies, width=wide, height=copies, class_="s-copies")
        )
        bars.append(
            element(
                "rect", x=x, y=100 - copies - others, width=wide, height=others, class_="s-others"
            )
        )
    return {
        "unit": unit,
        "rows": [
            {
                "label": day.day.isoformat(),
                "articles": day.articles,
                "copies": day.copies,
                "share": day.copies / (day.articles or 1),
            }
            for day in days
        ],
        "first": _said(days[0].day) if days else "",
        "last": _said(days[-1].day) if days else "",
        "notes": notes,
        "drawing": element(
            "svg", *bars, viewBox="0 0 100 100", preserveAspectRatio="none", role="img",
            aria_label=f"Articles and copies by {unit}; the table below says the same",
        ),
    }  # fmt: skip


def _said(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _flow(survey: Survey) -> dict[str, object]:
    rows, more = flow_rows(survey.flows)
    return {
        "flow_note": (
            "Who first published what others carry, and how soon. The outlet that published a "
            "story first counts as its origin; copies within one outlet are left out."
        ),
        "flow_drawing": flow_drawing(survey.flows),
        "flows": rows,
        "more_flows": f"and {plural(more, 'smaller flow')}" if more else None,
    }
