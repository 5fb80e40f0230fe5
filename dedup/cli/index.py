"""``dedup index``: look after an index."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.index_feeds import Url, create, export, import_feeds, merge
from dedup.cli.terminal import is_terminal, print_rows, print_table, say
from dedup.errors import ArgumentError

if TYPE_CHECKING:
    from dedup.index import StoredArticle

__all__ = ["index_app"]

_PROBLEMS_FOUND = 1
_SHOWN_SITES = 20

index_app = typer.Typer(
    name="index", help="Look after an index of `dedup filter`.", rich_markup_mode=None,
    no_args_is_help=True,
)  # fmt: skip
index_app.command()(create)
index_app.command("import", short_help="Add the articles of feeds, or of an export.")(import_feeds)


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


@index_app.command(short_help="Check every row, posting and page.")
def verify(index: Url) -> None:
    """Check every row against its checksum, and that every article can be found.

    \b
    dedup index verify seen.db && cp seen.db backup/

    Problems are printed one a line. Exit status 1 if there are any.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index
    from dedup.reports.words import plural

    count = 0
    with open_index(index, create=False) as opened:
        for problem in opened.problems():
            count += 1
            print_rows([{"index": index, "problem": problem}])
    if count:
        say(
            f"{index}: {plural(count, 'problem')}; `dedup index compact` makes missing postings "
            "again, `dedup index repair` saves what can be read of a file"
        )
        raise typer.Exit(_PROBLEMS_FOUND)
    say(f"{index}: nothing is wrong")


@index_app.command(short_help="Save what can be read of a damaged index.")
def repair(index: Url) -> None:
    """Save what can be read of a damaged index; what is lost is printed.

    \b
    dedup index repair seen.db

    The damaged database is kept beside it as seen.db.damaged.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index.repair import repair_index
    from dedup.reports.words import plural

    copied = repair_index(index)
    print_rows({"index": index, "lost": what} for what in copied.lost)
    saved, lost = plural(copied.articles, "article"), plural(len(copied.lost), "loss", "losses")
    say(f"{index}: {saved} saved, {lost}")


@index_app.command(short_help="Give back room; make postings that are missing.")
def compact(index: Url) -> None:
    """Give back the room of what was forgotten; make postings that are missing.

    \b
    dedup index compact seen.db

    An index of an earlier release gets what this one finds articles by. Others may
    use it meanwhile.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.index import open_index

    with open_index(index, create=False) as opened:
        opened.compact()
    say(f"{index}: compacted")


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
    from dedup.reports.words import plural

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
        say(f"{index}: {plural(forget_articles(opened, fits), 'article')} forgotten")


def _age(text: str) -> timedelta:
    units = {"h": "hours", "d": "days", "w": "weeks"}
    number, unit = text[:-1], units.get(text[-1:])
    if unit is None or not number.isdecimal():
        raise ArgumentError(f"--older-than {text}: write it as 30d, 12h or 2w")
    return timedelta(**{unit: int(number)})


index_app.command(short_help="Write the articles of an index as a feed.")(export)
index_app.command(short_help="Put the articles of other indexes into one.")(merge)
