"""Plots as SVG files of their own, for papers and dashboards."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from markupsafe import Markup

from dedup.errors import ArgumentError, OptionalDependencyError
from dedup.match import Relation
from dedup.reports.days import drawn_days
from dedup.reports.figures import Figures
from dedup.reports.flow import flow_drawing
from dedup.reports.survey import Day, Flow
from dedup.reports.svg import element
from dedup.reports.words import clip, duration, isolated, percent

__all__ = ["PLOTS", "plot_png", "plot_svg"]

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 28, 64, 48
_MOST_BARS = 20
#: Of fewer copies quartiles say little.
_ENOUGH_COPIES = 3
_STYLE = """
text { font: 13px system-ui, "DejaVu Sans", "Noto Sans", "Noto Sans CJK JP", sans-serif; }
text { fill: #333; }
.title { font-size: 17px; font-weight: 600; fill: #111; } .soft { fill: #5a5a55; }
.name { font-weight: 600; fill: #111; } .axis { stroke: #8a8a84; stroke-width: 1; }
.grid { stroke: #e4e4dd; stroke-width: 1; }
.s-identical { fill: #3f5f73; } .s-copy { fill: #5f8fae; } .s-excerpt { fill: #b98fd0; }
.s-expansion { fill: #8a63a8; } .s-revision { fill: #c98a1b; }
.s-copies { fill: #b4531a; } .s-others { fill: #a9b4bd; }
.s-run { fill: #a9b4bd; } .s-first { fill: #111; }
.ribbon { opacity: .5; } .node { fill: #111; }
.c0 { fill: #4a7fa5; } .c1 { fill: #b4531a; } .c2 { fill: #5d8a4a; } .c3 { fill: #8a63a8; }
.c4 { fill: #b08a1e; } .c5 { fill: #3b8f8a; } .cx { fill: #7d8790; }
"""
_RELATIONS = tuple(
    str(one)
    for one in (
        Relation.IDENTICAL, Relation.COPY, Relation.EXCERPT, Relation.EXPANSION, Relation.REVISION,
    )
)  # fmt: skip


def plot_svg(name: str, figures: Figures, *, title: str | None = None) -> str:
    """Return a plot as an SVG file.

    Parameters
    ----------
    name : str
        One of :data:`PLOTS`.
    title : str | None
        Instead of the plot's own.

    Raises
    ------
    ArgumentError
        No such plot.
    """
    if name not in PLOTS:
        raise ArgumentError(f"plot is {name!r}: use one of {', '.join(PLOTS)}")
    draw, usual = PLOTS[name]
    height, shapes = draw(figures)
    said = clip(title or usual, 100)
    head = element("text", said, x=16, y=30, class_="title")
    return str(
        element(
            "svg",
            element("title", said),
            element("style", Markup(_STYLE)),  # noqa: S704 - the package's own
            element("rect", x=0, y=0, width=_WIDTH, height=height, fill="#fff"),
            head,
            *shapes,
            xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDTH} {height:.0f}",
            width=_WIDTH, height=round(height), role="img",
        )
    ).translate(_NO_XML)  # fmt: skip


#: Code points that XML forbids and :func:`clip` leaves as they are.
_NO_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


def plot_png(svg: str, *, zoom: float = 2.0) -> bytes:
    """Return an SVG file as PNG.

    Raises
    ------
    OptionalDependencyError
        The extra ``plot`` is not installed.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise OptionalDependencyError("resvg-py", "plot", "a plot as PNG") from error
    return bytes(svg_to_bytes(svg_string=svg, zoom=zoom))


_Drawn = tuple[float, list[Markup]]


def _similarity(measure: str) -> Callable[[Figures], _Drawn]:
    def draw(figures: Figures) -> _Drawn:
        rows = figures["similarity"][measure]
        stacks = [[(f"s-{one}", counts.get(one, 0)) for one in _RELATIONS] for _, counts in rows]
        shapes = _columns(stacks, "pairs")
        for share in (0, 25, 50, 75, 100):
            x = _LEFT + share / 100 * (_WIDTH - _LEFT - _RIGHT)
            shapes.append(_label(f"{share} %", x, _HEIGHT - _BOTTOM + 18, "middle"))
        shapes += _legend([(f"s-{one}", one) for one in _RELATIONS])
        return _HEIGHT, shapes

    return draw


def _days(figures: Figures) -> _Drawn:
    days = drawn_days([Day(date.fromisoformat(day), *n) for day, *n in figures["days"]]).days
    stacks = [[("s-copies", day.copies), ("s-others", day.articles - day.copies)] for day in days]
    shapes = _columns(stacks, "articles")
    if days:
        for day, x, anchor in ((days[0], _LEFT, "start"), (days[-1], _WIDTH - _RIGHT, "end")):
            text = f"{day.day.day} {day.day:%b %Y}"
            shapes.append(_label(text, x, _HEIGHT - _BOTTOM + 18, anchor))
    shapes += _legend([("s-copies", "copies"), ("s-others", "all other articles")])
    return _HEIGHT, shapes


def _columns(stacks: Sequence[Sequence[tuple[str, int]]], unit: str) -> list[Markup]:
    """Return stacked columns over a grid."""
    highest = max((sum(count for _, count in stack) for stack in stacks), default=0) or 1
    tall, wide = _HEIGHT - _TOP - _BOTTOM, _WIDTH - _LEFT - _RIGHT
    base = _HEIGHT - _BOTTOM
    shapes = []
    for tick in _ticks(highest):
        y = base - tick / highest * tall
        shapes.append(element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid"))
        shapes.append(_label(f"{tick:,}", _LEFT - 8, y + 4, "end"))
    width = wide / (len(stacks) or 1)
    for place, stack in enumerate(stacks):
        y = float(base)
        for name, count in stack:
            height = count / highest * tall
            y -= height
            if count:
                shapes.append(
                    element(
                        "rect", x=_LEFT + place * width + width * 0.06, y=y, width=width * 0.88,
                        height=height, class_=name,
                    )
                )  # fmt: skip
    shapes.append(element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=base, y2=base, class_="axis"))
    shapes.append(_label(unit, _LEFT - 8, _TOP - 6, "end"))
    return shapes


def _ticks(highest: int) -> list[int]:
    step = 10 ** math.floor(math.log10(highest))
    step = next(s for s in (step // 5, step // 2, step, step * 2) if s and highest / s <= 5)
    return list(range(step, highest + 1, step))


def _legend(names: Sequence[tuple[str, str]]) -> list[Markup]:
    shapes, x = [], float(_LEFT)
    for style, name in names:
        shapes.append(element("rect", x=x, y=_HEIGHT - 18, width=11, height=11, class_=style))
        shapes.append(_label(name, x + 16, _HEIGHT - 8, "start"))
        x += 40 + 7.4 * len(name)
    return shapes


def _label(text: str, x: float, y: float, anchor: str) -> Markup:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_="soft")


def _sources(figures: Figures) -> _Drawn:
    rows = [row for row in figures["sources"] if row[2]]
    rows = sorted(rows, key=lambda row: (-row[2], row[0]))[:_MOST_BARS]
    most = max((row[2] for row in rows), default=1)
    bars = [
        (
            clip(name, 30),
            [("s-copies", 0.0, copies / most)],
            f"{copies:,} ({percent(copies / articles)} of {articles:,})",
        )
        for name, articles, copies in rows
    ]
    return _bars(bars)


def _lag(figures: Figures) -> _Drawn:
    timed = [
        (spread, f"{isolated(clip(origin, 18))} → {isolated(clip(carrier, 18))}", copies)
        for origin, carrier, copies, spread in figures["flows"]
        if spread is not None and copies >= _ENOUGH_COPIES
    ]
    timed = sorted(timed, key=lambda one: (one[0][1], one[1]))[:_MOST_BARS]
    longest = max((spread[2] for spread, _, _ in timed), default=1) or 1
    bars = []
    for spread, name, copies in timed:
        low, middle, high = (max(x, 0) / longest for x in spread)
        parts = [("s-run", low, max(high - low, 0.004)), ("s-first", middle, 0.006)]
        bars.append((name, parts, f"{duration(spread[1])} ({copies:,})"))
    return _bars(bars)


def _bars(bars: Sequence[tuple[str, list[tuple[str, float, float]], str]]) -> _Drawn:
    """Return horizontal bars with a name before and figures behind."""
    left, wide, tall = 270, 310, 24
    shapes = []
    for place, (name, parts, said) in enumerate(bars):
        y = _TOP + place * tall
        shapes.append(element("text", name, x=left - 10, y=y + 13, text_anchor="end"))
        shapes += [
            element("rect", x=left + at * wide, y=y + 2, width=size * wide, height=14, class_=style)
            for style, at, size in parts
        ]
        end = max((at + size for _, at, size in parts), default=0)
        shapes.append(_label(said, left + end * wide + 8, y + 13, "start"))
    return _TOP + len(bars) * tall + 16, shapes


def _flow(figures: Figures) -> _Drawn:
    flows = [Flow(origin, carrier, n, ()) for origin, carrier, n, _ in figures["flows"]]
    drawing = flow_drawing(flows)
    if drawing is None:
        return _TOP + 40, [_label("no copies between outlets", 16, _TOP + 10, "start")]
    wide, tall = map(float, str(drawing).split('viewBox="0 0 ')[1].split('"')[0].split())
    height = tall * _WIDTH / wide
    place = f'<svg y="{_TOP - 16}" width="{_WIDTH}" height="{height:.0f}" '
    placed = str(drawing).replace("<svg ", place, 1)
    return _TOP + height, [Markup(placed)]  # noqa: S704 - escaped where it was drawn


#: The plots by name, each with its title.
PLOTS: Mapping[str, tuple[Callable[[Figures], _Drawn], str]] = {
    "coverage": (_similarity("coverage"), "Coverage of the pairs"),
    "resemblance": (_similarity("resemblance"), "Resemblance of the pairs"),
    "sources": (_sources, "Copies by source"),
    "days": (_days, "Articles and copies by day"),
    "flow": (_flow, "Who carries whose copy"),
    "lag": (_lag, "How soon copies come: quartiles of the lag (copies)"),
}
