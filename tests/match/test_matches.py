"""Pairs kept as columns are the pairs that were put in."""

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.match import Matches, Policy, Relation, judge_pair
from dedup.match.rows import _rounded, link_rows, pair_rows
from tests.match.test_policy import any_evidence

POLICIES = (Policy(), Policy(resemblance=0.5), Policy(rerun_days=None, min_words=0))

PAIRS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("xyz"),
        any_evidence(),
        st.none() | st.floats(0, 1000),
    )
)


@given(PAIRS, st.sampled_from(POLICIES), st.sampled_from(POLICIES))
def test_columns_give_back_each_match(
    pairs: list[tuple[object, ...]], policy: Policy, other: Policy
) -> None:
    """By place, by slice and one after the other; judged again as each match is."""
    given_matches = [judge_pair(a, b, counts, policy, days) for a, b, counts, days in pairs]
    found = Matches.of(given_matches, policy)
    assert list(found) == given_matches
    assert [found[place] for place in range(-len(found), 0)] == given_matches
    assert list(found[1::2]) == given_matches[1::2]
    assert list(found.judged_by(other)) == [match.judged_by(other) for match in given_matches]
    assert found.strengths.tolist() == [match.strength for match in given_matches]
    assert found.involved == {one for match in given_matches for one in (match.a, match.b)}
    assert list(found.select(found.is_duplicate)) == [m for m in given_matches if m.is_duplicate]


@given(PAIRS, st.sampled_from(POLICIES), st.booleans())
def test_rows_of_columns_are_those_of_each_match(
    pairs: list[tuple[object, ...]], policy: Policy, is_turned: bool
) -> None:
    """The same keys in their order, the same values of the same types."""
    matches = Matches.of(
        [judge_pair(a, b, counts, policy, days) for a, b, counts, days in pairs], policy
    )
    if is_turned:
        matches = Matches(
            matches.ids, matches.b, matches.a, matches.counts, matches.rows,
            ~matches.is_turned, matches.days_apart, policy,
        )  # fmt: skip
    rows = [orjson.dumps(row) for row in pair_rows(matches)]
    assert rows == [orjson.dumps(match.as_row()) for match in matches]
    links = [{**match.as_link(), "coverage": round(match.strength, 4)} for match in matches]
    assert list(map(orjson.dumps, link_rows(matches))) == list(map(orjson.dumps, links))


@given(PAIRS)
def test_turned_counts_are_the_reverse(pairs: list[tuple[object, ...]]) -> None:
    """A row of counts may be that of the pair b, a."""
    policy = Policy()
    found = Matches.of(
        [judge_pair(a, b, counts, policy, days) for a, b, counts, days in pairs], policy
    )
    turned = Matches(
        found.ids, found.b, found.a, found.counts, found.rows, ~found.is_turned,
        found.days_apart, policy,
    )  # fmt: skip
    wanted = [judge_pair(m.b, m.a, m.evidence.reversed(), policy, m.days_apart) for m in found]
    assert list(turned) == wanted


def test_relations_are_counted() -> None:
    """All of them, those that do not occur as 0."""
    tally = Matches.of((), Policy()).tally()
    assert tally[Relation.OVERLAP] == 0


def test_there_is_no_match_beyond_the_last() -> None:
    """As in any sequence."""
    none = Matches.of((), Policy())
    assert (len(none), list(none), none == Matches.of((), Policy())) == (0, [], True)
    with pytest.raises(IndexError, match="no match 0 of 0"):
        none[0]


@given(st.lists(st.tuples(st.integers(0, 30_000), st.integers(1, 30_000))))
def test_shares_are_rounded_as_numbers_are(parts: list[tuple[int, int]]) -> None:
    """To the digit as `round` rounds each, in the middle between two numbers, too."""
    shares = [min(part, whole) / whole for part, whole in parts]
    shares += [near for middle in (0.00005, 0.12345, 0.99995) for near in _around(middle)]
    assert _rounded(np.array(shares)) == [round(share, 4) for share in shares]


def _around(middle: float) -> list[float]:
    return [float(np.nextafter(middle, 0)), middle, float(np.nextafter(middle, 1))]
