"""Many verified pairs, kept as columns; a `Match` is made when one is looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from dedup.match.evidence import Evidence
from dedup.match.match import Match
from dedup.match.relation import RELATIONS, Policy, Relation

__all__ = ["Matches"]

_FIELDS = tuple(field.name for field in fields(Evidence))
#: Where the reverse of each relation stands in ``RELATIONS``.
_REVERSED = np.array([RELATIONS.index(relation.reverse) for relation in RELATIONS], np.int8)
_IDENTICAL = RELATIONS.index(Relation.IDENTICAL)
#: So many are made at once when all are looked at.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """A policy's word on m pairs; arrays of shape (m,)."""

    relations: NDArray[np.int8]
    is_duplicate: NDArray[np.bool_]
    is_rerun: NDArray[np.bool_]


class Matches(Sequence[Match]):
    """Verified pairs, about 30 bytes each and 56 for each two bodies measured.

    Attributes
    ----------
    ids : Sequence[str]
        Sorted ids that the pairs are numbered by.
    a, b : int32 of shape (m,)
        Places in ``ids``.
    counts : int32 of shape (k, 14)
        Fields of :class:`Evidence`, in their order, of pairs of bodies.
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
        a: NDArray[np.int32],
        b: NDArray[np.int32],
        counts: NDArray[np.int32],
        rows: NDArray[np.int32],
        is_turned: NDArray[np.bool_],
        days_apart: NDArray[np.float64],
        policy: Policy,
    ) -> None:
        self.ids, self.a, self.b = ids, a, b
        self.counts, self.rows, self.is_turned = counts, rows, is_turned
        self.days_apart = days_apart
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

    @cached_property
    def _verdicts(self) -> _Verdicts:
        relations = self.policy.judge_rows(self.counts)[self.rows]
        relations = np.where(self.is_turned, _REVERSED[relations], relations)
        counting = np.array([relation in self.policy.duplicates for relation in RELATIONS])
        resembling = Evidence(*self.counts.T).resemblance >= self.policy.resemblance
        is_match = counting[relations] & np.broadcast_to(resembling, len(self.counts))[self.rows]
        is_late = np.zeros(len(self), np.bool_)
        if self.policy.rerun_days is not None:
            is_late = self.days_apart >= self.policy.rerun_days
        return _Verdicts(relations, is_match & ~is_late, is_match & is_late)

    @property
    def relations(self) -> NDArray[np.int8]:
        """What each a is to its b, as places in ``RELATIONS``; shape (m,)."""
        return self._verdicts.relations

    @property
    def is_duplicate(self) -> NDArray[np.bool_]:
        """Which pairs the policy counts as duplicates; shape (m,)."""
        return self._verdicts.is_duplicate

    @property
    def is_rerun(self) -> NDArray[np.bool_]:
        """Which pairs are published too long after to count; shape (m,)."""
        return self._verdicts.is_rerun

    @property
    def strengths(self) -> NDArray[np.float64]:
        """As :attr:`Match.strength`; shape (m,)."""
        columns = Evidence(*self.counts.T)
        stronger = np.maximum(columns.coverage_ab, columns.coverage_ba)[self.rows]
        return np.where(self.relations == _IDENTICAL, 1.0, stronger)

    def tally(self) -> Mapping[Relation, int]:
        """Return how many pairs there are of each relation."""
        found = np.bincount(self.relations, minlength=len(RELATIONS)).tolist()
        return Counter(dict(zip(RELATIONS, found, strict=True)))

    @property
    def involved(self) -> set[str]:
        """The ids that are in a pair."""
        return {self.ids[place] for place in self.involved_places.tolist()}

    @property
    def involved_places(self) -> NDArray[np.int64]:
        """The places of ids that are in a pair, sorted."""
        is_involved = np.zeros(len(self.ids), np.bool_)
        is_involved[self.a] = is_involved[self.b] = True
        return np.flatnonzero(is_involved)

    def select(self, chosen: NDArray[Any]) -> "Matches":
        """Return some of the pairs, by flags or by numbers."""
        return Matches(
            self.ids,
            self.a[chosen],
            self.b[chosen],
            self.counts,
            self.rows[chosen],
            self.is_turned[chosen],
            self.days_apart[chosen],
            self.policy,
        )

    def judged_by(self, policy: Policy) -> "Matches":
        """Return the same pairs judged by another policy."""
        return Matches(
            self.ids,
            self.a,
            self.b,
            self.counts,
            self.rows,
            self.is_turned,
            self.days_apart,
            policy,
        )

    def __len__(self) -> int:
        return len(self.a)

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
        here = slice(start, end)
        verdicts = self._verdicts
        ids = self.ids
        for a, b, row, is_turned, days, relation, is_duplicate, is_rerun in zip(
            self.a[here].tolist(),
            self.b[here].tolist(),
            self.counts[self.rows[here]].tolist(),
            self.is_turned[here].tolist(),
            self.days_apart[here].tolist(),
            verdicts.relations[here].tolist(),
            verdicts.is_duplicate[here].tolist(),
            verdicts.is_rerun[here].tolist(),
            strict=True,
        ):
            evidence = Evidence(bool(row[0]), *row[1:])
            yield Match(
                ids[a],
                ids[b],
                RELATIONS[relation],
                evidence.reversed() if is_turned else evidence,
                None if days != days else days,
                is_duplicate,
                is_rerun,
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matches):
            return NotImplemented
        return len(self) == len(other) and all(
            one == its for one, its in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # compared by what they hold

    def __repr__(self) -> str:
        return f"<{len(self):,} matches>"
