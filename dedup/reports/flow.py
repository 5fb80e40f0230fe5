"""Who carries whose copy, drawn as ribbons, and how soon."""

from collections import Counter
from collections.abc import Sequence
from statistics import quantiles

from markupsafe import Markup

from dedup.reports.survey import Flow
from dedup.reports.svg import element
from dedup.reports.words import clip, duration, isolated, plural

__all__ = ["flow_drawing", "flow_rows", "quartiles"]

_MOST_ROWS = 300
_MOST_ORIGINS, _MOST_CARRIERS = 6, 10
_WIDTH, _LEFT, _RIGHT, _GAP, _NODE, _UNIT = 800, 200, 580, 14, 9, 260
_OTHERS = "all others"


def flow_rows(flows: Sequence[Flow]) -> tuple[list[dict[str, object]], int]:
    """Return the rows of the flow's table, most copies first, and how many are not there."""
    longest = max((spread[2] for flow in flows if (spread := quartiles(flow))), default=0.0)
    rows = []
    for flow in flows[:_MOST_ROWS]:
        spread = quartiles(flow)
        rows.append(
            {
                "origin": flow.origin,
                "carrier": flow.carrier,
                "copies": flow.copies,
                "median": flow.median_minutes,
                "bar": _lag_bar(spread, longest),
                "said": _said(spread),
            }
        )
    return rows, max(len(flows) - _MOST_ROWS, 0)


def quartiles(flow: Flow) -> tuple[float, float, float] | None:
    """Return within how many minutes a quarter, half, three quarters of the copies came."""
    if not flow.lags:
        return None
    if len(flow.lags) == 1:
        return flow.lags[0], flow.lags[0], flow.lags[0]
    first, middle, third = quantiles(flow.lags, n=4, method="inclusive")
    return first, middle, third


def _said(spread: tuple[float, float, float] | None) -> str:
    if spread is None:
        return "no dates"
    return " · ".join(dict.fromkeys(map(duration, spread)))


def _lag_bar(spread: tuple[float, float, float] | None, longest: float) -> Markup:
    shapes = [element("rect", x=0, y=4.5, width=100, height=1, class_="s-ground")]
    if spread is not None:
        # Square roots: minutes are told apart although some copies come days later.
        low, middle, high = ((max(x, 0) / (longest or 1)) ** 0.5 * 98 for x in spread)
        shapes.append(
            element("rect", x=low, y=2, width=max(high - low, 1.0), height=6, class_="s-run")
        )
        shapes.append(element("rect", x=middle, y=0, width=2, height=10, class_="s-first"))
    return element(
        "svg", *shapes, class_="lagbar", viewBox="0 0 100 10", preserveAspectRatio="none",
        aria_hidden="true",
    )  # fmt: skip


def flow_drawing(flows: Sequence[Flow]) -> Markup | None:
    """Return the largest flows as ribbons from origins to carriers."""
    if not flows:
        return None
    origins = _largest(flows, "origin", _MOST_ORIGINS)
    carriers = _largest(flows, "carrier", _MOST_CARRIERS)
    joined: Counter[tuple[str, str]] = Counter()
    for flow in flows:
        origin = flow.origin if flow.origin in origins else _OTHERS
        joined[origin, flow.carrier if flow.carrier in carriers else _OTHERS] += flow.copies
    total = sum(joined.values())
    left = _stack(joined, 0, origins, total)
    right = _stack(joined, 1, carriers, total)
    height = max(_bottom(left), _bottom(right)) + 8
    colours = {name: n for n, name in enumerate(left)}
    shapes = [*_ribbons(joined, left, right, colours)]
    shapes += _nodes(left, _LEFT - _NODE, "end", _LEFT - _NODE - 6, colours)
    shapes += _nodes(right, _RIGHT, "start", _RIGHT + _NODE + 6, None)
    said = f"Flow of {plural(total, 'copy', 'copies')}; the table below says the same"
    return element(
        "svg", *shapes, class_="flow", viewBox=f"0 0 {_WIDTH} {height:.0f}", role="img",
        aria_label=said,
    )  # fmt: skip


_Node = tuple[float, float, int]  # top, height, copies


def _largest(flows: Sequence[Flow], side: str, most: int) -> list[str]:
    counts: Counter[str] = Counter()
    for flow in flows:
        counts[getattr(flow, side)] += flow.copies
    return sorted(counts, key=lambda name: (-counts[name], name))[:most]


def _stack(
    joined: Counter[tuple[str, str]], side: int, names: list[str], total: int
) -> dict[str, _Node]:
    nodes, top = {}, 8.0
    for name in [*names, _OTHERS]:
        copies = sum(count for pair, count in joined.items() if pair[side] == name)
        if copies:
            height = max(copies / total * _UNIT, 1.5)
            nodes[name] = (top, height, copies)
            top += max(height, 8.0) + _GAP
    return nodes


def _bottom(nodes: dict[str, _Node]) -> float:
    return max(top + height for top, height, _ in nodes.values())


def _ribbons(
    joined: Counter[tuple[str, str]],
    left: dict[str, _Node],
    right: dict[str, _Node],
    colours: dict[str, int],
) -> list[Markup]:
    used_left: Counter[str] = Counter()
    used_right: Counter[str] = Counter()
    ribbons = []
    middle = (_LEFT + _RIGHT) / 2
    order = sorted(joined, key=lambda pair: (left[pair[0]][0], right[pair[1]][0]))
    for origin, carrier in order:
        copies = joined[origin, carrier]
        one, other = left[origin], right[carrier]
        y1 = one[0] + used_left[origin] / one[2] * one[1]
        y2 = other[0] + used_right[carrier] / other[2] * other[1]
        h1, h2 = copies / one[2] * one[1], copies / other[2] * other[1]
        used_left[origin] += copies
        used_right[carrier] += copies
        path = (
            f"M{_LEFT} {y1:.1f}C{middle} {y1:.1f} {middle} {y2:.1f} {_RIGHT} {y2:.1f}"
            f"V{y2 + h2:.1f}C{middle} {y2 + h2:.1f} {middle} {y1 + h1:.1f} {_LEFT} {y1 + h1:.1f}Z"
        )
        told = f"{clip(origin, 60)} → {clip(carrier, 60)}: {plural(copies, 'copy', 'copies')}"
        title = element("title", told)
        ribbons.append(element("path", title, d=path, class_=f"ribbon c{_colour(origin, colours)}"))
    return ribbons


def _colour(name: str, colours: dict[str, int]) -> str:
    return "x" if name == _OTHERS else str(colours[name])


def _nodes(
    nodes: dict[str, _Node], x: float, anchor: str, text_x: float, colours: dict[str, int] | None
) -> list[Markup]:
    shapes = []
    for name, (top, height, copies) in nodes.items():
        colour = "node" if colours is None else f"node c{_colour(name, colours)}"
        shapes.append(element("rect", x=x, y=top, width=_NODE, height=height, class_=colour))
        label = element("tspan", isolated(clip(name, 22)), class_="name"), f" {copies:,}"
        shapes.append(
            element("text", *label, x=text_x, y=top + height / 2 + 4.5, text_anchor=anchor)
        )
    return shapes
