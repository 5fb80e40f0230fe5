"""Bars of what each program takes, as an SVG that reads on light and dark pages."""

from collections.abc import Sequence

from markupsafe import Markup

from benchmarks.speed.figures import Figures
from benchmarks.speed.programs import FLOOR, OURS
from dedup.reports.svg import element

__all__ = ["STYLE", "bars", "document"]

_WIDTH, _ROW, _TOP, _PANEL, _NAME, _GAP = 760, 26, 62, 205, 100, 15
#: Room right of a bar for its number.
_NUMBER = 66
STYLE = """
text { font: 13px system-ui, "DejaVu Sans", "Noto Sans", sans-serif; fill: #333; }
.title { font-size: 17px; font-weight: 600; } .soft { fill: #5a5a55; } .right { text-anchor: end; }
.middle { text-anchor: middle; } .ours { fill: #b4531a; } .floor { fill: #cfd5da; }
.other { fill: #7d97a8; } .grid { stroke: #8a8a84; stroke-opacity: .35; }
.line { fill: none; stroke-width: 2; } .l-ours { stroke: #b4531a; } .l-other { stroke: #4a7fa5; }
.d-ours { fill: #b4531a; } .d-other { fill: #4a7fa5; }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd; } .soft { fill: #aaa; } .floor { fill: #5a6268; } }
"""


def document(width: int, height: int, title: str, *shapes: Markup) -> str:
    """Return an SVG file with its title as accessible name."""
    return str(
        element(
            "svg",
            element("title", title),
            element("style", Markup(STYLE)),
            *shapes,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=width,
            height=height,
            role="img",
        )
    )


def bars(rows: Sequence[Figures], title: str, note: str) -> str:
    """Draw CPU, wall time and memory, a panel each, on scales from nought.

    Parameters
    ----------
    rows : sequence of Figures
        Of one number of jobs.
    note : str
        Machine, commit and corpus, below the bars.
    """
    panels = (
        ("CPU, seconds", [row.cost.cpu_seconds for row in rows], "{:,.1f}"),
        ("wall time, seconds", [row.cost.wall_seconds for row in rows], "{:,.1f}"),
        ("peak memory, MB", [row.cost.peak_bytes / 1e6 for row in rows], "{:,.0f}"),
    )
    height = _TOP + _ROW * len(rows) + 34
    shapes = [element("text", title, x=0, y=20, class_="title")]
    for number, row in enumerate(rows):
        y = _TOP + _ROW * number + 16
        shapes.append(element("text", row.program, x=_NAME - 10, y=y, class_="right"))
    for number, (name, values, form) in enumerate(panels):
        left = _NAME + number * (_PANEL + _GAP)
        shapes.append(element("text", name, x=left, y=_TOP - 10, class_="soft"))
        shapes += _panel(left, rows, values, form)
    shapes.append(element("text", note, x=0, y=height - 8, class_="soft"))
    return document(_WIDTH, height, title, *shapes)


def _panel(
    left: float, rows: Sequence[Figures], values: Sequence[float], form: str
) -> list[Markup]:
    scale = (_PANEL - _NUMBER) / (max(values) or 1)
    shapes = []
    for number, (row, value) in enumerate(zip(rows, values, strict=True)):
        y = _TOP + _ROW * number
        name = {OURS: "ours", FLOOR: "floor"}.get(row.program, "other")
        width = max(value * scale, 1.0)
        shapes += [
            element("rect", x=left, y=y + 3, width=width, height=_ROW - 8, class_=name),
            element("text", form.format(value), x=left + width + 5, y=y + 16),
        ]
    return shapes
