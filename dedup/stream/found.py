"""Candidates of one article to verified pairs."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.index.names import twin_key
from dedup.index.protocol import MOST_REPEATS, Sharing
from dedup.index.stored_names import StoredNames
from dedup.match import RELATIONS, Evidence, Match, Matches, Policy, Relation, match_of
from dedup.match.compare import SECONDS_PER_DAY
from dedup.stream.bodies import Own, Reading
from dedup.stream.comparing import Comparer, Measured

__all__ = ["Finding", "Listed", "find_matches", "has_same_words", "twins_of"]

_ALL = 1 << 32
_NO_COUNTS: NDArray[np.int64] = np.empty((0, len(fields(Evidence))), np.int64)
_DISTINCT, _IDENTICAL = RELATIONS.index(Relation.DISTINCT), RELATIONS.index(Relation.IDENTICAL)


class _Page(NamedTuple):
    """What an article that is judged says of itself."""

    id: str
    url: str | None
    site: str
    published: datetime | None


class Finding(NamedTuple):
    """What was found of one article: m verified pairs, strongest first.

    Attributes
    ----------
    reading : Reading
        The article.
    policy : Policy
        That judged.
    rows : sequence of m
        The articles seen before.
    relations : sequence of m
        What this article is to each.
    places : sequence of m
        The row of ``counts`` that each was judged by.
    counts : int64 of shape (k, 14)
        Fields of :class:`~dedup.match.Evidence`, of the candidates.
    twin : int
        Number of an article of the same site with the very same words, or 0.
    cut_keys, unlisted : int
        As in :class:`~dedup.stream.verdict.Verdict`.
    """

    reading: Reading
    policy: Policy
    rows: Sequence[StoredArticle] = ()
    relations: Sequence[Relation] = ()
    places: Sequence[int] = ()
    counts: NDArray[np.int64] = _NO_COUNTS
    twin: int = 0
    cut_keys: int = 0
    unlisted: int = 0

    def match(self, place: int) -> Match:
        """Return one of the pairs."""
        row = self.rows[place]
        equal, *others = self.counts[self.places[place]].tolist()
        return match_of(
            self.reading.article.id,
            row.id,
            self.relations[place],
            Evidence(bool(equal), *others),
            self.policy,
            _days_apart(_page_of(self.reading), row),
        )

    @property
    def matches(self) -> Matches | tuple[()]:
        """All pairs."""
        return self._columns()() if self.rows else ()

    @property
    def listed(self) -> Sequence[Match]:
        """All pairs; their columns are made when one is looked at."""
        return Listed(len(self.rows), self._columns()) if self.rows else ()

    def _columns(self) -> Callable[[], Matches]:
        """Return what makes columns of all pairs, without holding texts or words."""
        reading = self.reading
        return partial(
            _columns,
            _page_of(reading),
            [row.names for row in self.rows],
            self.counts[self.places],
            self.policy,
        )


class Listed(Sequence[Match]):
    """Matches of one article, strongest first; their columns are made when asked for."""

    __slots__ = ("_columns", "_count", "_made")

    def __init__(self, count: int, columns: Callable[[], Matches]) -> None:
        self._count, self._columns = count, columns
        self._made: Matches | None = None

    @property
    def _matches(self) -> Matches:
        if self._made is None:
            self._made = self._columns()
        return self._made

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, key: int) -> Match: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Match]: ...
    def __getitem__(self, key: int | slice) -> Match | Sequence[Match]:
        return self._matches[key]

    def __iter__(self) -> Iterator[Match]:
        return iter(self._matches)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listed) and self._matches == other._matches

    __hash__ = None  # type: ignore[assignment]  # compared by what they hold

    def __repr__(self) -> str:
        return repr(self._matches)


def find_matches(
    index: Index,
    comparer: Comparer,
    policy: Policy,
    reading: Reading,
    own: Own,
    *,
    sharing: Sharing | None = None,
    measured: Measured | None = None,
    same_words: Sequence[int] | None = None,
    twins: Callable[[Sequence[int]], Sequence[Sequence[int]]] | None = None,
    with_origins: bool = False,
    known: AbstractSet[int] = frozenset(),
) -> Finding:
    """Compare an article with every candidate.

    Parameters
    ----------
    sharing : Sharing | None
        The candidates, if they were looked for already.
    measured : Measured | None
        What they are to the article, if they were compared already.
    same_words : sequence of int
        The numbers under the key of its words, if they were looked for already.
    twins : callable
        Returns who repeats the words of each of some articles, newest first.
    with_origins : bool
        Where a key is too common for all candidates, compare it with the accepted
        articles behind the newest, too.
    known : set of int
        Numbers of articles that need not be compared.
    """
    if not len(own.keys):
        return Finding(reading, policy)
    sharing = sharing or index.find(own.keys)
    find = partial(
        _among, index, comparer, policy, reading, own,
        twins=twins, with_origins=with_origins, known=known,
    )  # fmt: skip
    finding = find(sharing, measured)
    if Relation.IDENTICAL in finding.relations:
        return finding
    # The keys that its very words were posted under are of the body that they had then.
    if same_words is None:
        same_words = index.numbers_of(reading.words_key, MOST_REPEATS)
    if missed := sorted(set(same_words).difference(sharing.numbers, known)):
        missed = [row.number for row in index.rows(missed) if has_same_words(reading, row)]
    if not missed:
        return finding
    return find(Sharing([*sharing.numbers, *missed], sharing.cut_keys), None)


def _among(
    index: Index,
    comparer: Comparer,
    policy: Policy,
    reading: Reading,
    own: Own,
    sharing: Sharing,
    measured: Measured | None,
    *,
    twins: Callable[[Sequence[int]], Sequence[Sequence[int]]] | None,
    with_origins: bool,
    known: AbstractSet[int],
) -> Finding:
    """Compare an article with some candidates; as :func:`find_matches`."""
    numbers = [number for number in sharing.numbers if number not in known]
    if with_origins and sharing.cut_keys:
        numbers += _origins_of(index, numbers)
    if not numbers:
        return Finding(reading, policy, cut_keys=sharing.cut_keys)
    if measured is None:
        measured = comparer.measure(own, numbers, policy)
    relations, strengths = measured.relations, measured.strengths
    related = [place for place, one in enumerate(relations) if one != _DISTINCT]
    if not related:
        return Finding(reading, policy, counts=measured.counts, cut_keys=sharing.cut_keys)
    rows = _rows_of(index, measured, related)
    numbers = [row.number for _, row in rows]
    repeats = twins(numbers) if twins else twins_of(index, numbers)
    found = [(relations[place], -strengths[place], row.number, place, row) for place, row in rows]
    unlisted = twin = 0
    for (relation, weakness, number, place, row), others in zip(found.copy(), repeats, strict=True):
        if relation == _IDENTICAL and not twin and has_same_words(reading, row):
            twin = number
        if len(others) > MOST_REPEATS:
            unlisted += len(index.numbers_of(twin_key(number), _ALL)) - MOST_REPEATS
        if others:
            found += [
                (relation, weakness, one.number, place, one)
                for one in index.rows(others[:MOST_REPEATS])
            ]
    if len(found) > 1:
        found.sort()
    return Finding(
        reading,
        policy,
        [row for _, _, _, _, row in found],
        [RELATIONS[relation] for relation, _, _, _, _ in found],
        [place for _, _, _, place, _ in found],
        measured.counts,
        twin,
        sharing.cut_keys,
        unlisted,
    )


def twins_of(index: Index, numbers: Sequence[int]) -> list[list[int]]:
    """Return who repeats the words of each of some articles, newest first.

    At most one more than are listed.
    """
    return index.numbers_under([twin_key(number) for number in numbers], MOST_REPEATS + 1)


def has_same_words(reading: Reading, row: StoredArticle) -> bool:
    """Say whether a stored article is of the same site and has the very same words."""
    return (
        row.site == reading.site
        and np.array_equal(row.tokens, reading.tokens)
        and np.array_equal(row.units, reading.units)
    )


def _columns(
    page: _Page, rows: Sequence[StoredNames], counts: NDArray[np.int64], policy: Policy
) -> Matches:
    count = len(rows)
    return Matches(
        [page.id, *[row.id for row in rows]],
        np.zeros(count, np.int32),
        np.arange(1, count + 1, dtype=np.int32),
        counts.astype(np.int32),
        np.arange(count, dtype=np.int32),
        np.zeros(count, np.bool_),
        np.array([_days_apart(page, row) for row in rows], np.float64),
        policy,
    )


def _rows_of(
    index: Index, measured: Measured, places: Sequence[int]
) -> list[tuple[int, StoredArticle]]:
    """Return the articles at some places, each with its own; those forgotten since are left out."""
    numbers = [measured.numbers[place] for place in places]
    known = measured.rows
    missing = [number for number in numbers if number not in known] if known else numbers
    rows = index.rows(missing) if missing else []
    if len(rows) == len(numbers):
        return list(zip(places, rows, strict=True))
    known = {**known, **{row.number: row for row in rows}}
    return [
        (place, known[number])
        for place, number in zip(places, numbers, strict=True)
        if number in known
    ]


def _origins_of(index: Index, numbers: Sequence[int]) -> list[int]:
    """Return the accepted articles that some were rejected for, those not among them."""
    origins = {row.origin for row in index.rows(numbers)}.difference(numbers, (0,))
    return [row.number for row in index.rows(sorted(origins)) if not row.same_as]


def _page_of(reading: Reading) -> _Page:
    article = reading.article
    return _Page(article.id, article.url, reading.site, article.published)


def _days_apart(page: _Page, row: StoredNames) -> float | None:
    """Return what ``days_apart`` does, without making an article of the row."""
    if page.published is None or not page.site or row.site != page.site:
        return None
    published = row.published
    if published is None or (page.url is not None and row.url == page.url):
        return None
    return abs((page.published - published).total_seconds()) / SECONDS_PER_DAY
