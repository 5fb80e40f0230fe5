"""The whole batch job as a library call: edges, counts, policies."""

import pytest

from dedup.article import Article
from dedup.batch import deduplicate
from dedup.errors import ArgumentError
from dedup.match import Policy, Relation
from tests.stories import story

A, B, C = story(1), story(2), story(3)


def test_nothing_in_nothing_out() -> None:
    """No articles are no error."""
    found = deduplicate([])
    assert (len(found.matches), found.clusters, found.kept) == (0, (), ())
    assert found.tally.articles == 0


def test_one_article_is_kept() -> None:
    """Whatever it is."""
    for text in (A, "", "Short.", "\ud800"):
        found = deduplicate([Article("1", text, source="s")])
        assert found.kept == ("1",)
        assert found.clusters == ()


def test_ids_must_differ() -> None:
    """The message names the id."""
    with pytest.raises(ArgumentError, match="'twice'"):
        deduplicate([Article("twice", A), Article("once", B), Article("twice", C)])


def test_articles_are_read_once_and_not_kept() -> None:
    """A generator is enough; texts are let go."""
    found = deduplicate(Article(str(i), text) for i, text in enumerate((A, A, B)))
    assert [member.article.text for member in found.members.values()] == [""] * 3
    assert [cluster.members for cluster in found.clusters] == [("0", "1")]


def test_texts_without_words_match_nothing() -> None:
    """Peers merge them all into one cluster."""
    texts = ["", "", " \n", "...", "\ud800", "\ud800", "!?"]
    found = deduplicate(Article(str(i), text) for i, text in enumerate(texts))
    assert not found.matches
    assert len(found.kept) == len(texts)
    assert found.tally.no_body == found.tally.no_words == len(texts)


def test_short_texts_match_their_twin_only() -> None:
    """Too short to judge is said, not guessed."""
    words = "Central bank of Norland raises its rate to five percent from four"
    texts = [words, words + " today", words.upper(), words.replace("Norland", "Sudland")]
    found = deduplicate(Article(str(i), text) for i, text in enumerate(texts))
    assert [(m.a, m.b, m.relation) for m in found.matches] == [("0", "2", Relation.IDENTICAL)]
    assert found.tally.too_short == len(texts)


def test_pages_without_a_body_match_their_twin_only() -> None:
    """Pages of one site that hold nothing but its chrome are no copies of each other."""
    chrome = "Home\nNews\nSport\nSubscribe now\n{}\nFollow us\nContact\nPrivacy policy"
    pages = [Article(f"p{i}", chrome.format(f"Video {i}"), source="site") for i in range(12)]
    pages += [Article("twin", pages[3].text, source="site")]
    full = [Article(f"f{i}", chrome.format(story(20 + i)), source="site") for i in range(12)]
    found = deduplicate([*pages, *full])
    assert [(m.a, m.b, m.relation) for m in found.matches] == [("p3", "twin", "identical")]
    assert found.tally.no_body == 13


@pytest.mark.parametrize("source", ["site", None])
def test_ten_thousand_identical_articles_cost_linear(source: str | None) -> None:
    """One cluster, each member paired with few others, nothing compared twice."""
    texts = [A] * 10_000 + [B] * 3
    found = deduplicate(Article(f"{i:05}", text, source=source) for i, text in enumerate(texts))
    assert [len(cluster.members) for cluster in found.clusters] == [10_000, 3]
    assert len(found.matches) < 2 * len(texts)
    assert found.tally.candidates < 10
    assert found.clusters[0].representative == "00000"


def test_ten_thousand_near_copies_cost_linear() -> None:
    """Ten thousand bodies that differ by a word share their keys: few pairs are compared."""
    found = deduplicate(Article(f"{i:05}", f"{A} Page {i} of it.") for i in range(3000))
    assert [len(cluster.members) for cluster in found.clusters] == [3000]
    assert found.tally.oversize_keys > 0
    assert found.tally.candidates < 200 * 3000


def test_a_stricter_policy_judges_again_without_reading() -> None:
    """`at` returns a new result over the same evidence and leaves the old one alone."""
    half = A[: len(A) // 2]
    articles = [Article("whole", A), Article("half", half), Article("other", B)]
    found = deduplicate(iter(articles))
    assert [c.members for c in found.clusters] == [("whole", "half")]
    stricter = found.at(Policy(resemblance=0.9))
    assert stricter.clusters == ()
    assert stricter.matches[0].evidence == found.matches[0].evidence
    assert [c.members for c in found.clusters] == [("whole", "half")]
    only = Policy(duplicates=frozenset({Relation.IDENTICAL}))
    assert not found.at(only).duplicates
    assert found.at(only).at(Policy()) == found


def test_at_is_what_a_run_with_that_policy_finds() -> None:
    """For policies stricter than the run's."""
    sentences = A.split(". ")
    texts = [A, A + " " + B, ". ".join(sentences[:-3]), B, C + " " + ". ".join(sentences[:6])]
    articles = [Article(str(i), text) for i, text in enumerate(texts)]
    found = deduplicate(articles)
    for policy in (Policy(resemblance=0.5), Policy(coverage=0.8), Policy(containment=0.9)):
        again = deduplicate(articles, policy=policy)
        assert found.at(policy).duplicates == again.duplicates
        assert found.at(policy).clusters == again.clusters


def test_least_similar_lists_the_weakest_duplicates_first() -> None:
    """Those to look at."""
    sentences = A.split(". ")
    texts = [A, *(". ".join(sentences[:n]) + ". " + B[: 60 * n] for n in (4, 6, 8)), A]
    found = deduplicate(Article(str(i), text) for i, text in enumerate(texts))
    strengths = [match.strength for match in found.duplicates]
    assert len(set(strengths)) > 2
    assert [m.strength for m in found.least_similar(3)] == sorted(strengths)[:3]
    assert len(found.least_similar(1000)) == len(strengths)
    assert found.least_similar(0) == ()


def test_a_wrong_option_is_said_before_reading() -> None:
    """An hour of reading is not lost to a typing error."""

    def never() -> Article:
        raise AssertionError("read")
        yield

    with pytest.raises(ArgumentError, match="keep is 'best'"):
        deduplicate(never(), keep="best")
    with pytest.raises(ArgumentError, match="linkage is 'chain'"):
        deduplicate(never(), linkage="chain")


def test_progress_names_the_stages_in_order() -> None:
    """And counts articles."""
    said = []
    deduplicate([Article("1", A), Article("2", B)], progress=lambda *stage: said.append(stage))
    assert said[0][:2] == ("read", 2)
    stages = [stage for stage, _, _ in said]
    assert stages == sorted(stages, key=stages.index)
