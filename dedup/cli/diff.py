"""``dedup diff``: what a copy kept, edited, moved, added and dropped."""

import os
import shutil
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.boilerplate.learned import Boilerplate
    from dedup.diff import Op
    from dedup.reports.diff_table import Pair

__all__ = ["diff"]

_DIFFERENT = 1
_PAIR = 2
_SIDE_BY_SIDE_COLUMNS = 120


class _Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


def diff(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="A B",
            help="Two articles: .txt, .html, FILE#ID for a record of a feed, - for stdin.",
        ),
    ],
    base: Annotated[
        str | None,
        typer.Option(metavar="A", help="Compare each of the files with A, a table first."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Compare each copy of a cluster with its representative; the files are what "
            "`dedup batch` wrote with --clusters, and the feeds it read.",
        ),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(metavar="INDEX", help="A and B are ids in this index of `dedup filter`."),
    ] = None,
    output_format: Annotated[
        _Format, typer.Option("--format", "-f", help="How to print it.")
    ] = _Format.TEXT,
    summary: Annotated[
        bool, typer.Option("--summary", help="Print the verdict and the counts only.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(metavar="OP,...", help="Show only added, dropped, moved, edited, kept."),
    ] = None,
    context: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Kept sentences to show around a change."),
    ] = None,
    words: Annotated[
        bool,
        typer.Option("--words/--sentences", help="Mark the words that changed, or sentences."),
    ] = True,
    side_by_side: Annotated[
        bool | None,
        typer.Option("--side-by-side/--stacked", help="Two columns; automatic from 120 columns."),
    ] = None,
    show_chrome: Annotated[
        bool, typer.Option("--show-chrome", help="Show menus, prompts and notices too.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Typography counts as a difference, and is shown."),
    ] = False,
    pager: Annotated[
        bool, typer.Option("--pager/--no-pager", help="Page long output on a terminal.")
    ] = True,
) -> None:
    """Show what a copy kept, edited, moved, added and dropped.

    \b
    dedup diff original.txt copy.txt
    dedup diff page.html feed.jsonl#story-17 --only added,dropped
    dedup diff a.txt b.txt --format html > diff.html
    dedup diff --base original.txt copy1.txt copy2.txt --summary
    dedup diff --cluster ID clusters.jsonl feeds/*.jsonl
    dedup diff ID1 ID2 --index seen.db

    Exit status: 0 if nothing was edited, moved, added or dropped (a site's chrome
    never counts, typography only with --strict), 1 if something was, 2 in trouble.
    """  # noqa: D301 - click's mark for lines to be left alone
    # numpy starts a thread for each core for algebra that nothing here does
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from dedup.cli.pager import show

    shown = _operations(only)
    pairs = _compare(files, base, cluster, index)
    is_table_first = base is not None or cluster is not None
    if output_format is _Format.TEXT:
        from dedup.cli.terminal import use_colour
        from dedup.reports.diff_pages import text_page
        from dedup.reports.diff_text import TextStyle

        width = shutil.get_terminal_size().columns
        if side_by_side is None:
            side_by_side = width >= _SIDE_BY_SIDE_COLUMNS
        style = TextStyle(
            width=width,
            is_colour=use_colour(),
            is_side_by_side=side_by_side,
            is_by_words=words,
            is_summary_only=summary,
            is_typography_shown=strict,
            is_chrome_shown=show_chrome,
            only=shown,
            context=context,
        )
        show(text_page(pairs, style, has_table=is_table_first), is_paged=pager)
    elif output_format is _Format.JSON:
        from dedup.reports.diff_pages import json_lines

        show(json_lines(pairs), is_paged=False)
    elif output_format is _Format.MARKDOWN:
        from dedup.reports.diff_pages import markdown_page

        show(
            markdown_page(
                pairs,
                only=shown,
                context=context,
                is_chrome_shown=show_chrome,
                is_typography_shown=strict,
                has_table=is_table_first,
            ),
            is_paged=False,
        )
    else:
        from dedup.reports.diff_html import render_html

        show(render_html(pairs, only=shown, context=context), is_paged=False)
    if any(pair.diff.is_different(strict=strict) for pair in pairs):
        raise typer.Exit(_DIFFERENT)


def _operations(only: str | None) -> "tuple[Op, ...]":
    from dedup.diff import Op

    if only is None:
        return ()
    known = [op.value for op in Op]
    names = [name.strip() for name in only.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise ArgumentError(f"--only {name}: no such operation; there are {', '.join(known)}")
    return tuple(Op(name) for name in names)


def _compare(
    files: list[str], base: str | None, cluster: str | None, index: str | None
) -> "list[Pair]":
    from dedup.cli.diff_inputs import read_article, read_cluster

    if base is not None and cluster is not None:
        raise ArgumentError("give --base or --cluster: each says what to compare with")
    if cluster is not None:
        if index is not None:
            raise ArgumentError("--cluster reads feeds: leave out --index")
        if len(files) < _PAIR:
            raise ArgumentError("--cluster ID needs CLUSTERS and at least one FEED")
        found = read_cluster(cluster, files[0], files[1:])
        return [_pair(found.representative, copy, found.boilerplate) for copy in found.copies]
    names = files if base is None else [base, *files]
    if base is None and len(files) != _PAIR:
        raise ArgumentError(
            f"two articles are compared, not {len(files)}; for one against many: --base A B C"
        )
    if index is not None:
        from dedup.cli.stored_articles import read_stored

        (first, *others), boilerplate, _ = read_stored(index, names)
        return [_pair(first, other, boilerplate) for other in others]
    if names.count("-") > 1:
        raise ArgumentError("standard input can be read once only: give - once")
    first, *others = [read_article(name) for name in names]
    return [_pair(first, other, None) for other in others]


def _pair(a: "Article", b: "Article", boilerplate: "Boilerplate | None") -> "Pair":
    from dedup import diff as room
    from dedup.reports.diff_table import Pair

    return Pair(a.id, b.id, room.diff(a, b, boilerplate=boilerplate))
