"""Evidence to relation: where the lines run, and which way."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import ArgumentError
from dedup.match import DUPLICATES, RELATIONS, Evidence, Policy, Relation, judge_pair


def evidence(shared_a: int, of_a: int, shared_b: int, of_b: int, **changed: int) -> Evidence:
    """Return evidence in words; passages, shingles and numbers go with it unless given."""
    found = Evidence(
        is_equal=False,
        weight_a=2 * of_a, weight_b=2 * of_b, shared_a=2 * shared_a, shared_b=2 * shared_b,
        passages_a=1, passages_b=1, longest=2 * min(shared_a, shared_b),
        shingles_a=of_a, shingles_b=of_b, shared_shingles=min(shared_a, shared_b),
        numbers_a=0, numbers_b=0, shared_numbers=0,
    )  # fmt: skip
    return replace(found, **changed)


@st.composite
def any_evidence(draw: st.DrawFn) -> Evidence:
    """Draw evidence that two bodies can have."""
    of_a, of_b = draw(st.integers(1, 300)), draw(st.integers(1, 300))
    shared_a, shared_b = draw(st.integers(0, of_a)), draw(st.integers(0, of_b))
    numbers = sorted(draw(st.tuples(*[st.integers(0, 12)] * 3)))
    least = min(shared_a, shared_b)
    return evidence(
        shared_a, of_a, shared_b, of_b,
        longest=2 * draw(st.integers(0, least)),
        shared_shingles=draw(st.integers(0, least)),
        passages_a=draw(st.integers(0, 9)), passages_b=draw(st.integers(0, 9)),
        shared_numbers=numbers[0], numbers_a=numbers[1], numbers_b=numbers[2],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "relation"),
    [
        (evidence(100, 100, 100, 100, is_equal=True), Relation.IDENTICAL),
        (evidence(96, 100, 97, 100), Relation.COPY),
        (evidence(98, 100, 98, 300), Relation.EXCERPT),
        (evidence(98, 300, 98, 100), Relation.EXPANSION),
        (evidence(55, 100, 55, 100), Relation.REVISION),
        (evidence(20, 100, 20, 300), Relation.OVERLAP),
        (evidence(10, 100, 10, 100), Relation.DISTINCT),
        (evidence(0, 100, 0, 100), Relation.DISTINCT),
        (evidence(0, 0, 0, 0), Relation.DISTINCT),
        (evidence(15, 15, 15, 15), Relation.DISTINCT),
        (evidence(15, 15, 15, 300), Relation.DISTINCT),
        (evidence(5, 5, 5, 5, is_equal=True), Relation.IDENTICAL),
    ],
)
def test_relations(found: Evidence, relation: Relation) -> None:
    """Each of the words of the design, and bodies too short to judge."""
    assert Policy().judge(found) is relation


def test_a_form_filled_in_with_other_figures_is_no_copy() -> None:
    """Many short gaps and other numbers; with the same numbers it is a copy."""
    form = evidence(85, 100, 85, 100, passages_a=12, passages_b=12,
                    numbers_a=9, numbers_b=9, shared_numbers=1)  # fmt: skip
    assert Policy().judge(form) is Relation.DISTINCT
    assert Policy().judge(replace(form, shared_numbers=8)) is Relation.COPY
    assert Policy().judge(replace(form, numbers_a=2)) is Relation.COPY
    few_gaps = replace(form, shared_a=110, shared_b=110, passages_a=2, passages_b=2)
    assert Policy().judge(few_gaps) is not Relation.DISTINCT


@given(any_evidence())
def test_the_other_way_round_is_the_reverse(found: Evidence) -> None:
    """Whatever a is to b, b is the reverse to a (law 5's sibling for verdicts)."""
    assert Policy().judge(found.reversed()) is Policy().judge(found).reverse
    assert found.reversed().reversed() == found
    assert found.reversed().resemblance == found.resemblance


@given(st.lists(st.builds(lambda e, q: replace(e, is_equal=q), any_evidence(), st.booleans())))
def test_many_are_judged_as_one_by_one(found: list[Evidence]) -> None:
    """Columns of counts get the word that each pair gets alone (law 4)."""
    rows = [[int(getattr(one, field.name)) for field in fields(one)] for one in found]
    for policy in (Policy(), Policy(min_words=0, min_numbers=0, number_agreement=1.0)):
        codes = policy.judge_rows(np.array(rows, np.int32).reshape(-1, len(fields(Evidence))))
        assert [RELATIONS[code] for code in codes] == [policy.judge(one) for one in found]


@given(any_evidence())
def test_shares_are_between_0_and_1(found: Evidence) -> None:
    """Every reported share."""
    match = judge_pair("a", "b", found, Policy())
    for value in (match.resemblance, match.containment_ab, match.containment_ba, match.strength,
                  found.number_agreement):  # fmt: skip
        assert 0 <= value <= 1
    assert match.resemblance <= min(match.containment_ab, match.containment_ba) + 1e-9


@given(any_evidence(), st.floats(0, 1), st.floats(0, 1))
def test_a_threshold_means_what_it_says(found: Evidence, low: float, high: float) -> None:
    """No duplicate below the resemblance asked for; a higher one never adds duplicates."""
    low, high = sorted((low, high))
    at_low = judge_pair("a", "b", found, Policy(resemblance=low))
    at_high = judge_pair("a", "b", found, Policy(resemblance=high))
    assert not at_high.is_duplicate or at_high.resemblance >= high
    assert at_low.is_duplicate or not at_high.is_duplicate
    assert at_low.judged_by(Policy(resemblance=high)) == at_high


def test_a_rerun_is_reported_but_no_duplicate() -> None:
    """The same site again, days later; two sites or versions of one page are none."""
    found = evidence(100, 100, 100, 100)
    for days, is_rerun in ((None, False), (0.0, False), (3.9, False), (4.0, True), (400.0, True)):
        match = judge_pair("a", "b", found, Policy(), days)
        assert (match.is_rerun, match.is_duplicate) == (is_rerun, not is_rerun)
        assert match.relation is Relation.COPY
    assert judge_pair("a", "b", found, Policy(rerun_days=None), 400.0).is_duplicate
    assert not judge_pair("a", "b", evidence(0, 100, 0, 100), Policy(), 400.0).is_rerun


def test_the_policy_says_which_relations_are_duplicates() -> None:
    """Overlap and distinct are none by default."""
    assert {Relation.OVERLAP, Relation.DISTINCT}.isdisjoint(DUPLICATES)
    overlap = evidence(20, 100, 20, 300)
    assert not judge_pair("a", "b", overlap, Policy()).is_duplicate
    policy = Policy(duplicates=DUPLICATES | {Relation.OVERLAP})
    assert judge_pair("a", "b", overlap, policy).is_duplicate


@pytest.mark.parametrize(
    "name",
    [
        "copy_coverage",
        "part_coverage",
        "coverage",
        "containment",
        "resemblance",
        "number_agreement",
    ],
)
def test_shares_out_of_range_are_refused(name: str) -> None:
    """With the name and the value in the message."""
    for value in (-0.1, 1.1, float("nan")):
        with pytest.raises(ArgumentError, match=f"{name} is"):
            Policy(**{name: value})


@pytest.mark.parametrize("name", ["passage_words", "min_words", "min_numbers", "gap_words"])
def test_negative_counts_are_refused(name: str) -> None:
    """With the name and the value in the message."""
    with pytest.raises(ArgumentError, match=f"{name} is -1"):
        Policy(**{name: -1})
