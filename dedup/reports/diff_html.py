"""A diff as one self-contained page: side by side or stacked, without JavaScript.

Everything of the articles goes through :func:`_safe`, and a content security
policy forbids scripts, requests and styles other than the page's own.
"""

import base64
import hashlib
from collections.abc import Collection, Sequence
from functools import cache
from html import escape
from importlib import resources
from itertools import pairwise

from dedup.diff import Diff, Op, Segment, WordEdit, WordOp
from dedup.reports.diff_rows import Arrival, Fold, Row, Shown, list_rows
from dedup.reports.diff_table import COLUMNS, Pair, table_row
from dedup.reports.visible import one_line

__all__ = ["page_style", "render_html", "render_html_rows"]

_DROPPED_SIDE = {"a": "del", "b": "ins"}


@cache
def page_style() -> str:
    """Return the style sheet of the page."""
    return resources.files("dedup.reports").joinpath("diff_page.css").read_text("utf-8")


def render_html(
    pairs: Sequence[Pair], *, only: Collection[Op] = (), context: int | None = None
) -> str:
    """Return diffs as one HTML page; with several, a table leads to each.

    Parameters
    ----------
    pairs : Sequence[Pair]
    only : Collection[Op]
        Operations to show; all, if empty.
    context : int | None
        Kept sentences to show around a change; the others can be opened.
    """
    style = page_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = _title(pairs)
    is_single = len(pairs) == 1
    sections = "\n".join(
        _section(pair, "" if is_single else f"d{number}-", only, context)
        for number, pair in enumerate(pairs, 1)
    )
    table = "" if is_single else f"<h1>{title}</h1>{_table(pairs)}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<main id="main">
{table}{sections}
</main>
<footer>Struck out: only in a. Underlined: only in b. Bold: a number, a name or a quotation \
changed. Grey: typography only.</footer>
</body>
</html>
"""


def _title(pairs: Sequence[Pair]) -> str:
    if len(pairs) == 1:
        return f"{_safe(pairs[0].a)} → {_safe(pairs[0].b)}: {_safe(pairs[0].diff.relation)}"
    return f"{len(pairs)} articles against {_safe(pairs[0].a) if pairs else 'none'}"


def _table(pairs: Sequence[Pair]) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    rows = []
    for number, pair in enumerate(pairs, 1):
        name, *cells = table_row(pair)
        link = f'<th scope="row"><a href="#d{number}-top"><bdi>{_safe(name)}</bdi></a></th>'
        rows.append(f"<tr>{link}{''.join(f'<td>{_safe(cell)}</td>' for cell in cells)}</tr>")
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _section(pair: Pair, prefix: str, only: Collection[Op], context: int | None) -> str:
    diff = pair.diff
    summary = diff.summary()
    level = "h2" if prefix else "h1"
    heads = [
        _safe(title or name) for title, name in zip(diff.titles, (pair.a, pair.b), strict=True)
    ]
    notes = "".join(f"<li>{_safe(line)}</li>" for line in summary.lines()[2:])
    return f"""<section id="{prefix}top">
<header>
<{level}>{_safe(summary.verdict())}</{level}>
<p>a: <bdi>{heads[0]}</bdi></p>
<p>b: <bdi>{heads[1]}</bdi></p>
<ul class="counts">{_counts(diff)}</ul>
<ul class="notes">{notes}</ul>
</header>
<div class="heads" aria-hidden="true"><div>a: <bdi>{heads[0]}</bdi></div>\
<div>b: <bdi>{heads[1]}</bdi></div></div>
{render_html_rows(diff, prefix=prefix, only=only, context=context)}
</section>"""


def render_html_rows(
    diff: Diff,
    *,
    prefix: str = "",
    only: Collection[Op] = (),
    context: int | None = None,
) -> str:
    """Return the rows of a diff, to stand in a page with :func:`page_style`.

    Parameters
    ----------
    prefix : str
        Put before every id, so that one page can hold several diffs; letters,
        digits and hyphens.
    """
    rows = list_rows(diff, only=only, context=context)
    return _Rows(diff, prefix, rows).html()


class _Rows:
    """The rows of one diff, with the ids that link them."""

    def __init__(self, diff: Diff, prefix: str, rows: list[Row]) -> None:
        self.diff = diff
        self.prefix = prefix
        self.rows = rows
        moved = [segment for segment in diff.segments if segment.op == Op.MOVED]
        self.moves = {segment: number for number, segment in enumerate(moved, 1)}
        changes = [index for index, row in enumerate(rows) if _is_change(row)]
        self.next_change = dict(pairwise(changes))

    def html(self) -> str:
        """Return all rows."""
        return "\n".join(self._row(index, row) for index, row in enumerate(self.rows))

    def _row(self, index: int, row: Row) -> str:
        if isinstance(row, Fold):
            return self._fold(row)
        jump = ""
        if index in self.next_change:
            href = f"#{self._id(self.next_change[index])}"
            jump = f'<a class="jump" dir="ltr" href="{href}" aria-label="to the next change">↓</a>'
        if isinstance(row, Arrival):
            return self._arrival(index, row, jump)
        segment = row.segment
        left = self._cell(segment, "a", self._tag(row))
        right = "" if segment.op == Op.MOVED else self._cell(segment, "b", "")
        if segment.a is None:
            left, right = "", self._cell(segment, "b", self._tag(row))
        return self._grid(segment.op.value, index, left, right, jump)

    def _arrival(self, index: int, row: Arrival, jump: str) -> str:
        number = self.moves[row.segment]
        link = (
            f'<a class="tag" dir="ltr" id="{self.prefix}to{number}" '
            f'href="#{self.prefix}from{number}">'
            f"moved from sentence {row.place.a} of a</a>"
        )
        return self._grid("arrival", index, "", self._cell(row.segment, "b", link), jump)

    def _grid(self, name: str, index: int, left: str, right: str, jump: str) -> str:
        if jump and right:
            right = right.replace("</p>", f"{jump}</p>")
        elif jump:
            left = left.replace("</p>", f"{jump}</p>")
        return (
            f'<div class="row {name}" id="{self._id(index)}"><div class="cell a">{left}</div>'
            f'<div class="cell b">{right}</div></div>'
        )

    def _id(self, index: int) -> str:
        return f"{self.prefix}row{index}"

    def _tag(self, row: Shown) -> str:
        segment = row.segment
        if segment.op == Op.MOVED:
            number = self.moves[segment]
            return (
                f'<a class="tag" dir="ltr" id="{self.prefix}from{number}" '
                f'href="#{self.prefix}to{number}">'
                f"moved to sentence {row.place.b} of b</a>"
            )
        if segment.op in (Op.KEPT, Op.EDITED):
            return _label(_safe(segment.note)) if _has_tag(segment) else ""
        return _label(segment.op.value)

    def _cell(self, segment: Segment, side: str, tag: str) -> str:
        span = segment.a if side == "a" else segment.b
        if span is None:
            return ""
        text = self.diff.text_a if side == "a" else self.diff.text_b
        if not segment.words:
            return f'<p dir="auto">{tag}{_safe(text[slice(*span)]).strip()}</p>'
        return f'<p dir="auto">{tag}{self._words(segment.words, text, side).strip()}</p>'

    def _words(self, words: tuple[WordEdit, ...], text: str, side: str) -> str:
        parts = []
        for word in words:
            own = word.a if side == "a" else word.b
            if own is None:
                continue
            run = _safe(text[slice(*own)])
            if word.op == WordOp.KEPT or word.kind is None:
                parts.append(run)
                continue
            name = _DROPPED_SIDE[side]
            bare = run.strip()
            before = " " if run[:1] == " " else ""
            after = " " if run[-1:] == " " and bare else ""
            parts.append(f'{before}<{name} class="{word.kind.value}">{bare}</{name}>{after}')
        return "".join(parts)

    def _fold(self, fold: Fold) -> str:
        count = len(fold.shown)
        if fold.op == Op.KEPT:
            said = f"{count} kept sentence{'s' if count > 1 else ''}"
        else:
            said = f"Chrome, {count} line{'s' if count > 1 else ''}: {_reasons(fold)}"
        rows = "".join(
            f'<div class="row"><div class="cell a">{self._cell(shown.segment, "a", "")}</div>'
            f'<div class="cell b">{self._cell(shown.segment, "b", "")}</div></div>'
            for shown in fold.shown
        )
        return f"<details><summary>{said}</summary>{rows}</details>"


def _is_change(row: Row) -> bool:
    return not isinstance(row, Fold) and row.segment.op not in (Op.KEPT, Op.CHROME)


def _label(text: str) -> str:
    return f'<span class="tag" dir="ltr">{text}</span>'


def _has_tag(segment: Segment) -> bool:
    return segment.note in ("merged", "split")


def _reasons(fold: Fold) -> str:
    seen = dict.fromkeys(shown.segment.note or "chrome" for shown in fold.shown)
    return _safe(", ".join(seen))


def _counts(diff: Diff) -> str:
    summary = diff.summary()
    counts = (
        ("identical", summary.identical),
        ("typography only", summary.typography_only),
        ("edited", summary.edited),
        ("moved", summary.moved),
        ("merged", summary.merged),
        ("split", summary.split),
        ("dropped", summary.dropped),
        ("added", summary.added),
        ("chrome in a", summary.chrome_a),
        ("chrome in b", summary.chrome_b),
    )
    return "".join(f"<li><b>{count}</b> {name}</li>" for name, count in counts)


def _safe(text: str | None) -> str:
    """Return a text of the articles as HTML text: one line, visible, escaped."""
    return escape(one_line(text or ""), quote=True)
