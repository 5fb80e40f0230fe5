"""What a site repeats is chrome; what a story repeats is not."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from dedup.article import Article
from dedup.batch import deduplicate
from dedup.boilerplate.chrome import LEARNED, find_chrome
from dedup.boilerplate.learned import (
    ENOUGH_ARTICLES,
    MIN_STORIES,
    Boilerplate,
    SiteBoilerplate,
    learn_boilerplate,
)
from dedup.boilerplate.units import unit_hashes
from dedup.kernels.tokenise import tokenise_texts
from dedup.shingles import shingle_hashes, token_hashes
from dedup.text import tokenize
from tests.stories import paragraphs, story

TOP = "The Evening Lantern\nHome News Sport\nSign in to read more of our stories today"
BOX = "Sign up for the Lantern morning letter\nIt comes with tea and is free of charge"
END = "The Lantern is printed on recycled paper by the Lantern Press of Lower Wick."


def page(body: str, *, top: str = TOP, end: str = END) -> str:
    return f"{top}\n\n{body}\n\n{end}"


def learn(texts: Sequence[str], site: str | None = "lantern") -> SiteBoilerplate:
    return learn_boilerplate(tokenise_texts(texts), [site] * len(texts)).of(site)


def is_chrome(learned: SiteBoilerplate, text: str) -> list[bool]:
    """Say of each unit of a text whether it is learned."""
    tokens = tokenize(text)
    return learned.has_units(unit_hashes(token_hashes(tokens.words), tokens.units)).tolist()


def units_of(text: str) -> list[str]:
    tokens = tokenize(text)
    return [" ".join(tokens.words[first:last]) for first, last in tokens.unit_ranges()]


def formula_share(learned: SiteBoilerplate, text: str) -> float:
    """Return the share of a text's shingles that are learned."""
    return float(learned.has_shingles(shingle_hashes(token_hashes(tokenize(text).words))).mean())


def test_what_different_stories_share_is_chrome() -> None:
    """Every unit of the frame, and no unit of a body."""
    learned = learn([page(story(i)) for i in range(12)])
    assert all(is_chrome(learned, f"{TOP}\n{END}"))
    for i in range(12):
        assert not any(is_chrome(learned, story(i)))
        assert formula_share(learned, story(i)) < 0.05


def test_boxes_in_the_middle_of_a_body_are_chrome() -> None:
    """Wherever they stand."""
    texts = []
    for i in range(12):
        parts = list(paragraphs(i))
        parts.insert(1 + i % (len(parts) - 1), BOX)
        texts.append("\n\n".join(parts))
    learned = learn(texts)
    assert all(is_chrome(learned, BOX))
    assert not any(any(is_chrome(learned, story(i))) for i in range(12))


@pytest.mark.parametrize("copies", [9, 50, 200])
def test_a_story_with_hundreds_of_true_copies_is_no_chrome(copies: int) -> None:
    """The same page under many addresses, each with its number, besides twelve other stories."""
    hit = [page(story(99) + f"\n\nPage view {i} of this story.") for i in range(copies)]
    others = [page(story(i)) for i in range(12)]
    learned = learn(hit + others)
    assert not any(is_chrome(learned, story(99)))
    assert formula_share(learned, story(99)) < 0.05
    assert all(is_chrome(learned, END))


@pytest.mark.parametrize(
    ("copies", "others"),
    [
        (9, 40),
        (20, 40),
        (40, 60),
        (60, 40),
    ],
)
def test_copies_among_other_headlines_are_no_chrome(copies: int, others: int) -> None:
    """A story on many pages of a site, each with other related headlines below."""
    random = Random(8)
    headlines = [f"{paragraphs(200 + i)[0][:70]}" for i in range(60)]

    def listed(body: str) -> str:
        return page(body, end="More from us\n" + "\n".join(random.sample(headlines, 10)))

    pages = [listed(story(99)) for _ in range(copies)]
    learned = learn(pages + [listed(story(i)) for i in range(others)])
    stock = {unit for i in range(others) for unit in units_of(story(i))}  # of the generator
    assert not any(
        chrome
        for unit, chrome in zip(units_of(story(99)), is_chrome(learned, story(99)), strict=True)
        if unit not in stock
    )


def test_copies_of_a_story_alone_make_no_chrome() -> None:
    """A site that has carried one story only has not shown what is its own."""
    learned = learn([page(story(7)) + f"\nNo. {i} of the day {i}" for i in range(200)])
    assert not any(is_chrome(learned, story(7)))
    assert formula_share(learned, story(7)) == 0


def test_write_throughs_of_a_story_are_no_chrome() -> None:
    """Three versions, each with a new lead before the same background."""
    background = "\n\n".join(paragraphs(40)[2:])
    versions = [f"{paragraphs(50 + i)[0]}\n\n{background}" for i in range(4)]
    learned = learn([page(story(i)) for i in range(10)] + [page(text) for text in versions])
    assert not any(is_chrome(learned, background))
    assert all(is_chrome(learned, END))


def test_numbers_in_chrome_do_not_hide_it() -> None:
    """A count of comments differs from page to page."""
    learned = learn([page(story(i), end=f"{i * 7} readers have left comments") for i in range(9)])
    assert is_chrome(learned, "5013 readers have left comments") == [True]
    assert is_chrome(learned, "Five readers have left comments") == [False]


def test_chrome_that_differs_by_a_word_is_formula() -> None:
    """Its shingles are known where its units are not."""
    names = ["Ada", "Bram", "Cora", "Dov", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas"]
    line = "Our reporter {} has covered the harbour and its people for the Lantern since spring."
    learned = learn([page(story(i), end=line.format(names[i])) for i in range(10)])
    unseen = line.format("Zora")
    assert is_chrome(learned, unseen) == [False]
    assert formula_share(learned, unseen) > 0.6


def test_two_stories_that_share_only_such_chrome_do_not_match() -> None:
    """Even when it is longer than their bodies."""
    pages = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    lines = [f"{END} Desk {{0}} keeps page {number} open for you." for number in pages]
    names = ["Ada", "Bram", "Cora", "Dov", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas"]
    articles = []
    for i, name in enumerate(names):
        body = " ".join(paragraphs(i)[1:3])
        text = page(body, end=" ".join(lines).format(name))
        articles.append(Article(str(i), text, source="lantern"))
    assert not deduplicate(articles).matches


def test_three_stories_are_enough_and_two_are_not() -> None:
    """The least that tells chrome from a copy."""
    texts = [page(story(i)) for i in range(3)]
    assert MIN_STORIES == 3
    assert all(is_chrome(learn(texts), END))
    assert len(learn(texts[:2]).units) == 0
    assert learn(texts[:2]).articles == 0


def test_one_article_teaches_nothing() -> None:
    """Nor do its identical twins."""
    for texts in ([page(story(1))], [page(story(1))] * 30, [""], ["", "", ""], []):
        learned = learn(texts)
        assert len(learned.units) == len(learned.shingles) == 0
        assert learned.needs_cues


def test_a_site_with_few_articles_is_read_by_cues() -> None:
    """And one with enough is not."""
    texts = [page(story(i)) for i in range(ENOUGH_ARTICLES)]
    assert learn(texts[:-1]).needs_cues
    assert not learn(texts).needs_cues


def test_sites_learn_apart() -> None:
    """One site's frame is nothing to another; an unknown site repeats nothing."""
    texts = [page(story(i)) for i in range(20)]
    sites = ["lantern", "torch"] * 5 + [f"single{i}" for i in range(10)]
    found = learn_boilerplate(tokenise_texts(texts), sites)
    assert set(found.sites) == {"lantern", "torch"}
    assert len(found.of("candle").units) == 0
    assert found.of("lantern").articles == 5


def test_articles_without_a_site_are_learned_as_one() -> None:
    """A folder of saved pages is taken for one site's."""
    learned = learn([page(story(i)) for i in range(9)], site=None)
    assert all(is_chrome(learned, END))


def test_the_order_of_the_articles_does_not_matter() -> None:
    """Not even where only some of many are looked at (law 1)."""
    texts = [page(story(i % 30)) + f"\nNo. {i}\n{'x' * (i % 7)}" for i in range(300)]
    wanted = learn_boilerplate(tokenise_texts(texts), ["s"] * 300).digest
    for seed in range(3):
        Random(seed).shuffle(texts)
        assert learn_boilerplate(tokenise_texts(texts), ["s"] * 300).digest == wanted


def test_digests_name_the_state() -> None:
    """Equal for equal boilerplate, another for any other."""
    one = SiteBoilerplate(9, np.array([1, 2], np.uint64), np.array([3], np.uint64))
    other = SiteBoilerplate(9, np.array([1], np.uint64), np.array([2, 3], np.uint64))
    digests = {
        Boilerplate({}).digest,
        Boilerplate({"a": one}).digest,
        Boilerplate({"b": one}).digest,
        Boilerplate({"a": other}).digest,
        Boilerplate({"a": one, "b": other}).digest,
        Boilerplate({"a": replace(one, articles=7)}).digest,  # read by cues, this one
    }
    assert len(digests) == 6
    assert Boilerplate({"\ud800": one}).digest != Boilerplate({"\ud801": one}).digest
    again = {"b": other, "a": one}
    assert Boilerplate(again).digest == Boilerplate(dict(sorted(again.items()))).digest


def test_equal_boilerplate_is_equal() -> None:
    """By content, so that results can be compared."""
    texts = [page(story(i)) for i in range(9)]
    one, other = (learn_boilerplate(tokenise_texts(texts), ["s"] * 9) for _ in range(2))
    assert one == other
    assert hash(one.of("s")) == hash(other.of("s"))
    assert one != learn_boilerplate(tokenise_texts(texts[:8]), ["s"] * 8)
    assert one.of("s") != replace(one.of("s"), shingles=np.empty(0, np.uint64))
    assert one.of("s") != "s"


def test_chrome_of_an_article_is_where_it_stands() -> None:
    """Spans hold the frame, with the reason, and nothing of the body."""
    texts = [page(story(i)) for i in range(9)]
    known = learn_boilerplate(tokenise_texts(texts), ["lantern"] * 9)
    article = Article("1", page(story(77)), source="lantern")
    tokens = tokenize(article.text)
    spans = find_chrome(article, tokens, known).spans(tokens)
    assert {reason for _, _, reason in spans} == {LEARNED}
    chrome = "".join(article.text[start:end] for start, end, _ in spans)
    assert "Evening Lantern" in chrome
    assert "Lower Wick" in chrome
    body = article.text.index(story(77))
    assert all(end <= body or start >= body + len(story(77)) for start, end, _ in spans)


def test_templates_with_other_facts_are_distinct() -> None:
    """A form that recurs on one site, filled in twelve times, matches itself nowhere."""
    random = Random(5)
    form = (
        "Shares in {} closed {} on {}, with the main index ending the session {} points at {}.{}.\n"
        "Turnover was {} million crowns, against {} million on the day before. The ten-year bond "
        "yielded {}.{} percent and the crown traded at {}.{} to the dollar.\n{}"
    )
    articles = []
    for i in range(12):
        facts = [random.randint(3, 9999) for _ in range(9)]
        text = form.format(
            random.choice(["Calder", "Norland", "Wick"]), random.choice(["up", "down"]),
            random.choice(["Monday", "Friday"]), *facts, paragraphs(60 + i)[1],
        )  # fmt: skip
        articles.append(Article(str(i), page(text), source="lantern"))
    copy = Article("copy", articles[4].text.replace(TOP, "Torch\nMenu"), source="torch")
    found = deduplicate([*articles, copy])
    assert [(m.a, m.b) for m in found.duplicates] == [("4", "copy")]
    assert found.matches == found.duplicates


@pytest.mark.parametrize("articles", [12, 40])
def test_another_thread_changes_nothing(articles: int) -> None:
    """Law 1: what a site repeats is the same with its help."""
    pages = [page(story(i // 2 if i % 5 else i)) for i in range(articles)]
    batch = tokenise_texts(pages)
    with ThreadPoolExecutor(1) as threads:
        helped = learn_boilerplate(batch, ["lantern"] * articles, threads=threads)
    assert helped == learn_boilerplate(batch, ["lantern"] * articles)
    assert len(helped.of("lantern").shingles)
