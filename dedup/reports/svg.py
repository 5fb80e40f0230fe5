"""Small SVG drawings: shapes with classes, which a style sheet colours."""

from collections.abc import Sequence

from markupsafe import Markup, escape

__all__ = ["element", "share_bar", "step_bar", "track"]

#: Parts narrower than this share are still drawn, this wide: what is there is seen.
_LEAST = 0.6


def element(name: str, *children: object, **attributes: object) -> Markup:
    """Return an element; children and values are escaped unless they are markup.

    Examples
    --------
    >>> str(element("text", "a < b", x=1, text_anchor="end", class_="label"))
    '<text x="1" text-anchor="end" class="label">a &lt; b</text>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(str(escape(child)) for child in children)
    # Every part is escaped above.
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704


def _short(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def share_bar(parts: Sequence[tuple[str, float]], said: str) -> Markup:
    """Return a bar of shares that add up to 1.

    Parameters
    ----------
    parts : Sequence[tuple[str, float]]
        Class and share of each.
    said : str
        What a reader who does not see it is told.
    """
    shown = [(name, max(share * 100, _LEAST)) for name, share in parts if share > 0]
    scale = 100 / sum(width for _, width in shown) if shown else 1
    bars, x = [], 0.0
    for name, width in shown:
        bars.append(element("rect", x=x, y=0, width=width * scale, height=10, class_=f"s-{name}"))
        x += width * scale
    return _drawing("sharebar", said, *bars)


def step_bar(start: float, length: float, whole: float, name: str) -> Markup:
    """Return one bar of a waterfall; the numbers beside it say the same."""
    scale = 100 / whole if whole else 0
    return _drawing(
        "stepbar",
        None,
        element("rect", x=0, y=0, width=100, height=10, class_="s-ground"),
        element("rect", x=start * scale, y=0, width=length * scale, height=10, class_=f"s-{name}"),
    )


def track(place: float | None, *, is_first: bool = False) -> Markup:
    """Return a line in time with a mark at a place, 0 to 1."""
    line = element("rect", x=0, y=4.5, width=100, height=1, class_="s-ground")
    if place is None:
        return _drawing("track", None, line)
    x = min(max(place, 0.0), 1.0) * 97
    run = element("rect", x=0, y=4, width=x, height=2, class_="s-run")
    name = "s-first" if is_first else "s-mark"
    return _drawing(
        "track", None, line, run, element("rect", x=x, y=0, width=3, height=10, class_=name)
    )


def _drawing(name: str, said: str | None, *shapes: Markup) -> Markup:
    reader = {"role": "img", "aria_label": said} if said else {"aria_hidden": "true"}
    return element(
        "svg", *shapes, class_=name, viewBox="0 0 100 10", preserveAspectRatio="none", **reader
    )
