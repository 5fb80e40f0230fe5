"""``dedup explain``: why two articles were, or were not, matched."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.feeds import FieldOptions, SkipInvalid, parse_fields
from dedup.cli.terminal import is_terminal, print_rows
from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedup.article import Article
    from dedup.boilerplate.learned import Boilerplate

__all__ = ["explain"]


def explain(
    a: Annotated[str, typer.Argument(metavar="A", help="An id in the feeds, or a file.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    feeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FEED...]", show_default=False, help="The feeds of the run; - is stdin."
        ),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(metavar="INDEX", help="The index of `dedup filter` that has both."),
    ] = None,
    field: FieldOptions = None,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Say why two articles were, or were not, matched.

    \b
    dedup explain ID1 ID2 feeds/*.jsonl
    dedup explain original.txt copy.txt
    dedup explain ID1 ID2 --index seen.db
    dedup explain ID1 ID2 feeds/ > why.json

    With feeds, their articles teach what each site repeats, as they do in `dedup
    batch`; with --index, what the filter has learned; for two files chrome is told by
    cues alone. Piped, one JSON object.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.cli.explain_page import explanation_row, print_explanation
    from dedup.cli.stored_articles import by_posted_keys, read_stored
    from dedup.detector import explain as explain_pair
    from dedup.formats.sources import spooled

    recipe = None
    if index is not None:
        if feeds:
            raise InputError("name feeds or --index, not both")
        (first, second), boilerplate, recipe = read_stored(index, (a, b))
        pair = first, second
    elif feeds:
        with spooled(feeds) as (paths, _):
            pair, boilerplate = _from_feeds(a, b, paths, parse_fields(field), skip_invalid)
    else:
        pair, boilerplate = (_from_file(a), _from_file(b)), None
    found = explain_pair(*pair, boilerplate=boilerplate, recipe=recipe)
    if index is not None:
        found = by_posted_keys(found)
    if is_terminal():
        print_explanation(found, *pair)
    else:
        print_rows([explanation_row(found, *pair)])


def _from_file(path: str) -> "Article":
    from dedup.formats import read_articles

    if not Path(path).is_file():
        raise InputError(
            f"{path}: no such file; for ids name the feeds too: dedup explain A B FEED..."
        )
    articles = list(read_articles(path))
    if len(articles) != 1:
        raise InputError(
            f"{path}: has {len(articles):,} articles; name one by its id, and the feed: "
            "dedup explain A B FEED..."
        )
    return articles[0]


def _from_feeds(
    a: str, b: str, paths: list[str], fields: "Mapping[str, str]", skip_invalid: bool
) -> "tuple[tuple[Article, Article], Boilerplate]":
    from dedup.boilerplate.learned import learn_boilerplate
    from dedup.detector import collect
    from dedup.formats import read_articles

    found: dict[str, Article] = {}

    def articles() -> "Iterator[Article]":
        for article in read_articles(paths, fields=fields, skip_invalid=skip_invalid):
            if article.id in (a, b):
                found[article.id] = article
            yield article

    corpus = collect(articles())
    for wanted in (a, b):
        if wanted not in found:
            raise InputError(f"{wanted}: no article in the feeds has this id")
    return (found[a], found[b]), learn_boilerplate(corpus.batch, corpus.sites)
