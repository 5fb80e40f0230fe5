"""One body against many: evidence and relations are the reference's (law 4)."""

from dataclasses import astuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.against import measure_against
from dedup.kernels.columns import COLUMNS
from dedup.kernels.evidence import BodyBatch
from dedup.kernels.judging import LINES, judged
from dedup.match import MIN_RUN_WEIGHT, RELATIONS, Body, Evidence, Policy, Relation, measure
from dedup.shingles import shingle_multipliers
from tests.kernels.test_bodies import bodies

#: With lines that pairs of short texts are on both sides of.
POLICIES = (
    Policy(),
    Policy(min_words=0, passage_words=5, copy_coverage=0.5, part_coverage=0.3),
    Policy(min_words=3, passage_words=0, coverage=0.1, containment=0.05, min_numbers=1),
    Policy(min_words=0, copy_coverage=0.0, gap_words=1000, min_numbers=0, number_agreement=1.0),
)


def against(
    found: BodyBatch, size: int, policy: Policy, own: int = 0
) -> tuple[list[Evidence], list[Relation], list[float]]:
    """Measure a body against all."""
    n = len(found.offsets) - 1
    here = slice(found.offsets[own], found.offsets[own + 1])
    counts, relations = np.zeros((n, COLUMNS), np.int64), np.empty(n, np.int64)
    strengths = np.empty(n, np.float64)
    lines = np.array([getattr(policy, name) for name in LINES], np.float64)
    measure_against(
        found.tokens[here], found.is_formula[here], found.tokens, found.is_formula,
        found.offsets[:-1], found.offsets[1:], shingle_multipliers(size), MIN_RUN_WEIGHT, lines,
        counts, relations, strengths,
    )  # fmt: skip
    made = [Evidence(bool(row[0]), *row[1:]) for row in counts.tolist()]
    return made, [RELATIONS[one] for one in relations.tolist()], strengths.tolist()


@given(bodies(), st.sampled_from(POLICIES), st.integers(0, 9))
def test_pairs_are_those_of_the_reference(
    drawn: tuple[list[Body], BodyBatch, int], policy: Policy, own: int
) -> None:
    """Every relation; of each that is not plainly distinct every count and the strength."""
    wanted, found, size = drawn
    own %= len(wanted)
    made, relations, strengths = against(found, size, policy, own)
    for body, evidence, relation, strength in zip(wanted, made, relations, strengths, strict=True):
        right = measure(wanted[own], body)
        assert relation == policy.judge(right)
        if relation is Relation.DISTINCT:
            assert evidence == right or not any(astuple(evidence))
            assert strength == 0
        else:
            assert evidence == right
            is_same = relation is Relation.IDENTICAL
            assert strength == (1 if is_same else max(right.coverage_ab, right.coverage_ba))


def evidence() -> st.SearchStrategy[Evidence]:
    """Return evidence with shares about the lines, as it may be or not."""
    many, few = st.integers(0, 100), st.integers(0, 8)
    counts = (*[many] * 4, few, few, *[many] * 4, few, few, few)
    return st.builds(Evidence, st.booleans(), *counts)


@given(evidence(), st.sampled_from(POLICIES))
def test_every_relation_is_judged_as_by_the_policy(drawn: Evidence, policy: Policy) -> None:
    """Also where texts would have to be long to come near a line."""
    lines = np.array([getattr(policy, name) for name in LINES], np.float64)
    row = np.array(list(map(int, astuple(drawn))), np.int64)
    assert RELATIONS[judged(row, lines)] == policy.judge(drawn)
