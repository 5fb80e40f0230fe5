"""Relations, and the policy that turns evidence into one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import ArgumentError
from dedup.match.evidence import Evidence

__all__ = ["DUPLICATES", "RELATIONS", "Policy", "Relation"]


class Relation(StrEnum):
    """What article a is to article b, judged on bodies without chrome."""

    IDENTICAL = "identical"
    """The same normal form."""
    COPY = "copy"
    """The same article up to small edits."""
    EXCERPT = "excerpt"
    """a is inside b."""
    EXPANSION = "expansion"
    """b is inside a."""
    REVISION = "revision"
    """The same running story: a large part shared, both with text of their own."""
    OVERLAP = "overlap"
    """Different articles that share passages."""
    DISTINCT = "distinct"
    """Nothing but chrome, formula or topic in common."""

    @property
    def reverse(self) -> "Relation":
        """What b is to a."""
        if self is Relation.EXCERPT:
            return Relation.EXPANSION
        if self is Relation.EXPANSION:
            return Relation.EXCERPT
        return self


#: All relations in their order: where a column holds relations, it holds places here.
RELATIONS = tuple(Relation)

#: Relations that are duplicates unless the policy says otherwise.
DUPLICATES = frozenset(
    {
        Relation.IDENTICAL,
        Relation.COPY,
        Relation.EXCERPT,
        Relation.EXPANSION,
        Relation.REVISION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Where the lines between relations run, and which relations are duplicates.

    All shares are 0 to 1. *Coverage* is the share of a body's words that stand in
    passages of five words or more which the other body has too; *containment*
    is that of shingles, which a single edit costs five times as much.

    Parameters
    ----------
    copy_coverage : float
        Both bodies covered so far: a copy.
    part_coverage : float
        One body covered so far: an excerpt (or, seen from the other, an expansion).
    coverage, containment : float
        Below one of these, for the body with more of it, nothing is a duplicate.
    resemblance : float
        Below this Jaccard nothing is a duplicate; 0 asks for none.
    passage_words : int
        A revision, an excerpt, an overlap share at least one passage so long: a
        template shares only its short formulas.
    min_words : int
        A body with fewer is too short to judge: it matches its identical twin only.
    min_numbers, number_agreement, gap_words : int, float, float
        Two bodies with so many numbers each, that agree on less than this share
        of them, and differ in stretches of fewer words than this (on the
        average), are one form filled in twice, however much of it they share.
        A revision with other figures differs in whole sentences.
    rerun_days : float | None
        A text that one site publishes again so many days later is a rerun (a
        factbox, a timeline, a market wrap): reported, but no duplicate.
        ``None``: no matter when.
    duplicates : frozenset of Relation
        Relations that count as duplicates.
    """

    copy_coverage: float = 0.8
    part_coverage: float = 0.66
    coverage: float = 0.42
    containment: float = 0.37
    resemblance: float = 0.0
    passage_words: int = 16
    min_words: int = 20
    min_numbers: int = 4
    number_agreement: float = 0.4
    gap_words: float = 12.0
    rerun_days: float | None = 4.0
    duplicates: frozenset[Relation] = DUPLICATES

    def __post_init__(self) -> None:
        for name in (
            "copy_coverage", "part_coverage", "coverage", "containment",
            "resemblance", "number_agreement",
        ):  # fmt: skip
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ArgumentError(f"{name} is {value}: use a share from 0 to 1")
        for name in ("passage_words", "min_words", "min_numbers", "gap_words"):
            if getattr(self, name) < 0:
                raise ArgumentError(f"{name} is {getattr(self, name)}: use 0 or more")

    def is_too_short(self, weight: int) -> bool:
        """Say whether a body of so many half-words is too short to judge."""
        return weight < 2 * self.min_words

    def judge(self, evidence: Evidence) -> Relation:
        """Return what a is to b."""
        return next(relation for relation, applies in self._rules(evidence) if applies)

    def judge_rows(self, counts: NDArray[np.integer[Any]]) -> NDArray[np.int8]:
        """Judge many pairs at once.

        Parameters
        ----------
        counts : int of shape (m, 14)
            The fields of :class:`Evidence`, in their order.

        Returns
        -------
        int8 of shape (m,)
            What a is to b, as its place in :data:`RELATIONS`.
        """
        rules = self._rules(Evidence(*counts.T))
        judged: NDArray[np.int8] = np.select(
            [np.broadcast_to(applies, len(counts)) for _, applies in rules],
            [np.int8(RELATIONS.index(relation)) for relation, _ in rules],
        )
        return judged

    def _rules(self, evidence: Evidence) -> tuple[tuple[Relation, bool], ...]:
        """Return each relation and whether it applies; the first that does holds.

        Written with operators that work on one pair's numbers and on columns alike.
        """
        a, b = evidence.coverage_ab, evidence.coverage_ba
        is_copy = (a >= self.copy_coverage) & (b >= self.copy_coverage)
        is_part_a, is_part_b = a >= self.part_coverage, b >= self.part_coverage
        is_too_short = self.is_too_short(evidence.weight_a) | self.is_too_short(evidence.weight_b)
        has_passage = evidence.longest >= 2 * self.passage_words
        shares_enough = ((a >= self.coverage) | (b >= self.coverage)) & (
            (evidence.containment_ab >= self.containment)
            | (evidence.containment_ba >= self.containment)
        )
        return (
            (Relation.IDENTICAL, evidence.is_equal == 1),
            (Relation.DISTINCT, is_too_short | ((is_copy | has_passage) ^ True)),
            (Relation.OVERLAP, shares_enough ^ True),
            (Relation.DISTINCT, self._is_form(evidence)),
            (Relation.COPY, is_copy),
            (Relation.REVISION, (is_part_a ^ is_part_b) ^ True),
            (Relation.EXCERPT, a > b),
            (Relation.EXPANSION, True),
        )

    def _is_form(self, evidence: Evidence) -> bool:
        """Say whether two bodies are one form filled in with other figures."""
        return (
            (evidence.numbers_a >= self.min_numbers)
            & (evidence.numbers_b >= self.min_numbers)
            & (evidence.number_agreement < self.number_agreement)
            & (evidence.gap_a < 2 * self.gap_words)
            & (evidence.gap_b < 2 * self.gap_words)
        )
