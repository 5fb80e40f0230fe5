"""What stored bodies, and those of articles to come, are to many bodies: all at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.index.protocol import Sharing
from dedup.match import MIN_RUN_WEIGHT, RELATIONS, Policy, Relation
from dedup.stream.bodies import Own
from dedup.stream.comparing import AT_ONCE, FEW, FIELDS, Comparer, Measured
from dedup.stream.ring import Gathered

__all__ = ["measure_several"]

#: So many pairs are screened at once: the outlines of that many have room.
_SCREENED_AT_ONCE = 2048
_DISTINCT = RELATIONS.index(Relation.DISTINCT)

_UNRELATED = Measured((), np.empty((0, FIELDS), np.int64), (), (), {})
#: Takes which of the articles, and where their pairs begin and end.
_Work = Callable[[slice, NDArray[np.int64]], None]


def measure_several(
    index: Index,
    comparer: Comparer,
    owns: Sequence[Own],
    sharings: Sequence[Sharing],
    policy: Policy,
    threads: Executor,
) -> list[Measured | None]:
    """Compare articles with their candidates, half of them by another thread.

    Distinct pairs are left out. Articles with very many candidates are for
    :meth:`~dedup.stream.comparing.Comparer.measure`: None stands for each.

    Parameters
    ----------
    owns : sequence of n
        Bodies of articles that will be numbered from the index's ``next_number`` on.
    sharings : sequence of n
        Their candidates, some of which may be among them.
    """
    several = _Several(index, comparer, owns, policy, threads)
    asked = [one.numbers if len(one.numbers) <= AT_ONCE else () for one in sharings]
    pairs = _Pairs(
        np.repeat(np.arange(len(asked)), [len(numbers) for numbers in asked]),
        np.array([number for numbers in asked for number in numbers], np.int64),
    )
    rows: dict[int, StoredArticle] = {}
    pairs = several.screened(pairs, rows)
    found: list[Measured | None] = []
    for first, last in _groups(pairs.owner, len(owns), AT_ONCE):
        found += several.measured(first, last, pairs.between(first, last), rows)
    for place, one in enumerate(sharings):
        if len(one.numbers) > AT_ONCE:
            found[place] = None
    return found


class _Pairs(NamedTuple):
    """Pairs of articles with others, article by article; int64 of shape (m,).

    ``owner`` counts the articles to come from 0, ``others`` are numbers.
    """

    owner: NDArray[np.int64]
    others: NDArray[np.int64]

    def at(self, which: NDArray[np.bool_]) -> "_Pairs":
        """Return some of them."""
        return _Pairs(self.owner[which], self.others[which])

    def between(self, first: int, last: int) -> "_Pairs":
        """Return those of neighbouring articles."""
        start, end = np.searchsorted(self.owner, (first, last))
        return _Pairs(self.owner[start:end], self.others[start:end])

    def placed(self, found: Gathered) -> tuple["_Pairs", NDArray[np.int64], NDArray[np.int64]]:
        """Return those of which the other is not forgotten, and where its body stands."""
        numbers = np.array(found.numbers, np.int64)
        pairs = self
        if len(numbers) < len(np.unique(self.others)):
            pairs = self.at(np.isin(self.others, numbers))
        places = np.searchsorted(numbers, pairs.others)
        return pairs, found.starts[places], found.ends[places]


def _groups(owner: NDArray[np.int64], count: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the first of neighbouring articles with so few pairs, and the first behind them."""
    offsets = np.searchsorted(owner, np.arange(count + 1))
    start = 0
    while start < count:
        end = int(np.searchsorted(offsets, offsets[start] + most, "right")) - 1
        end = min(max(end, start + 1), count)
        yield start, end
        start = end


class _Several:
    """The bodies of articles to come, one after another."""

    def __init__(
        self,
        index: Index,
        comparer: Comparer,
        owns: Sequence[Own],
        policy: Policy,
        threads: Executor,
    ) -> None:
        self._index = index
        self._first = index.next_number
        self._comparer = comparer
        self._lines = comparer.lines_of(policy)
        self._threads = threads
        self._tokens = np.concatenate([own.tokens for own in owns])
        self._is_formula = np.concatenate([own.chosen.is_formula for own in owns])
        self._ends = np.cumsum([len(own.tokens) for own in owns])
        self._starts = np.concatenate(([0], self._ends[:-1]))

    def screened(self, pairs: _Pairs, rows: dict[int, StoredArticle]) -> _Pairs:
        """Leave out who is plainly distinct, where there are many; add what was read for it."""
        count = len(self._ends)
        is_many = np.bincount(pairs.owner, minlength=count)[pairs.owner] > FEW
        asked = is_many & (pairs.others < self._first)
        if not asked.any():
            return pairs
        stored, kept = pairs.at(asked), [pairs.at(~asked)]
        for first, last in _groups(stored.owner, count, _SCREENED_AT_ONCE):
            some = stored.between(first, last)
            if len(some.owner):
                kept.append(self._screen(first, last, some, rows))
        owner, others = (np.concatenate(each) for each in zip(*kept, strict=True))
        order = np.lexsort((others, owner))
        return _Pairs(owner[order], others[order])

    def measured(
        self, first: int, last: int, pairs: _Pairs, rows: dict[int, StoredArticle]
    ) -> list[Measured]:
        """Compare neighbouring articles with others, of which each is stored or before it."""
        is_stored = pairs.others < self._first
        stored, coming = pairs.at(is_stored), pairs.at(~is_stored)
        shelf, parts = self._comparer.shelf, []
        if len(stored.owner):
            found = shelf.gather(np.unique(stored.others).tolist(), rows)
            rows = {**rows, **found.rows}
            stored, starts, ends = stored.placed(found)
            tokens, is_formula = shelf.columns
            parts.append(self._related(first, last, stored, tokens, is_formula, starts, ends))
        if len(coming.owner):
            places = coming.others - self._first
            starts, ends = self._starts[places], self._ends[places]
            parts.append(
                self._related(first, last, coming, self._tokens, self._is_formula, starts, ends)
            )
        if not parts:
            return [_UNRELATED] * (last - first)
        owner, others, counts, relations, strengths = (
            np.concatenate(each) for each in zip(*parts, strict=True)
        )
        order = np.argsort(owner, kind="stable")
        cuts = np.searchsorted(owner[order], np.arange(first, last + 1)).tolist()
        numbers, counts = others[order].tolist(), counts[order]
        flat, strong = relations[order].tolist(), strengths[order].tolist()
        rows = self._rows(numbers, rows)
        return [
            Measured(numbers[a:z], counts[a:z], flat[a:z], strong[a:z], rows)
            for a, z in pairwise(cuts)
        ]

    def _screen(
        self, first: int, last: int, pairs: _Pairs, rows: dict[int, StoredArticle]
    ) -> _Pairs:
        from dedup.kernels.ahead import screen_articles

        outlines = self._comparer.outlines
        found = outlines.gather(np.unique(pairs.others).tolist())
        rows.update(found.rows)
        pairs, starts, ends = pairs.placed(found)
        (codes,) = outlines.columns
        may_match = np.empty(len(pairs.owner), np.bool_)

        def screen(own: slice, offsets: NDArray[np.int64]) -> None:
            screen_articles(
                self._tokens, self._is_formula, self._starts[own], self._ends[own], codes, starts,
                ends, offsets, self._comparer.multipliers, self._lines, may_match,
            )  # fmt: skip

        self._in_halves(screen, first, last, pairs.owner)
        return pairs.at(may_match)

    def _related(
        self,
        first: int,
        last: int,
        pairs: _Pairs,
        tokens: NDArray[np.uint64],
        is_formula: NDArray[np.bool_],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> tuple[NDArray[Any], ...]:
        """Return owners, others, evidence, relations, strengths of the pairs not distinct."""
        from dedup.kernels.ahead import measure_articles

        count = len(pairs.owner)
        evidence = np.zeros((count, FIELDS), np.int64)
        relations, strengths = np.empty(count, np.int64), np.empty(count)

        def measure(own: slice, offsets: NDArray[np.int64]) -> None:
            measure_articles(
                self._tokens, self._is_formula, self._starts[own], self._ends[own], tokens,
                is_formula, starts, ends, offsets, self._comparer.multipliers, MIN_RUN_WEIGHT,
                self._lines, evidence, relations, strengths,
            )  # fmt: skip

        self._in_halves(measure, first, last, pairs.owner)
        columns = *pairs, evidence, relations, strengths
        related = relations != _DISTINCT
        return tuple(column[related] for column in columns)

    def _in_halves(self, work: _Work, first: int, last: int, owner: NDArray[np.int64]) -> None:
        """Do work for neighbouring articles, about half of it by another thread."""
        offsets = np.searchsorted(owner, np.arange(first, last + 1))
        half = int(np.searchsorted(offsets, len(owner) // 2))
        other = self._threads.submit(work, slice(first + half, last), offsets[half:])
        work(slice(first, first + half), offsets[: half + 1])
        other.result()

    def _rows(
        self, numbers: Sequence[int], rows: dict[int, StoredArticle]
    ) -> dict[int, StoredArticle]:
        """Return the rows of those that are stored."""
        missing = sorted({number for number in numbers if number < self._first}.difference(rows))
        return rows | {row.number: row for row in self._index.rows(missing)}
