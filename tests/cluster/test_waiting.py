"""Matches that wait on disk are clustered as those in memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.cluster import Member, Members, connect
from dedup.cluster.joining import components
from dedup.detector import Scratch
from dedup.match import Match, Matches, Policy
from tests.cluster.test_cluster import POLICY, match

IDS = [chr(ord("a") + number) for number in range(20)]
MEMBERS = Members.of(Member(Article(one, ""), at, 9.0, 9.0) for at, one in enumerate(IDS))
PAIRS = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] < p[1])
LINKS = st.dictionaries(PAIRS, st.tuples(st.integers(1, 100), st.booleans()), max_size=60).map(
    lambda links: [match(a, b, s, is_duplicate=d) for (a, b), (s, d) in sorted(links.items())]
)


def waiting(matches: Matches) -> Matches:
    """Return the same matches with their columns on disk."""
    columns = {}
    for name, items in matches.columns.items():
        columns[name] = Scratch().array(items.dtype.type)
        columns[name].append(items.ravel())
    return Matches(matches.ids, **columns, policy=matches.policy)


@given(LINKS)
def test_matches_that_wait_are_the_same(links: list[Match]) -> None:
    """One, some, all; counted, judged again, and chosen in any order."""
    held = Matches.of(links, POLICY)
    found, strict = waiting(held), Policy(coverage=0.6)
    assert found == held
    assert found[1::2] == held[1::2]
    assert found.select(np.arange(len(held))[::-1]) == held.select(np.arange(len(held))[::-1])
    assert found.select(found.is_duplicate) == held.select(held.is_duplicate)
    assert found.judged_by(strict) == held.judged_by(strict)
    assert (found.tally(), found.involved) == (held.tally(), held.involved)


@given(LINKS, st.sampled_from(("components", "representative")), st.sets(st.sampled_from(IDS)))
def test_matches_that_wait_make_the_same_clusters(
    links: list[Match], linkage: str, senior: set[str]
) -> None:
    """With any linkage, and with members that are kept before others."""
    held, seniority = Matches.of(links, POLICY), {one: (one,) for one in sorted(senior)}
    options = {"linkage": linkage, "seniority": seniority}
    found, wanted = (connect(some, MEMBERS, **options) for some in (waiting(held), held))
    assert list(found) == list(wanted)
    assert found[::-1] == wanted[::-1]


@given(LINKS, st.integers(1, 9))
def test_links_are_joined_some_at_a_time(links: list[Match], at_once: int) -> None:
    """Those that wait by their strengths, the strongest first, as if all came at once."""
    held = Matches.of(links, POLICY)
    none = np.empty(0, np.bool_)
    wanted = components(held, none)
    found = components(waiting(held), none, links_at_once=at_once)
    assert [part.tolist() for part in found] == [part.tolist() for part in wanted]


def test_there_is_no_cluster_beyond_the_last() -> None:
    """As in any sequence."""
    clusters = connect(Matches.of([match("a", "b")], POLICY), MEMBERS)
    assert clusters[-1] == clusters[0]
    with pytest.raises(IndexError, match="no cluster 1 of 1"):
        clusters[1]
