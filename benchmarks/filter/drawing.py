"""The growth plot: latency and bytes an article against the number of articles."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from benchmarks.scale.drawing import round_step, short
from benchmarks.speed.drawing import document
from dedup.reports.svg import element

__all__ = ["growth"]

#: Beside each panel there is room for the longest label, and for the next one's numbers.
_TOP, _BOTTOM, _PANEL, _GAP, _LEFT, _RIGHT = 66, 66, 270, 165, 60, 75
_WIDTH, _HEIGHT = _LEFT + 2 * _PANEL + _GAP + _RIGHT, 330
_TICKS = 4
_LABEL_HEIGHT = _NOTE_HEIGHT = 14
#: Characters of the note that fit on a line.
_NOTE_WIDTH = 125

#: Name, kind of line, values; None where a point has none.
Line = tuple[str, str, list[float | None]]


def growth(points: Sequence[dict[str, Any]], note: str) -> str:
    """Draw two panels over one logarithmic axis of articles, each from nought.

    Parameters
    ----------
    points : sequence of figures
        As `benchmarks.filter.latency` prints them, ascending by size.
    """
    title = "What a check and an article cost as an index grows"
    latency: list[Line] = [
        ("p50", "ours", [point["check"]["p50_us"] for point in points]),
        ("p99", "ours", [point["check"]["p99_us"] for point in points]),
        ("p99, few copies", "ours", [point["check_small_families"]["p99_us"] for point in points]),
    ]
    for name in ("p50", "p99"):
        values = [point.get("gaoya_check", {}).get(f"{name}_us") for point in points]
        latency.append((f"gaoya {name}", "other", values))
    size: list[Line] = [
        ("disk", "ours", [point["disk_bytes_an_article"] / 1e3 for point in points]),
        ("memory", "other", [_memory(point) / 1e3 for point in points]),
    ]
    sizes = [int(point["articles"]) for point in points]
    shapes = [element("text", title, x=0, y=20, class_="title")]
    shapes += _panel(_LEFT, "check, µs", sizes, latency)
    shapes += _panel(_LEFT + _PANEL + _GAP, "kB an article", sizes, size)
    notes = textwrap.wrap(note, _NOTE_WIDTH, break_on_hyphens=False)
    for number, line in enumerate(notes):
        y = _HEIGHT - 8 + number * _NOTE_HEIGHT
        shapes.append(element("text", line, x=0, y=y, class_="soft"))
    height = _HEIGHT + (len(notes) - 1) * _NOTE_HEIGHT
    return document(_WIDTH, height, title, *shapes)


def _memory(point: dict[str, Any]) -> float:
    held = point["own_memory_bytes"] + point["mapped_memory_bytes"]
    return float(held / point["articles"])


def _panel(left: float, name: str, sizes: Sequence[int], lines: Sequence[Line]) -> list[Markup]:
    bottom, height = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    most = max(value for *_, values in lines for value in values if value is not None)
    step = round_step(most / _TICKS)
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(articles: int) -> float:
        share = (math.log10(articles) - first) / (last - first) if last > first else 0.5
        return left + 10 + share * (_PANEL - 20)

    shapes = [element("text", name, x=left, y=_TOP - 14, class_="soft")]
    for number in range(_TICKS + 1):
        at = bottom - number / _TICKS * height
        shapes += [
            element("line", x1=left, x2=left + _PANEL, y1=at, y2=at, class_="grid"),
            element("text", f"{number * step:,g}", x=left - 8, y=at + 4, class_="soft right"),
        ]
    labels: list[tuple[float, str]] = []
    for label, kind, values in lines:
        there = [
            (x(articles), bottom - value / (step * _TICKS) * height)
            for articles, value in zip(sizes, values, strict=True)
            if value is not None
        ]
        if not there:
            continue
        path = " ".join(f"{at:.1f},{y:.1f}" for at, y in there)
        shapes.append(element("polyline", points=path, class_=f"line l-{kind}"))
        shapes += [element("circle", cx=at, cy=y, r=3, class_=f"d-{kind}") for at, y in there]
        labels.append((there[-1][1], label))
    lowest = float(bottom)
    for y, label in sorted(labels, reverse=True):
        lowest = min(y + 4, lowest)
        shapes.append(element("text", label, x=left + _PANEL + 4, y=lowest))
        lowest -= _LABEL_HEIGHT
    shapes += [
        element("text", short(articles), x=x(articles), y=bottom + 18, class_="soft middle")
        for articles in sizes
    ]
    return shapes
