"""Candidates, the pairs they become, and why."""

import sys

import pytest

import dedup.detector.candidates as candidates_module
import dedup.detector.corpus as corpus_module
from dedup.article import Article
from dedup.batch import deduplicate
from dedup.boilerplate.chrome import LEARNED
from dedup.detector import collect, explain
from dedup.fingerprint import Recipe
from dedup.index.keys import Family, is_enough_shared
from dedup.match import Relation, compare
from tests.stories import paragraphs, story

FRAME = "The Evening Lantern\nHome News Sport\n\n{}\n\nPrinted by the Lantern Press of Lower Wick."


def articles() -> list[Article]:
    """Return two sites with a frame each, copies across them, and a bare feed."""
    found = [Article(f"l{i}", FRAME.format(story(i)), source="lantern") for i in range(12)]
    found += [Article(f"t{i}", f"Torch\nMenu\n{story(i + 6)}", source="torch") for i in range(12)]
    half = "\n\n".join(paragraphs(2)[: len(paragraphs(2)) // 2])
    return [*found, Article("half", half), Article("twin", story(3).upper()), Article("none", "")]


def test_each_family_finds_what_it_is_for() -> None:
    """Twins by the exact key, copies by bands, excerpts by samples."""
    by_id = {article.id: article for article in articles()}
    known = collect(articles()).learn(Recipe())
    twins = explain(by_id["l3"], by_id["twin"], boilerplate=known)
    assert twins.match.relation is Relation.IDENTICAL
    assert twins.found_by == (Family.EXACT, Family.BAND, Family.SAMPLE)
    part = explain(by_id["half"], by_id["l2"], boilerplate=known)
    assert part.match.relation is Relation.EXCERPT
    assert Family.SAMPLE in part.found_by
    assert Family.EXACT not in part.found_by
    others = explain(by_id["l1"], by_id["l2"], boilerplate=known)
    assert others.match.relation is Relation.DISTINCT
    assert others.found_by == ()


def test_an_explanation_shows_passages_and_chrome_where_they_stand() -> None:
    """Spans of the original texts: the copied story, and the frame with its reason."""
    by_id = {article.id: article for article in articles()}
    known = collect(articles()).learn(Recipe())
    a, b = by_id["l7"], by_id["t1"]
    said = explain(a, b, boilerplate=known)
    (passage,) = said.passages
    assert a.text[slice(*passage.a)] in story(7) + "."
    assert b.text[slice(*passage.b)] in story(7) + "."
    assert passage.words == said.match.shared_words
    assert {reason for _, _, reason in said.chrome_a} == {LEARNED}
    assert a.text[slice(*said.chrome_a[0][:2])].startswith("The Evening Lantern")
    assert said.articles_learned_from == (12, 12)
    assert said.with_chrome.resemblance < said.match.resemblance


def test_without_boilerplate_chrome_is_told_by_cues() -> None:
    """And the explanation says from how many articles it was learned: none."""
    a, b = articles()[0], articles()[1]
    assert explain(a, b).articles_learned_from == (0, 0)


@pytest.mark.parametrize("empty", ["", "...", "\ud800"])
def test_explaining_an_empty_text(empty: str) -> None:
    """Says that nothing is shared."""
    said = explain(Article("a", empty), Article("b", story(1)))
    assert said.match.relation is Relation.DISTINCT
    assert said.passages == ()
    assert said.found_by == ()


def test_how_many_samples_make_a_candidate() -> None:
    """Two at least, and a twelfth of the smaller sample."""
    assert [is_enough_shared(n, 16) for n in (0, 1, 2)] == [False, False, True]
    assert [is_enough_shared(n, 120) for n in (9, 10)] == [False, True]


@pytest.mark.parametrize("size", [1, 3, 7])
def test_the_chunks_of_reading_do_not_show(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles are read so many at a time; the result is the same for any number."""
    wanted = deduplicate(articles())
    monkeypatch.setattr(corpus_module, "CHUNK_ARTICLES", size)
    found = deduplicate(articles())
    assert found == wanted
    assert found.boilerplate.digest == wanted.boilerplate.digest


def test_the_blocks_of_comparing_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs are compared so many at a time; the result is the same for any number."""
    wanted = deduplicate(articles())
    assert wanted.tally.candidates > 3
    monkeypatch.setattr(candidates_module, "PAIRS_A_BLOCK", 3)
    assert deduplicate(articles()) == wanted


def test_keys_that_too_many_share_lose_pairs_but_no_article(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is compared with the first and with the one before; it is counted (law 7)."""
    texts = [f"{story(1)} Page {i} of it." for i in range(40)] + [story(2), story(2) + " Copy."]
    given = [Article(f"{i:02}", text) for i, text in enumerate(texts)]
    wanted = deduplicate(given)
    assert wanted.tally.oversize_keys == 0
    monkeypatch.setattr(candidates_module, "LARGEST_GROUP", 8)
    found = deduplicate(given)
    assert found.tally.oversize_keys > 0
    assert found.tally.candidates < wanted.tally.candidates / 3
    assert [c.members for c in found.clusters] == [c.members for c in wanted.clusters]


def test_many_twins_are_paired_with_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two groups of twins no member is lost, and what is not listed is counted."""
    given = [Article(f"a{i}", story(1)) for i in range(9)]
    given += [Article(f"b{i}", story(1) + " More of it.") for i in range(9)]
    wanted = deduplicate(given)
    assert len(wanted.matches) == 18 * 17 // 2
    monkeypatch.setattr(sys.modules["dedup.detector.groups"], "LARGEST_PRODUCT", 10)
    found = deduplicate(given)
    assert set(found.matches) < set(wanted.matches)
    assert len(found.matches) == 8 + 8 + 1
    assert found.tally.unlisted_pairs == len(wanted.matches) - len(found.matches)
    assert wanted.tally.unlisted_pairs == 0
    assert [c.members for c in found.clusters] == [c.members for c in wanted.clusters]


def test_a_corpus_keeps_no_text() -> None:
    """Only what the result needs to say of each article."""
    corpus = collect(articles())
    assert len(corpus) == len(articles())
    assert {article.text for article in corpus.articles} == {""}
    assert [article.id for article in corpus.articles] == [article.id for article in articles()]


def test_twins_on_both_sides_of_an_id_keep_their_direction() -> None:
    """One comparison stands for all twins: excerpt before, expansion behind."""
    half = "\n\n".join(paragraphs(2)[: len(paragraphs(2)) // 2])
    given = [Article("a", half), Article("b", story(2)), Article("c", half.upper())]
    found = {(m.a, m.b): m for m in deduplicate(given).matches}
    assert {pair: str(m.relation) for pair, m in found.items()} == {
        ("a", "b"): "excerpt",
        ("b", "c"): "expansion",
        ("a", "c"): "identical",
    }
    for (a, b), match in found.items():
        one, other = (next(x for x in given if x.id == name) for name in (a, b))
        assert compare(one, other) == match
