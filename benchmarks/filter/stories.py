"""Made-up articles for runs that need no corpus: as many as wanted, seeded."""

import random

from dedup.article import Article

__all__ = ["make_story", "near_copy"]

_STEMS = """
    council harbour bridge minister tariff weather engine orchard festival budget river court
    vaccine senate railway oxygen museum copper ferry teacher election glacier pension reactor
""".split()  # noqa: SIM905 - a list of words is easier to read so
_ENDINGS = [first + second for first in "aeiou" for second in "lmnrst"]


def make_story(number: int, *, sentences: int = 12, seed: int = 0) -> Article:
    """Make an article from its number."""
    draw = random.Random(f"{seed}/{number}")
    text = "\n".join(
        " ".join(draw.choice(_STEMS) + draw.choice(_ENDINGS) for _ in range(14)) + "."
        for _ in range(sentences)
    )
    url = f"https://www.site{number % 7}.example/{seed}/{number}"
    return Article(f"{seed}/{number}", text, url=url)


def near_copy(article: Article, worker: int) -> Article:
    """Edit a word or two, differently for each worker, under another name."""
    words = article.text.split(" ")
    words[3 + worker] = f"edited{worker}"
    return Article(
        f"{article.id}/{worker}", " ".join(words), url=f"https://copy{worker}.example/{article.id}"
    )
