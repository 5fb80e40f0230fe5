"""The articles of a run that is over, as an index of them."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice

from dedup.article import Article
from dedup.index import Index
from dedup.index.seal import TextPacker
from dedup.match import Policy
from dedup.stream.bodies import Cutter
from dedup.stream.comparing import Comparer
from dedup.stream.found import find_matches
from dedup.stream.keeping import Keeper
from dedup.stream.sites import Sites

__all__ = ["fill_index"]

_AT_ONCE = 256


def fill_index(index: Index, articles: Iterable[tuple[Article, bool]], *, added: int) -> None:
    """Add articles with the marks that they have: whether each is accepted.

    Parameters
    ----------
    index : Index
        With boilerplate; it learns nothing from them.
    added : int
        Seconds since 1970 at which all are said to have come.
    """
    sites = Sites(index)
    cutter, keeper = Cutter(index, sites), Keeper(index, sites)
    comparer = Comparer(index, sites)
    packer, policy = TextPacker(index.settings.compression), Policy()

    def add(some: Sequence[tuple[Article, bool]]) -> None:
        readings = cutter.read_many([article for article, _ in some])
        texts = packer.pack([article.text for article, _ in some])
        for (_, is_accepted), reading, text in zip(some, readings, texts, strict=True):
            own = cutter.cut(reading)
            twin = find_matches(index, comparer, policy, reading, own).twin
            keeper.keep(
                reading, own, text, same_as=twin, is_accepted=is_accepted, origin=0, added=added,
            )  # fmt: skip

    stream = iter(articles)
    while some := list(islice(stream, _AT_ONCE)):
        index.transact(partial(add, some))
