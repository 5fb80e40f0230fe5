"""Options and messages of every verb that reads feeds."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.terminal import is_terminal, print_rows, print_table, printable
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.formats import FileExplanation, InputExplanation

__all__ = ["FeedPaths", "FieldOptions", "SkipInvalid", "parse_fields", "print_explanation"]

FeedPaths = Annotated[
    list[str],
    typer.Argument(
        metavar="FEED...",
        show_default=False,
        help="Files, folders or globs: JSON Lines, CSV, Parquet, RSS, web archives and more; "
        "- is stdin.",
    ),
]
FieldOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME=PATH",
        help="Where id, text, title, url, source or published lies, as text=story.body.",
    ),
]
SkipInvalid = Annotated[
    bool, typer.Option("--skip-invalid", help="Leave out broken records and count them.")
]

_SHOWN_TEXT = 200


def parse_fields(options: list[str] | None) -> dict[str, str]:
    """Return ``--field`` options as a mapping.

    Examples
    --------
    >>> parse_fields(["text=story.body"])
    {'text': 'story.body'}
    """
    fields: dict[str, str] = {}
    for option in options or ():
        name, equals, path = option.partition("=")
        if not equals:
            raise ArgumentError(f"--field {option}: write it as NAME=PATH, as text=story.body")
        if name in fields:
            raise ArgumentError(f"--field {name} is given twice")
        fields[name] = path
    return fields


def print_explanation(explanation: "InputExplanation") -> None:
    """Print how an input would be read: tables on a terminal, JSON Lines when piped."""
    if not is_terminal():
        print_rows(_row(file) for file in explanation.files)
        return
    for file in explanation.files:
        shown = f"{file.records:,} records" if file.is_whole else f"first {file.records:,} records"
        print_table(f"{file.path}: {file.format}, {shown}", ["", "read from", "records"],
                    _mapping(file), numbers_from=2)  # fmt: skip
    first = next((file.first for file in explanation.files if file.first), None)
    if first is not None:
        print_table("The first article", ["", ""], _fields(first), numbers_from=2)
    if explanation.left_out:
        print(f"Not read: {', '.join(map(printable, explanation.left_out))}", file=sys.stderr)


def _mapping(file: "FileExplanation") -> list[list[str]]:
    rows = [
        [target, name, f"{count:,}"]
        for target, names in file.origins.items()
        for name, count in names.items()
    ]
    for what, count in (
        ("empty text", file.empty_bodies),
        ("dates not read", file.unread_dates),
        *((f"broken: {kind}", count) for kind, count in sorted(file.invalid.items())),
    ):
        if count:
            rows.append([what, "", f"{count:,} ({count / file.records:.0%})"])
    return rows


def _fields(article: "Article") -> list[list[str]]:
    text = " ".join(article.text.split())
    shown = {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "text": text if len(text) <= _SHOWN_TEXT else f"{text[:_SHOWN_TEXT]} ...",
        "also": ", ".join(article.extra) or None,
    }
    return [[name, value] for name, value in shown.items() if value is not None]


def _row(file: "FileExplanation") -> dict[str, object]:
    first = file.first
    return {
        "path": file.path,
        "format": file.format,
        "records": file.records,
        "is_whole": file.is_whole,
        "fields": {target: dict(names) for target, names in file.origins.items()},
        "empty_bodies": file.empty_bodies,
        "invalid": dict(file.invalid),
        "unread_dates": file.unread_dates,
        "first": None
        if first is None
        else {
            "id": first.id,
            "text": first.text,
            "title": first.title,
            "url": first.url,
            "source": first.source,
            "published": first.published,
            "extra": sorted(first.extra),
        },
    }
