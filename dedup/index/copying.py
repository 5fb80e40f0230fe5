"""Whole indexes: merging, forgetting, saving what can be read."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from dedup.errors import DedupError, RecipeMismatchError
from dedup.index.learned import SiteCounts
from dedup.index.names import twin_key
from dedup.index.protocol import Index
from dedup.index.rekey import Rekeyer
from dedup.index.stored import StoredArticle, moved, twin_row

__all__ = ["Copied", "copy_articles", "forget"]

_AT_ONCE = 500
_ALL = 1 << 32


class Copied:
    """What became of an index's articles.

    Attributes
    ----------
    articles : int
        Copied.
    lost : list[str]
        What could not be read, and why.
    """

    def __init__(self) -> None:
        self.articles = 0
        self.lost: list[str] = []


def copy_articles(source: Index, target: Index, *, is_lenient: bool = False) -> Copied:
    """Copy every article of one index into another of the same recipe, in order.

    What was learned of sites that the target does not know comes along.

    Parameters
    ----------
    is_lenient : bool
        Leave out what cannot be read, and say so, instead of stopping.

    Raises
    ------
    RecipeMismatchError
        The keys of one would mean nothing in the other.
    """
    ours, theirs = target.settings.recipe.digest, source.settings.recipe.digest
    if ours != theirs:
        mend = "`dedup index merge` makes the keys again from the texts"
        raise RecipeMismatchError(ours, theirs, mend)
    copied = Copied()
    numbers: dict[int, int] = {}
    rekeyer = Rekeyer(target.settings.recipe)
    rows = _readable(source, copied) if is_lenient else source.scan()
    while chunk := list(islice(rows, _AT_ONCE)):
        work = partial(_copy, source, target, chunk, numbers, rekeyer, copied, is_lenient)
        found = target.transact(work)
        numbers.update(found)
        copied.articles += len(found)
    _copy_sites(source, target, copied, is_lenient=is_lenient)
    return copied


def _readable(source: Index, copied: Copied) -> Iterator[StoredArticle]:
    for number in range(1, source.last_number + 1):
        try:
            yield from source.rows([number])
        except DedupError as error:
            copied.lost.append(str(error))


def _copy(
    source: Index,
    target: Index,
    rows: Iterable[StoredArticle],
    numbers: dict[int, int],
    rekeyer: Rekeyer,
    copied: Copied,
    is_lenient: bool,
) -> dict[int, int]:
    """Copy some articles; return their new numbers by the old."""
    found: dict[int, int] = {}
    for row in rows:
        same_as = found.get(row.same_as) or numbers.get(row.same_as, 0)
        if row.same_as and not same_as:
            copied.lost.append(f"article {row.number}: the article that it repeats is lost")
            continue
        origin = found.get(row.origin) or numbers.get(row.origin, 0)
        raw = moved(row, origin, same_as)
        keys, samples = rekeyer.keys_of(StoredArticle(row.number, raw))
        text = None
        if target.settings.keeps_text:
            text = _text(source, row.number, copied, is_lenient=is_lenient)
        if not row.same_as:
            articles, learned_at = target.counts(row.site)
            target.save_counts(row.site, SiteCounts(articles + 1, learned_at))
        found[row.number] = target.add(raw, keys, samples, text)
    return found


def _text(source: Index, number: int, copied: Copied, *, is_lenient: bool) -> bytes | None:
    try:
        return source.text_of(number)
    except DedupError as error:
        if not is_lenient:
            raise
        copied.lost.append(str(error))
        return None


def _copy_sites(source: Index, target: Index, copied: Copied, *, is_lenient: bool) -> None:
    def keep() -> None:
        for name, counts in list(source.site_counts()):
            state = source.site(name)
            if state is None or target.site(name) is not None:
                continue
            target.save_site(state)
            articles = target.counts(name).articles
            target.save_counts(name, SiteCounts(articles, min(counts.learned_at, articles)))

    try:
        target.transact(keep)
    except DedupError as error:
        if not is_lenient:
            raise
        copied.lost.append(f"{error}: what the sites repeat is learned again")


def forget(index: Index, is_forgotten: Callable[[StoredArticle], bool]) -> int:
    """Forget articles; return how many.

    Where others repeat the words of a forgotten article, one of them takes its place.
    """

    def work() -> int:
        gone = {row.number: row for row in index.scan() if is_forgotten(row)}
        for row in gone.values():
            if not row.same_as:
                _hand_over(index, row, gone)
        index.remove(list(gone))
        return len(gone)

    return index.transact(work)


def _hand_over(index: Index, row: StoredArticle, gone: dict[int, StoredArticle]) -> None:
    twins = [
        twin
        for twin in reversed(index.rows(index.numbers_of(twin_key(row.number), _ALL)))
        if twin.number not in gone and twin.same_as == row.number
    ]
    rekeyer = Rekeyer(index.settings.recipe)
    heir = 0
    for twin in twins:
        raw = moved(twin, twin.origin, heir) if heir else twin_row(row, twin)
        keys, samples = rekeyer.keys_of(StoredArticle(0, raw))
        number = index.add(raw, keys, samples, index.text_of(twin.number))
        heir = heir or number
    index.remove([twin.number for twin in twins])
