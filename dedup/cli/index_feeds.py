"""``dedup index create | import | export | merge``: articles into an index, and out of it."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.feeds import FieldOptions, SkipInvalid, parse_fields
from dedup.cli.progress import ProgressLine
from dedup.cli.terminal import say
from dedup.errors import ArgumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.index import Index

__all__ = ["Url", "create", "export", "import_feeds", "merge"]

Url = Annotated[
    str,
    typer.Argument(
        metavar="INDEX",
        show_default=False,
        help="A path or sqlite:///PATH, redis://..., postgresql://...",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


def create(
    index: Url,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FEED...]", show_default=False, help="Articles to begin with."),
    ] = None,
    boilerplate: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What the sites repeat, from `dedup batch --boilerplate-out`; the index then "
            "learns nothing itself.",
        ),
    ] = None,
    text: Annotated[bool, typer.Option("--text/--no-text", help="Keep the texts.")] = True,
    compression: Annotated[str, typer.Option(help="Of the texts: zstd, or zlib.")] = "zstd",
    seed: Annotated[
        int, typer.Option(help="A secret number against crafted collisions; 0 is public.")
    ] = 0,
    field: FieldOptions = None,
    skip_invalid: SkipInvalid = False,
    quiet: Quiet = False,
) -> None:
    """Make a new index, empty or of the articles of feeds.

    \b
    dedup index create seen.db
    dedup index create seen.db archive/*.jsonl --boilerplate learned.bin
    dedup index create sqlite:///seen.db --no-text
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.boilerplate.stored import read_boilerplate
    from dedup.fingerprint import Recipe
    from dedup.index import Settings, create_index
    from dedup.stream.given import give_boilerplate

    if compression not in ("zstd", "zlib"):
        raise ArgumentError(f"--compression {compression}: use zstd or zlib")
    recipe = Recipe(seed=seed)
    given = None if boilerplate is None else read_boilerplate(boilerplate, recipe.digest)
    settings = Settings(
        recipe=recipe, keeps_text=text, compression=compression, learns=given is None
    )
    with create_index(index, settings) as made:
        if given is not None:
            give_boilerplate(made, given)
        if feeds:
            _admit(made, feeds, parse_fields(field), skip_invalid, quiet)


def import_feeds(
    index: Url,
    feeds: Annotated[list[str], typer.Argument(metavar="FEED...", show_default=False)],
    field: FieldOptions = None,
    skip_invalid: SkipInvalid = False,
    quiet: Quiet = False,
) -> None:
    """Add the articles of feeds, or of an export; the index is made if it is missing.

    \b
    dedup index import seen.db yesterday.jsonl
    dedup index export old.db - | dedup index import new.db -
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index

    with open_index(index) as opened:
        _admit(opened, feeds, parse_fields(field), skip_invalid, quiet)


def _admit(
    index: "Index", feeds: list[str], fields: dict[str, str], skip_invalid: bool, quiet: bool
) -> None:
    from dedup.formats import read_records
    from dedup.reports.words import plural
    from dedup.stream import DuplicateFilter

    reader = read_records(feeds, fields=fields, skip_invalid=skip_invalid, unique_ids=False)
    progress = ProgressLine(quiet=quiet)
    gate = DuplicateFilter(index, added=_moment(index))
    count = rejected = 0
    for verdicts in gate.admit_stream(record.article for record in reader):
        count += len(verdicts)
        rejected += sum(not verdict.is_new for verdict in verdicts)
        progress("read", count, None)
    progress.close()
    if not quiet:
        added = plural(count, "article")
        say(*reader.notes(), f"{index.url}: {added} added, {rejected:,} as duplicates")


def _moment(index: "Index") -> int:
    """Return one time for all articles of an import, later than that of any before."""
    with index.snapshot():
        newest = index.rows([index.last_number])
    return max([int(time.time()), *(row.added + 1 for row in newest)])


def export(
    index: Url,
    to: Annotated[str, typer.Argument(metavar="FILE", help="JSON Lines; - is stdout.")] = "-",
) -> None:
    """Write the articles of an index as a feed, with what the gate said of each.

    \b
    dedup index export seen.db seen.jsonl
    dedup index export seen.db | dedup index import other.db -
    """  # noqa: D301 - click's mark for lines to be left alone
    import orjson

    from dedup.index import open_index
    from dedup.output import open_output

    with open_index(index, create=False) as opened, open_output(to) as stream:
        if not opened.settings.keeps_text:
            raise InputError(f"{index}: keeps no texts; `dedup index merge` moves it as it is")
        for row in _exported(opened):
            stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _exported(index: "Index") -> "Iterator[dict[str, object]]":
    from dedup.index.seal import unpack_text

    for row in index.scan():
        article, packed = row.article(), index.text_of(row.number)
        yield {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "published": article.published,
            "text": None if packed is None else unpack_text(packed),
            "accepted": row.is_accepted,
            "added": row.added,
        }


def merge(
    into: Url,
    indexes: Annotated[
        list[str], typer.Argument(metavar="FROM...", show_default=False, help="Other indexes.")
    ],
) -> None:
    """Put the articles of other indexes into one, of any backend; it is made if missing.

    \b
    dedup index merge all.db monday.db tuesday.db
    dedup index merge redis://queue.example/0 seen.db

    Articles keep their marks. Of an index of another recipe or seed the keys are made
    again from its texts.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index
    from dedup.reports.words import plural
    from dedup.stream.merging import merge_index

    for name in indexes:
        if _place(name) == _place(into):
            raise ArgumentError(f"{name}: an index cannot be merged into itself")
        with (
            open_index(name, create=False) as source,
            open_index(into, settings=source.settings) as target,
        ):
            copied = merge_index(source, target)
            say(f"{into}: {plural(copied.articles, 'article')} of {name}")


def _place(url: str) -> str:
    from dedup.index.address import sqlite_path

    if "://" in url and not url.startswith("sqlite:"):
        return url
    return str(sqlite_path(url)[0].resolve())
