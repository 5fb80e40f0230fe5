"""One body against many: evidence and relations are the reference's (law 4)."""

from dataclasses import astuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.against import measure_against
from dedup.kernels.columns import COLUMNS
from dedup.kernels.evidence import BodyBatch
from dedup.kernels.judging import LINES, judged
from dedup.kernels.screening import encode_body, screen
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


@given(bodies(), st.sampled_from(POLICIES), st.integers(0, 9))
def test_what_is_screened_out_is_distinct(
    drawn: tuple[list[Body], BodyBatch, int], policy: Policy, own: int
) -> None:
    """By the reference, whatever the policy."""
    wanted, found, size = drawn
    own %= len(wanted)
    may_match = screened(found, size, policy, own)
    for body, may in zip(wanted, may_match, strict=True):
        assert may or policy.judge(measure(wanted[own], body)) is Relation.DISTINCT


def test_a_shared_headline_is_screened_out() -> None:
    """Law 2: nothing is read twice of bodies that share a few words, of others all is."""
    draw = np.random.default_rng(1)
    body, other = (draw.integers(8, 1 << 63, 400, np.uint64) & ~np.uint64(7) for _ in range(2))
    headline, passage = other.copy(), other.copy()
    headline[90:102], passage[90:130] = body[200:212], body[200:240]
    tokens = np.concatenate((body, other, headline, passage, body[:390]))
    offsets = np.array([0, 400, 800, 1200, 1600, 1990])
    found = BodyBatch(tokens, offsets, np.zeros(len(tokens), np.bool_))
    assert screened(found, 5, Policy(), 0) == [True, False, False, True, True]


def screened(found: BodyBatch, size: int, policy: Policy, own: int) -> list[bool]:
    """Screen all bodies for one of them."""
    here = slice(found.offsets[own], found.offsets[own + 1])
    multipliers, starts, ends = shingle_multipliers(size), found.offsets[:-1], found.offsets[1:]
    lines = np.array([getattr(policy, name) for name in LINES], np.float64)
    codes, may_match = np.zeros(len(found.tokens), np.uint16), np.empty(len(starts), np.bool_)
    for start, end in zip(starts, ends, strict=True):
        encode_body(found.tokens[start:end], multipliers, codes[start:end])
    screen(
        found.tokens[here], found.is_formula[here], codes, starts, ends, multipliers, lines,
        may_match,
    )  # fmt: skip
    shown: list[bool] = may_match.tolist()
    return shown


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


def test_a_short_copy_among_formulas_is_not_screened_out() -> None:
    """Law 2: what is boilerplate counts for nothing, also in a bound."""
    draw = np.random.default_rng(1)
    story, form = (draw.integers(8, 1 << 63, 40, np.uint64) & ~np.uint64(7) for _ in range(2))
    tokens = np.concatenate((story[:14], story[:14], form))
    is_formula = np.arange(len(tokens)) >= 24
    found = BodyBatch(tokens, np.array([0, 14, len(tokens)]), is_formula)
    policy = Policy(min_words=0, copy_coverage=0.9)
    made, relations, _ = against(found, 5, policy)
    assert made[1].weight_b == made[1].shared_b == 28
    assert relations[1] is Relation.COPY
