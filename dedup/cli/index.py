"""``dedup index``: look after an index."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.feeds import FieldOptions, SkipInvalid, parse_fields
from dedup.cli.progress import ProgressLine
from dedup.cli.terminal import is_terminal, print_rows, print_table, say
from dedup.errors import ArgumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.index import Index, StoredArticle

__all__ = ["index_app"]

_PROBLEMS_FOUND = 1
_SHOWN_SITES = 20

index_app = typer.Typer(
    name="index", help="Look after an index of `dedup filter`.", rich_markup_mode=None,
    no_args_is_help=True,
)  # fmt: skip

Url = Annotated[
    str,
    typer.Argument(
        metavar="INDEX",
        show_default=False,
        help="A path or sqlite:///PATH, redis://..., postgresql://...",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


@index_app.command()
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
    compression: Annotated[str, typer.Option(help="Of the texts: zlib, or zstd.")] = "zlib",
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

    if compression not in ("zlib", "zstd"):
        raise ArgumentError(f"--compression {compression}: use zlib or zstd")
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


@index_app.command("import")
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
    from dedup.stream import DuplicateFilter

    reader = read_records(feeds, fields=fields, skip_invalid=skip_invalid, unique_ids=False)
    progress = ProgressLine(quiet=quiet)
    gate = DuplicateFilter(index)
    count = rejected = 0
    for verdicts in gate.admit_stream(record.article for record in reader):
        count += len(verdicts)
        rejected += sum(not verdict.is_new for verdict in verdicts)
        progress("read", count, None)
    progress.close()
    if not quiet:
        say(*reader.notes(), f"{index.url}: {count:,} articles added, {rejected:,} as duplicates")


@index_app.command()
def info(index: Url) -> None:
    """Say what is in an index: articles, sites, bytes, recipe.

    \b
    dedup index info seen.db
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index

    with open_index(index, create=False) as opened:
        found, settings = opened.info(), opened.settings
        sites = sorted(opened.site_counts(), key=lambda entry: (-entry[1].articles, entry[0]))
    per_article = (found.bytes_on_disk or found.bytes_in_memory) / max(found.articles, 1)
    row: dict[str, object] = {
        "index": index,
        "articles": found.articles,
        "accepted": found.accepted,
        "rejected": found.articles - found.accepted,
        "repeats": found.repeats,
        "postings": found.postings,
        "bytes_on_disk": found.bytes_on_disk,
        "bytes_in_memory": found.bytes_in_memory,
        "bytes_an_article": round(per_article),
        "keeps_text": settings.keeps_text,
        "compression": settings.compression,
        "learns": settings.learns,
        "recipe": settings.recipe.digest,
        "sites": {name: counts.articles for name, counts in sites},
    }
    if not is_terminal():
        print_rows([row])
        return
    cells = [
        [
            name,
            f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value),
        ]
        for name, value in row.items()
        if name != "sites"
    ]
    print_table(index, ["", ""], cells)
    more = f" ({len(sites) - _SHOWN_SITES:,} more when piped)" if len(sites) > _SHOWN_SITES else ""
    shown = [[name or "(no site)", f"{counts.articles:,}"] for name, counts in sites[:_SHOWN_SITES]]
    print_table(f"Sites{more}", ["site", "different texts"], shown)


@index_app.command()
def verify(index: Url) -> None:
    """Check every row against its checksum, and that every article can be found.

    \b
    dedup index verify seen.db && cp seen.db backup/

    Problems are printed one a line. Exit status 1 if there are any.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index

    count = 0
    with open_index(index, create=False) as opened:
        for problem in opened.problems():
            count += 1
            print_rows([{"index": index, "problem": problem}])
    if count:
        say(f"{index}: {count:,} problems; `dedup index repair` mends what can be mended")
        raise typer.Exit(_PROBLEMS_FOUND)


@index_app.command()
def repair(index: Url) -> None:
    """Save what can be read of a damaged index; what is lost is printed.

    \b
    dedup index repair seen.db

    The damaged database is kept beside it as seen.db.damaged.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index.repair import repair_index

    copied = repair_index(index)
    print_rows({"index": index, "lost": what} for what in copied.lost)
    say(f"{index}: {copied.articles:,} articles saved, {len(copied.lost):,} losses")


@index_app.command()
def compact(index: Url) -> None:
    """Give back the room of what was forgotten.

    \b
    dedup index compact seen.db
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index

    with open_index(index, create=False) as opened:
        opened.compact()


@index_app.command()
def forget(
    index: Url,
    id: Annotated[list[str] | None, typer.Option(metavar="ID", help="By id.")] = None,  # noqa: A002
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="By source or site.")
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(metavar="AGE", help="Added so long ago, as 30d, 12h or 2w.")
    ] = None,
) -> None:
    """Forget articles: they no longer match anything.

    \b
    dedup index forget seen.db --id 4711
    dedup index forget seen.db --source example.org --older-than 30d

    Articles that fit every option are forgotten. `dedup index compact` then gives
    back their room.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index
    from dedup.index.copying import forget as forget_articles

    if not (id or source or older_than):
        raise ArgumentError("nothing to forget: give --id, --source or --older-than")
    ids, sources = set(id or ()), set(source or ())
    before = None if older_than is None else int((datetime.now(UTC) - _age(older_than)).timestamp())

    def fits(row: "StoredArticle") -> bool:
        return (
            (not ids or row.id in ids)
            and (not sources or row.site in sources or row.article().source in sources)
            and (before is None or row.added < before)
        )

    with open_index(index, create=False) as opened:
        say(f"{index}: {forget_articles(opened, fits):,} articles forgotten")


def _age(text: str) -> timedelta:
    units = {"h": "hours", "d": "days", "w": "weeks"}
    number, unit = text[:-1], units.get(text[-1:])
    if unit is None or not number.isdecimal():
        raise ArgumentError(f"--older-than {text}: write it as 30d, 12h or 2w")
    return timedelta(**{unit: int(number)})


@index_app.command()
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


@index_app.command()
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

    Articles keep their marks. Indexes of another recipe are refused: export and
    import those.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index
    from dedup.index.copying import copy_articles

    for name in indexes:
        if _place(name) == _place(into):
            raise ArgumentError(f"{name}: an index cannot be merged into itself")
        with (
            open_index(name, create=False) as source,
            open_index(into, settings=source.settings) as target,
        ):
            copied = copy_articles(source, target)
            say(f"{into}: {copied.articles:,} articles of {name}")


def _place(url: str) -> str:
    from dedup.index.address import sqlite_path

    if "://" in url and not url.startswith("sqlite:"):
        return url
    return str(sqlite_path(url)[0].resolve())
