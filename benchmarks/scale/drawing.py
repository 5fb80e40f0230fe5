"""The cost curve: CPU and memory an article against the number of articles."""

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

from benchmarks.scale.points import Point
from benchmarks.speed.drawing import document
from dedup.reports.svg import element

__all__ = ["curve", "round_step", "short"]

_WIDTH, _HEIGHT = 760, 330
_TOP, _BOTTOM, _PANEL, _GAP, _LEFT = 66, 66, 300, 80, 60
_TICKS = 4


def curve(points: Sequence[Point], title: str, note: str) -> str:
    """Draw two panels over one logarithmic axis of articles, each from nought.

    Parameters
    ----------
    points : sequence of Point
        Ascending by articles.
    """
    shapes = [element("text", title, x=0, y=20, class_="title")]
    shapes += _panel(_LEFT, "CPU µs an article", points, lambda p: p.cpu_micros, "ours")
    shapes += _panel(
        _LEFT + _PANEL + _GAP, "peak memory, MB", points, lambda p: p.peak_bytes / 1e6, "other"
    )
    shapes.append(element("text", note, x=0, y=_HEIGHT - 8, class_="soft"))
    return document(_WIDTH, _HEIGHT, title, *shapes)


def _panel(
    left: float, name: str, points: Sequence[Point], of: Callable[[Point], float], kind: str
) -> list[Markup]:
    bottom, height = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    step = round_step(max(map(of, points)) / _TICKS)
    first, last = math.log10(points[0].articles), math.log10(points[-1].articles)

    def x(point: Point) -> float:
        share = (math.log10(point.articles) - first) / (last - first) if last > first else 0.5
        return left + 10 + share * (_PANEL - 20)

    def y(value: float) -> float:
        return bottom - value / (step * _TICKS) * height

    shapes = [element("text", name, x=left, y=_TOP - 14, class_="soft")]
    for number in range(_TICKS + 1):
        value = number * step
        at = y(value)
        shapes += [
            element("line", x1=left, x2=left + _PANEL, y1=at, y2=at, class_="grid"),
            element("text", f"{value:,g}", x=left - 8, y=at + 4, class_="soft right"),
        ]
    path = " ".join(f"{x(point):.1f},{y(of(point)):.1f}" for point in points)
    shapes.append(element("polyline", points=path, class_=f"line l-{kind}"))
    for point in points:
        shapes += [
            element("circle", cx=x(point), cy=y(of(point)), r=4, class_=f"d-{kind}"),
            element("text", short(point.articles), x=x(point), y=bottom + 18,
                    class_="soft middle"),
        ]  # fmt: skip
    return shapes


def round_step(least: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= least)


def short(articles: int) -> str:
    """Return a number of articles in thousands or millions."""
    for size, name in ((1_000_000, "M"), (1_000, "k")):
        if articles >= size:
            return f"{articles / size:.3g}{name}"
    return str(articles)
