"""Options and messages of every verb that reads feeds."""

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.terminal import is_terminal, print_rows, print_table, printable
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_ORDER = ("id", "text", "title", "url", "source", "published")


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
    for files in _alike(explanation.files):
        print_table(_title(files), ["", "read from", "records"], _mapping(files), numbers_from=2)
    first = next((file.first for file in explanation.files if file.first), None)
    if first is not None:
        print_table("The first article", ["", ""], _fields(first), numbers_from=2)
    if explanation.left_out:
        print(f"Not read: {', '.join(map(printable, explanation.left_out))}", file=sys.stderr)


def _alike(files: "Iterable[FileExplanation]") -> "list[list[FileExplanation]]":
    """Put files of one format together whose fields lie at the same places.

    Files of one record each are of a folder of documents, and of these one is as
    another.
    """
    groups: dict[tuple[object, ...], list[FileExplanation]] = {}
    for file in files:
        places = (
            None if file.records <= 1 else str({t: [*names] for t, names in file.origins.items()})
        )
        groups.setdefault((file.format, places), []).append(file)
    return [*groups.values()]


def _title(files: "list[FileExplanation]") -> str:
    first = files[0]
    records = sum(file.records for file in files)
    shown = f"{records:,} {'record' if records == 1 else 'records'}"
    if not all(file.is_whole for file in files):
        shown = f"first {shown}"
    if len(files) == 1:
        return f"{first.path}: {first.format}, {shown}"
    return f"{first.path} and {len(files) - 1:,} more: {first.format}, {shown}"


def _mapping(files: "list[FileExplanation]") -> list[list[str]]:
    origins: dict[str, Counter[str]] = {}
    others: Counter[tuple[str, str]] = Counter()
    asides: Counter[str] = Counter()
    for file in files:
        for target, names in file.origins.items():
            origins.setdefault(target, Counter()).update(names)
        others.update({("empty text", ""): file.empty_bodies})
        others.update({("dates not read", ""): file.unread_dates})
        others.update({("broken", kind): count for kind, count in sorted(file.invalid.items())})
        asides.update(file.asides)
    records = sum(file.records for file in files)
    return [
        *([target, name, f"{count:,}"] for target in sorted(origins, key=_ORDER.index)
          for name, count in origins[target].most_common()),
        *([*what, f"{count:,} ({count / records:.0%})"]
          for what, count in others.items() if count),
        *(["passed over", kind, f"{count:,}"] for kind, count in sorted(asides.items())),
    ]  # fmt: skip


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
        "asides": dict(file.asides),
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
