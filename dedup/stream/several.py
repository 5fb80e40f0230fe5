"""What stored bodies, and those of articles to come, are to many bodies: many at once."""

import threading
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

__all__ = ["MeasuredAhead"]

#: So many pairs are screened at once: the outlines of that many have room.
_SCREENED_AT_ONCE = 2048
_DISTINCT = RELATIONS.index(Relation.DISTINCT)

_UNRELATED = Measured((), np.empty((0, FIELDS), np.int64), (), (), {})
#: Takes which of the articles, and where their pairs begin and end.
_Work = Callable[[slice, NDArray[np.int64]], None]
#: Work, and whose pairs it is for.
_Works = Sequence[tuple[_Work, NDArray[np.int64]]]
#: Does works for the articles from the first to the last; returns what waits for the end.
_Run = Callable[[_Works, int, int], Callable[[], object]]


class MeasuredAhead:
    """Articles that are compared with their candidates, some at a time.

    While some are looked at, another thread compares the next. Distinct pairs are left out.

    Parameters
    ----------
    owns : sequence of n
        Bodies of articles that will be numbered from the index's ``next_number`` on.
    sharings : sequence of n
        Their candidates, some of which may be among them.
    """

    def __init__(
        self,
        index: Index,
        comparer: Comparer,
        owns: Sequence[Own],
        sharings: Sequence[Sharing],
        policy: Policy,
        threads: Executor,
    ) -> None:
        self._several = _Several(index, comparer, owns, policy, threads)
        self._is_many = [len(one.numbers) > AT_ONCE for one in sharings]
        asked = [one.numbers if len(one.numbers) <= AT_ONCE else () for one in sharings]
        pairs = _Pairs(
            np.repeat(np.arange(len(asked)), [len(numbers) for numbers in asked]),
            np.array([number for numbers in asked for number in numbers], np.int64),
        )
        self._rows: dict[int, StoredArticle] = {}
        self._pairs = self._several.screened(pairs, self._rows)
        self._blocks = _groups(self._pairs.owner, len(owns), AT_ONCE)
        self._found: list[Measured] = []
        self._begun = self._begin(self._several.in_halves)

    def __len__(self) -> int:
        return len(self._is_many)

    def is_found(self, place: int) -> bool:
        """Say whether an article was compared already."""
        return place < len(self._found)

    def compare_more(self) -> list[Measured]:
        """Wait until more articles are compared; return what was found of these."""
        found = self._begun()
        self._found += found
        self._begun = self._begin(self._several.in_background)
        return found

    def of(self, place: int) -> Measured | None:
        """Return what was found of an article.

        Of one with very many candidates None: they are for
        :meth:`~dedup.stream.comparing.Comparer.measure`.
        """
        return None if self._is_many[place] else self._found[place]

    def _begin(self, run: "_Run") -> Callable[[], list[Measured]]:
        """Have the next articles compared; return what waits for them."""
        block = next(self._blocks, None)
        if block is None:
            return list
        return self._several.measured(*block, self._pairs.between(*block), self._rows, run)


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
        self, first: int, last: int, pairs: _Pairs, rows: dict[int, StoredArticle], run: _Run
    ) -> Callable[[], list[Measured]]:
        """Compare neighbouring articles with others, of which each is stored or before it.

        Returns what waits for it. No body may be put at hand before.
        """
        is_stored = pairs.others < self._first
        stored, coming = pairs.at(is_stored), pairs.at(~is_stored)
        shelf, parts = self._comparer.shelf, []
        if len(stored.owner):
            found = shelf.gather(np.unique(stored.others).tolist(), rows)
            rows = {**rows, **found.rows}
            stored, starts, ends = stored.placed(found)
            parts.append(self._compared(stored, shelf.columns, starts, ends))
        if len(coming.owner):
            places = coming.others - self._first
            starts, ends = self._starts[places], self._ends[places]
            parts.append(self._compared(coming, (self._tokens, self._is_formula), starts, ends))
        if not parts:
            return lambda: [_UNRELATED] * (last - first)
        wait = run([(measure, columns[0]) for measure, columns in parts], first, last)

        def found_all() -> list[Measured]:
            wait()
            return self._joined(first, last, [columns for _, columns in parts], rows)

        return found_all

    def in_halves(self, works: _Works, first: int, last: int) -> Callable[[], object]:
        """Do works for neighbouring articles, about half of each by another thread."""
        halves: list[list[tuple[_Work, slice, NDArray[np.int64]]]] = [[], []]
        for work, owner in works:
            offsets = np.searchsorted(owner, np.arange(first, last + 1))
            half = int(np.searchsorted(offsets, len(owner) // 2))
            halves[0].append((work, slice(first, first + half), offsets[: half + 1]))
            halves[1].append((work, slice(first + half, last), offsets[half:]))
        other = self._threads.submit(_do, halves[1])
        _do(halves[0])
        return other.result

    def in_background(self, works: _Works, first: int, last: int) -> Callable[[], object]:
        """Have the first of some works for neighbouring articles done by another thread."""
        numbers, own = np.arange(first, last + 1), slice(first, last)
        offsets = [np.searchsorted(owner, numbers) for _, owner in works]
        # Once it compares, the other thread needs the interpreter no more.
        begun = threading.Event()

        def do_first() -> None:
            begun.set()
            works[0][0](own, offsets[0])

        other = self._threads.submit(do_first)
        self._comparer.shelf.lend(other)
        begun.wait()
        for (work, _), its in zip(works[1:], offsets[1:], strict=True):
            work(own, its)
        return other.result

    def _joined(
        self,
        first: int,
        last: int,
        parts: Sequence[tuple[NDArray[Any], ...]],
        rows: dict[int, StoredArticle],
    ) -> list[Measured]:
        """Return what was found; ``parts`` are columns of pairs."""
        owner, others, counts, relations, strengths = (
            np.concatenate(each)
            for each in zip(*[_related(columns) for columns in parts], strict=True)
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

        self.in_halves([(screen, pairs.owner)], first, last)()
        return pairs.at(may_match)

    def _compared(
        self,
        pairs: _Pairs,
        bodies: Sequence[NDArray[Any]],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> tuple[_Work, tuple[NDArray[Any], ...]]:
        """Return what compares pairs, and the columns in which they will be.

        These are owners, others, evidence, relations and strengths.
        """
        from dedup.kernels.ahead import measure_articles

        count = len(pairs.owner)
        tokens, is_formula = bodies
        evidence = np.zeros((count, FIELDS), np.int64)
        relations, strengths = np.empty(count, np.int64), np.empty(count)

        def measure(own: slice, offsets: NDArray[np.int64]) -> None:
            measure_articles(
                self._tokens, self._is_formula, self._starts[own], self._ends[own], tokens,
                is_formula, starts, ends, offsets, self._comparer.multipliers, MIN_RUN_WEIGHT,
                self._lines, evidence, relations, strengths,
            )  # fmt: skip

        return measure, (*pairs, evidence, relations, strengths)

    def _rows(
        self, numbers: Sequence[int], rows: dict[int, StoredArticle]
    ) -> dict[int, StoredArticle]:
        """Return the rows of those that are stored."""
        missing = sorted({number for number in numbers if number < self._first}.difference(rows))
        return rows | {row.number: row for row in self._index.rows(missing)}


def _do(works: Sequence[tuple[_Work, slice, NDArray[np.int64]]]) -> None:
    for work, own, offsets in works:
        work(own, offsets)


def _related(columns: tuple[NDArray[Any], ...]) -> tuple[NDArray[Any], ...]:
    """Leave out the distinct pairs."""
    related = columns[3] != _DISTINCT
    return tuple(column[related] for column in columns)
