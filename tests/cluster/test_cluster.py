"""Verified pairs to clusters: linkage, the weakest link, whom to keep."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.cluster import Cluster, Member, Members
from dedup.cluster import connect as connect_pairs
from dedup.errors import ArgumentError
from dedup.match import Evidence, Match, Matches, Policy, judge_pair

IDS = "abcdefgh"


#: By which whatever shares a passage is a duplicate, unless it is a rerun.
POLICY = Policy(coverage=0, containment=0)


def match(a: str, b: str, strength: int = 90, *, is_duplicate: bool = True) -> Match:
    """Return a match with so much coverage, in percent."""
    counts = Evidence(False, 100, 100, strength, 0, 1, 1, 40, 50, 50, 20, 0, 0, 0)
    return judge_pair(*sorted((a, b)), counts, POLICY, None if is_duplicate else 100.0)


def connect(links: list[Match], members: Mapping[str, Member], **options: str) -> list[Cluster]:
    """Cluster what is written as a list."""
    return connect_pairs(Matches.of(links, POLICY), Members.of(members.values()), **options)


def member(one: str, position: int = 0, **options: object) -> Member:
    words = options.pop("words", 100.0)
    text_words = options.pop("text_words", 200.0)
    return Member(Article(one, "", **options), position, words, text_words)


MEMBERS = {one: member(one, position) for position, one in enumerate(IDS)}

LINKS = st.dictionaries(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] < pair[1]),
    st.tuples(st.integers(1, 100), st.sampled_from((True, True, True, False))),
    max_size=14,
).map(lambda links: [match(a, b, s, is_duplicate=d) for (a, b), (s, d) in links.items()])


def components(links: list[Match]) -> set[frozenset[str]]:
    """Return the connected components, the slow way."""
    groups = [{link.a, link.b} for link in links if link.is_duplicate]
    merged = True
    while merged:
        merged = False
        for one in groups:
            for other in groups:
                if one is not other and one & other:
                    one |= other
                    groups.remove(other)
                    merged = True
                    break
            if merged:
                break
    return {frozenset(group) for group in groups}


@given(LINKS, st.integers(0, 9))
def test_clusters_are_connected_components(links: list[Match], seed: int) -> None:
    """Of duplicates only; the same in whatever order the links come."""
    found = connect(links, MEMBERS)
    assert {frozenset(cluster.members) for cluster in found} == components(links)
    assert [(-len(c.members), c.id) for c in found] == sorted(
        (-len(c.members), c.id) for c in found
    )
    Random(seed).shuffle(links)
    assert connect(links, MEMBERS) == found


@given(LINKS)
def test_the_weakest_link_is_what_holds_a_cluster_together(links: list[Match]) -> None:
    """Without links as weak or weaker it falls apart; with it, it does not."""
    for cluster in connect(links, MEMBERS):
        own = [link for link in links if link.is_duplicate and link.a in cluster.members]
        at_least = [link for link in own if link.strength >= cluster.weakest.strength]
        stronger = [link for link in own if link.strength > cluster.weakest.strength]
        assert components(at_least) == {frozenset(cluster.members)}
        assert components(stronger) != {frozenset(cluster.members)}
        assert cluster.weakest in own


@given(LINKS)
def test_with_representative_linkage_every_member_matches_the_one_kept(links: list[Match]) -> None:
    """No chain glues what its ends do not share; who is left over has no free partner."""
    found = connect(links, MEMBERS, linkage="representative")
    pairs = {frozenset((link.a, link.b)) for link in links if link.is_duplicate}
    clustered = [one for cluster in found for one in cluster.members]
    assert len(clustered) == len(set(clustered))
    for cluster in found:
        for one in cluster.members[1:]:
            assert frozenset((one, cluster.representative)) in pairs
        assert len(cluster.members) > 1
    alone = set(IDS) - set(clustered)
    assert not any(pair <= alone for pair in pairs)


def test_a_chain_of_revisions_is_cut_by_representative_linkage() -> None:
    """Five versions, each a duplicate of the next only."""
    links = [match(a, b) for a, b in pairwise("abcde")]
    assert [c.members for c in connect(links, MEMBERS)] == [tuple("abcde")]
    cut = connect(links, MEMBERS, linkage="representative")
    assert [c.members for c in cut] == [("a", "b"), ("c", "d")]


@given(LINKS, st.sampled_from(("components", "representative")))
def test_rows_of_columns_are_those_of_each_cluster(links: list[Match], linkage: str) -> None:
    """As files hold them, byte for byte."""
    clusters = connect_pairs(
        Matches.of(links, POLICY), Members.of(MEMBERS.values()), linkage=linkage
    )
    rows = [orjson.dumps(row) for row in clusters.rows()]
    assert rows == [orjson.dumps(cluster.as_row()) for cluster in clusters]


def test_a_cluster_row_has_the_fixed_keys() -> None:
    """Representative first among the members, the weakest link with its shares."""
    (cluster,) = connect([match("a", "b", 90), match("b", "c", 40)], MEMBERS)
    row = cluster.as_row()
    assert row["cluster"] == row["representative"] == "a"
    assert row["members"] == ["a", "b", "c"]
    assert row["weakest"] == {
        "a": "b", "b": "c", "relation": "revision", "resemblance": 0.25,
        "containment_ab": 0.4, "containment_ba": 0.4, "coverage": 0.4,
    }  # fmt: skip


def kept(keep: str, *members: Member) -> str:
    by_id = {one.article.id: one for one in members}
    links = [match(members[0].article.id, other.article.id) for other in members[1:]]
    (cluster,) = connect(links, by_id, keep=keep)
    assert isinstance(cluster, Cluster)
    assert cluster.id == min(by_id)
    return cluster.representative


def day(number: int) -> datetime:
    return datetime(2026, 8, number, tzinfo=UTC)


def test_keep_policies() -> None:
    """Each by what its name says, unknown dates last, ties by length and id."""
    a = member("a", 3, published=day(3), words=90.0, source="Wire")
    b = member("b", 2, published=day(2), words=80.0, text_words=82.0)
    c = member("c", 1, words=100.0, text_words=300.0, url="https://www.c.example/1")
    d = member("d", 0, published=day(2), words=70.0)
    for first in (a, b, c, d):
        order = (first, *(one for one in (a, b, c, d) if one is not first))
        assert kept("earliest", *order) == "b"
        assert kept("longest", *order) == "c"
        assert kept("cleanest", *order) == "b"
        assert kept("first", *order) == "d"
        assert kept("prefer:nobody,wire", *order) == "a"
        assert kept("prefer:c.example, Wire", *order) == "c"
        assert kept("prefer:nobody", *order) == "b"


def test_a_member_without_words_is_all_chrome() -> None:
    """Not a division by nothing."""
    assert member("a", words=0.0, text_words=0.0).chrome_share == 1
    assert member("a", words=50.0, text_words=200.0).chrome_share == 0.75


@pytest.mark.parametrize("keep", ["", "best", "prefer:", "Earliest"])
def test_an_unknown_policy_is_refused(keep: str) -> None:
    """With those there are."""
    with pytest.raises(ArgumentError, match="earliest, longest"):
        connect([], {}, keep=keep)


def test_an_unknown_linkage_is_refused() -> None:
    """With those there are."""
    with pytest.raises(ArgumentError, match="components, representative"):
        connect([], {}, linkage="complete")
