"""Indexes into one another, also where their recipes differ."""

from collections.abc import Sequence
from functools import partial
from itertools import islice

from dedup.errors import RecipeMismatchError
from dedup.index import Index, StoredArticle
from dedup.index.copying import Copied, copy_articles
from dedup.index.seal import unpack_text
from dedup.stream.bodies import Cutter
from dedup.stream.keeping import Keeper
from dedup.stream.sites import Sites

__all__ = ["merge_index"]

_AT_ONCE = 256


def merge_index(source: Index, target: Index) -> Copied:
    """Put the articles of one index into another, in order, with their marks.

    Where the recipes differ, keys are made again from the kept texts, and what sites
    repeat is learned again as the articles pass; otherwise both come along.

    Raises
    ------
    RecipeMismatchError
        The recipes differ and the source keeps no texts.
    """
    ours, theirs = target.settings.recipe.digest, source.settings.recipe.digest
    if ours == theirs:
        return copy_articles(source, target)
    if not source.settings.keeps_text:
        mend = f"{source.url} keeps no texts to make its keys again from: import the feeds instead"
        raise RecipeMismatchError(ours, theirs, mend)
    sites = Sites(target)
    cutter, keeper = Cutter(target, sites), Keeper(target, sites)
    copied, numbers = Copied(), dict[int, int]()
    stream = source.scan()
    while rows := list(islice(stream, _AT_ONCE)):
        found = target.transact(partial(_make_again, source, target, rows, numbers, cutter, keeper))
        numbers |= found
        copied.articles += len(found)
    return copied


def _make_again(
    source: Index,
    target: Index,
    rows: Sequence[StoredArticle],
    numbers: dict[int, int],
    cutter: Cutter,
    keeper: Keeper,
) -> dict[int, int]:
    """Add articles by the target's recipe; return their new numbers by the old."""
    texts = [source.text_of(row.number) for row in rows]
    readings = cutter.read_many(
        [
            row.article("" if text is None else unpack_text(text))
            for row, text in zip(rows, texts, strict=True)
        ]
    )
    found: dict[int, int] = {}
    for row, text, reading in zip(rows, texts, readings, strict=True):
        found[row.number] = keeper.keep(
            reading,
            cutter.cut(reading),
            text if target.settings.keeps_text else None,
            same_as=found.get(row.same_as) or numbers.get(row.same_as, 0),
            is_accepted=row.is_accepted,
            origin=found.get(row.origin) or numbers.get(row.origin, 0),
            added=row.added,
        )
    return found
