"""Whole outputs: one diff, or many against one article with a table first.

Each output loads only its own renderer: a process that prints one diff as text
spends more time on imports than on the diff.
"""

from collections.abc import Collection, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from dedup.diff import Op
from dedup.reports.diff_table import COLUMNS, Pair, table_row
from dedup.reports.visible import one_line

if TYPE_CHECKING:
    from dedup.reports.diff_text import TextStyle

__all__ = ["json_lines", "markdown_page", "text_page"]


#: What a name gets of a narrow terminal, in columns.
_MIN_NAME = 12
#: From this width on the columns of the table stand apart.
_WIDE = 100


def text_page(pairs: Sequence[Pair], style: "TextStyle", *, has_table: bool = False) -> str:
    """Return diffs as text; with a table of all before them, if asked."""
    from dedup.reports.diff_text import render_text

    parts = [_table(pairs, style)] if has_table else []
    for pair in pairs:
        head = f"{one_line(pair.a)} → {one_line(pair.b)}\n"
        parts.append((head if has_table else "") + render_text(pair.diff, style))
    return "\n".join(parts)


def _table(pairs: Sequence[Pair], style: "TextStyle") -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    title = Text(f"against {one_line(pairs[0].a) if pairs else 'nothing'}")
    gap = 0 if style.width < _WIDE else 1
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", padding=(0, gap))
    for index, name in enumerate(COLUMNS):
        # names fold; counts must not
        table.add_column(
            name,
            justify="left" if index < 2 else "right",
            overflow="fold",
            no_wrap=index > 0,
            min_width=None if index else _MIN_NAME,
        )
    for pair in pairs:
        table.add_row(*(Text(one_line(cell)) for cell in table_row(pair)))
    out = StringIO()
    Console(
        file=out,
        width=style.width,
        force_terminal=style.is_colour,
        color_system="standard" if style.is_colour else None,
        no_color=not style.is_colour,
        highlight=False,
    ).print(table)
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def markdown_page(
    pairs: Sequence[Pair],
    *,
    only: Collection[Op] = (),
    context: int | None = None,
    is_chrome_shown: bool = False,
    is_typography_shown: bool = False,
    has_table: bool = False,
) -> str:
    """Return diffs as Markdown; with a table of all before them, if asked."""
    from dedup.reports.diff_markdown import render_markdown, safe_markdown

    parts = []
    if has_table:
        lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
        lines += ["| " + " | ".join(map(safe_markdown, table_row(pair))) + " |" for pair in pairs]
        parts.append("\n".join(lines) + "\n")
    parts += [
        render_markdown(
            pair.diff,
            names=(pair.a, pair.b),
            only=only,
            context=context,
            is_chrome_shown=is_chrome_shown,
            is_typography_shown=is_typography_shown,
        )
        for pair in pairs
    ]
    return "\n".join(parts)


def json_lines(pairs: Sequence[Pair]) -> str:
    """Return one JSON object a line; each names its articles."""
    import json

    from dedup.reports.diff_json import diff_to_dict

    return "".join(
        json.dumps({"ids": [pair.a, pair.b], **diff_to_dict(pair.diff)}) + "\n" for pair in pairs
    )
