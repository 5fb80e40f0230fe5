"""What every verb does with stdout and stderr.

Results go to stdout: a table on a terminal, one JSON object a line when piped.
All else goes to stderr. Whatever an article, a path or an id holds is made
harmless before a terminal sees it.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import orjson

__all__ = ["is_terminal", "print_rows", "print_table", "printable", "say", "use_colour"]

#: Format characters that reorder or hide the text around them on a terminal.
_HIDDEN = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def is_terminal() -> bool:
    """Whether results are read by a person: stdout is a terminal."""
    return sys.stdout.isatty()


def use_colour() -> bool:
    """Whether to colour stdout: ``NO_COLOR`` beats ``FORCE_COLOR`` beats the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal()


def printable(text: str, *, keep: str = "") -> str:
    r"""Return `text` with control and reordering characters spelled out.

    Parameters
    ----------
    text : str
        Anything an article, a path or an id may hold.
    keep : str
        Characters to let through, as ``"\n"`` for running text.

    Examples
    --------
    >>> printable("Breaking\x1b[2J\nnews")
    'Breaking\\x1b[2J\\nnews'
    """
    if text.isprintable():
        return text
    return "".join(
        char if char in keep or _is_harmless(char) else char.encode("unicode_escape").decode()
        for char in text
    )


def _is_harmless(char: str) -> bool:
    # isprintable() also refuses no-break and ideographic spaces, joiners and soft hyphens,
    # which text needs; Python's own escapes are for the C0 and C1 controls and lone surrogates.
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
        return False
    return char not in _HIDDEN and char not in "\u2028\u2029"


def say(*lines: str) -> None:
    """Print `lines` on stderr, made harmless."""
    for line in lines:
        print(printable(line), file=sys.stderr)


def print_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """Print one JSON object a line on stdout, as UTF-8 whatever the locale."""
    out = sys.stdout.buffer
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS))
    out.flush()


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int = 1
) -> None:
    """Print a table on stdout, as wide as the terminal allows.

    Parameters
    ----------
    title : str
        Printed above the table.
    columns : Sequence[str]
        Headings.
    rows : Iterable[Sequence[str]]
        Cells; made harmless here.
    numbers_from : int
        Columns from this index on are aligned to the right.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Two ids of 24 letters, a relation and two shares then fit into 80 columns.
    table = Table(
        box=box.SIMPLE_HEAD, show_header=any(columns), collapse_padding=True, pad_edge=False
    )
    for index, name in enumerate(columns):
        # Folded, not cut: an id is to be copied from here.
        justify: Literal["left", "right"] = "right" if index >= numbers_from else "left"
        table.add_column(name, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    # rich reads NO_COLOR and FORCE_COLOR too, but only the first agrees with use_colour().
    console = Console(file=sys.stdout, no_color=not use_colour(), highlight=False)
    # Not the table's own title: that is broken to the table's width.
    console.print(Text(printable(title), style="bold"))
    console.print(table)
