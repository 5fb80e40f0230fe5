"""Many verified pairs, kept as columns; a `Match` is made when one is looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from dedup.match.columns import Waiting, chosen_of, ids_at, is_waiting, stretch_of
from dedup.match.evidence import Evidence
from dedup.match.match import Match
from dedup.match.measured import Measured
from dedup.match.relation import RELATIONS, Policy, Relation
from dedup.match.stretches import Links, Pairs, Verdicts

__all__ = ["Matches"]

_FIELDS = tuple(field.name for field in fields(Evidence))
#: Where the reverse of each relation stands in ``RELATIONS``.
_REVERSED = np.array([RELATIONS.index(relation.reverse) for relation in RELATIONS], np.int8)

#: Where the counts of the pair b, a stand in those of a, b.
_TURNED = list(astuple(Evidence(*range(len(_FIELDS))).reversed()))

#: So many are made at once when all are looked at, and so many are judged.
_BLOCK, _STRETCH = 4096, 1 << 17


class Matches(Sequence[Match]):
    """Verified pairs, about 30 bytes each and 56 for each two bodies measured.

    In memory, or waiting on disk: then about 10 bytes for each two bodies are in memory,
    and a stretch of the pairs that are looked at.

    Parameters
    ----------
    ids : Sequence[str]
        Sorted ids that the pairs are numbered by.
    a, b : int32 of shape (m,)
        Places in ``ids``.
    counts : int32 of shape (k, 14)
        Fields of :class:`Evidence`, in their order, of pairs of bodies; flat where it waits.
    rows : int32 of shape (m,)
        Which of the counts each pair has.
    is_turned : bool of shape (m,)
        They are those of the pair b, a.
    days_apart : float64 of shape (m,)
        As in :class:`Match`; not a number for None.
    policy : Policy
        That judged.
    """

    def __init__(
        self,
        ids: Sequence[str],
        a: NDArray[np.int32] | Waiting,
        b: NDArray[np.int32] | Waiting,
        counts: NDArray[np.int32] | Waiting | Measured,
        rows: NDArray[np.int32] | Waiting,
        is_turned: NDArray[np.bool_] | Waiting,
        days_apart: NDArray[np.float64] | Waiting,
        policy: Policy,
    ) -> None:
        self.ids = ids
        self._columns = (a, b, rows, is_turned, days_apart)
        self._measured = counts if isinstance(counts, Measured) else Measured(counts)
        self.policy = policy

    @classmethod
    def of(cls, matches: Iterable[Match], policy: Policy) -> "Matches":
        """Return columns of pairs, judged by a policy; in their order."""
        found = list(matches)
        ids = sorted({one for match in found for one in (match.a, match.b)})
        places = {one: place for place, one in enumerate(ids)}
        days = [np.nan if match.days_apart is None else match.days_apart for match in found]
        counts = [[getattr(match.evidence, name) for name in _FIELDS] for match in found]
        return cls(
            ids,
            np.array([places[match.a] for match in found], np.int32),
            np.array([places[match.b] for match in found], np.int32),
            np.array(counts, np.int32).reshape(-1, len(_FIELDS)),
            np.arange(len(found), dtype=np.int32),
            np.zeros(len(found), np.bool_),
            np.array(days, np.float64),
            policy,
        )

    @property
    def a(self) -> NDArray[np.int32]:
        """Places in ``ids``; shape (m,)."""
        return stretch_of(self._columns[0], 0, len(self))

    @property
    def b(self) -> NDArray[np.int32]:
        """Places in ``ids``; shape (m,)."""
        return stretch_of(self._columns[1], 0, len(self))

    @property
    def rows(self) -> NDArray[np.int32]:
        """Which of the counts each pair has; shape (m,)."""
        return stretch_of(self._columns[2], 0, len(self))

    @property
    def is_turned(self) -> NDArray[np.bool_]:
        """The counts are those of the pair b, a; shape (m,)."""
        return stretch_of(self._columns[3], 0, len(self))

    @property
    def days_apart(self) -> NDArray[np.float64]:
        """As in :class:`Match`; not a number for None; shape (m,)."""
        return stretch_of(self._columns[4], 0, len(self))

    @property
    def counts(self) -> NDArray[np.int32]:
        """Fields of :class:`Evidence` of pairs of bodies; shape (k, 14)."""
        return self._measured.between(0, len(self._measured))

    @property
    def columns(self) -> Mapping[str, Any]:
        """What was given, by name."""
        named = dict(zip(Pairs._fields, self._columns, strict=True))
        return {**named, "counts": self._measured.column}

    def _pairs(self, start: int, end: int) -> Pairs:
        columns: Iterable[Any] = (stretch_of(column, start, end) for column in self._columns)
        return Pairs(*columns)

    def _verdicts_of(self, pairs: Pairs) -> Verdicts:
        """Judge some pairs, in memory."""
        judged, is_like = self._measured.judged(self.policy)
        relations = judged[pairs.rows]
        relations = np.where(pairs.is_turned, _REVERSED[relations], relations)
        counting = np.array([relation in self.policy.duplicates for relation in RELATIONS])
        is_match = counting[relations] & is_like[pairs.rows]
        if self.policy.rerun_days is None:
            return Verdicts(relations, is_match, np.zeros(len(relations), np.bool_))
        is_late = np.asarray(pairs.days_apart >= self.policy.rerun_days)
        return Verdicts(relations, is_match & ~is_late, is_match & is_late)

    def verdicts(self) -> Iterator[Verdicts]:
        """Yield the policy's word on all pairs, a stretch at a time."""
        for start in range(0, len(self), _STRETCH):
            yield self._verdicts_of(self._pairs(start, start + _STRETCH))

    def links(self) -> Iterator[Links]:
        """Yield the pairs that are duplicates, a stretch at a time."""
        for start in range(0, len(self), _STRETCH):
            pairs = self._pairs(start, start + _STRETCH)
            chosen = np.flatnonzero(self._verdicts_of(pairs).is_duplicate)
            a, b, rows = (column[chosen] for column in (pairs.a, pairs.b, pairs.rows))
            yield Links(start + chosen, a, b, self._measured.strengths[rows])

    def _whole(self, place: int, dtype: type[np.generic]) -> NDArray[Any]:
        return np.concatenate([np.empty(0, dtype), *(some[place] for some in self.verdicts())])

    @cached_property
    def relations(self) -> NDArray[np.int8]:
        """What each a is to its b, as places in ``RELATIONS``; shape (m,)."""
        return self._whole(0, np.int8)

    @cached_property
    def is_duplicate(self) -> NDArray[np.bool_]:
        """Which pairs the policy counts as duplicates; shape (m,)."""
        return self._whole(1, np.bool_)

    @cached_property
    def is_rerun(self) -> NDArray[np.bool_]:
        """Which pairs are published too long after to count; shape (m,)."""
        return self._whole(2, np.bool_)

    @property
    def strengths(self) -> NDArray[np.float64]:
        """As :attr:`Match.strength`; shape (m,)."""
        return self._measured.strengths[self.rows]

    @property
    def resemblances(self) -> NDArray[np.float64]:
        """As :attr:`Match.resemblance`; shape (m,)."""
        return self._measured.resemblances[self.rows]

    def tally(self) -> Mapping[Relation, int]:
        """Return how many pairs there are of each relation."""
        found = np.zeros(len(RELATIONS), np.int64)
        for some in self.verdicts():
            found += np.bincount(some.relations, minlength=len(RELATIONS))
        return Counter(dict(zip(RELATIONS, found.tolist(), strict=True)))

    @property
    def involved(self) -> set[str]:
        """The ids that are in a pair."""
        return set(ids_at(self.ids, self.involved_places))

    @property
    def involved_places(self) -> NDArray[np.int64]:
        """The places of ids that are in a pair, sorted."""
        is_involved = np.zeros(len(self.ids), np.bool_)
        for start in range(0, len(self), _STRETCH):
            for column in self._columns[:2]:
                is_involved[stretch_of(column, start, start + _STRETCH)] = True
        return np.flatnonzero(is_involved)

    def named_ends(self) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
        """Return the ids that are in a pair, sorted, and where among them those of each pair are.

        Returns
        -------
        names : list of n
        a, b : int64 of shape (m,)
        """
        involved = self.involved_places
        a, b = (np.searchsorted(involved, ends) for ends in (self.a, self.b))
        return ids_at(self.ids, involved), a, b

    def least(
        self, keys: NDArray[np.float64], most: int, among: NDArray[np.bool_] | None = None
    ) -> "Matches":
        """Return the pairs with the least keys, then ids, in this order.

        Parameters
        ----------
        keys : float64 of shape (m,)
        among : bool of shape (m,)
            Which pairs may be returned; by default all.
        """
        places = np.arange(len(self)) if among is None else np.flatnonzero(among)
        a, b = self.a[places], self.b[places]
        return self.select(places[np.lexsort((b, a, keys[places]))[:most]])

    def select(self, chosen: NDArray[Any]) -> "Matches":
        """Return some of the pairs, by flags or by numbers; in memory."""
        if not any(map(is_waiting, self.columns.values())):
            columns = [column[chosen] for column in self._columns]  # type: ignore[index]
            return self._with(columns, self._measured)
        numbers = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        order = np.argsort(numbers, kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        ascending = numbers[order]
        columns = [chosen_of(column, ascending)[places] for column in self._columns]
        rows, at = np.unique(columns[2], return_inverse=True)
        columns[2] = at.astype(np.int32)
        return self._with(columns, Measured(self._measured.at(rows)))

    def _with(self, columns: Sequence[Any], counts: Measured) -> "Matches":
        a, b, rows, is_turned, days_apart = columns
        return Matches(self.ids, a, b, counts, rows, is_turned, days_apart, self.policy)

    def judged_by(self, policy: Policy) -> "Matches":
        """Return the same pairs judged by another policy."""
        same = self._with(self._columns, self._measured)
        same.policy = policy
        return same

    def __len__(self) -> int:
        return len(self._columns[0])

    @overload
    def __getitem__(self, key: int) -> Match: ...
    @overload
    def __getitem__(self, key: slice) -> "Matches": ...
    def __getitem__(self, key: int | slice) -> "Match | Matches":
        if isinstance(key, slice):
            return self.select(np.arange(len(self))[key])
        if not -len(self) <= key < len(self):
            raise IndexError(f"there is no match {key} of {len(self)}")
        place = key % len(self)
        return next(self._made(place, place + 1))

    def __iter__(self) -> Iterator[Match]:
        for start in range(0, len(self), _BLOCK):
            yield from self._made(start, start + _BLOCK)

    def _made(self, start: int, end: int) -> Iterator[Match]:
        pairs, verdicts, counts = self.looked_at(start, end)
        for a, b, row, days, relation, is_duplicate, is_rerun in zip(
            ids_at(self.ids, pairs.a),
            ids_at(self.ids, pairs.b),
            counts.tolist(),
            pairs.days_apart.tolist(),
            *(column.tolist() for column in verdicts),
            strict=True,
        ):
            evidence = Evidence(bool(row[0]), *row[1:])
            days_apart = None if days != days else days
            yield Match(a, b, RELATIONS[relation], evidence, days_apart, is_duplicate, is_rerun)

    def looked_at(self, start: int, end: int) -> tuple[Pairs, Verdicts, NDArray[np.int32]]:
        """Return pairs start to end, the policy's word, and the fields of their evidence.

        Returns
        -------
        pairs : Pairs
        verdicts : Verdicts
        counts : int32 of shape (m, 14)
            As a is to b, whichever was measured first.
        """
        pairs = self._pairs(start, end)
        counts = self._measured.at(pairs.rows)
        turned = np.flatnonzero(pairs.is_turned)
        counts[turned] = counts[turned][:, _TURNED]
        return pairs, self._verdicts_of(pairs), counts

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matches):
            return NotImplemented
        return len(self) == len(other) and all(
            one == its for one, its in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # compared by what they hold

    def __repr__(self) -> str:
        return f"<{len(self):,} matches>"
