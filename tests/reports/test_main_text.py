"""A site's repeats are taken out of its articles' texts, and nothing else is."""

from dedup.article import Article
from dedup.batch import deduplicate
from dedup.boilerplate.learned import Boilerplate
from dedup.reports.main_text import main_text
from tests.stories import story

MENU = "Subscribe to our newsletter and never miss a story again, dear reader of ours."
FOOTER = "All rights reserved by the publishers of this paper and its many partners."


def _articles(count: int) -> list[Article]:
    return [
        Article(
            str(number),
            f"{MENU}\n\n{story(number)}\n\n* * *\n{FOOTER}",
            url=f"https://paper.example/{number}",
        )
        for number in range(count)
    ]


def test_what_the_site_repeats_is_out_and_the_story_stays_as_it_was() -> None:
    """Between the first and the last character of the story nothing changes."""
    articles = _articles(9)
    learned = deduplicate(articles).boilerplate
    for number, article in enumerate(articles):
        found = main_text(article, learned)
        assert story(number) in found
        assert MENU not in found
        assert FOOTER not in found
        assert found == found.strip()


def test_a_site_that_nothing_is_known_of_keeps_its_text() -> None:
    """Also what looks like chrome."""
    (article,) = _articles(1)
    assert main_text(article, Boilerplate()) == article.text
