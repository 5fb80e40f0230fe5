"""Articles written for the purpose, and ways to make more of them."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.formats import read_articles
from dedup.index import Index, create_index

WORDS = """
    council harbour bridge minister tariff weather engine orchard festival budget river
    court vaccine senate railway oxygen museum copper ferry teacher election glacier pension
    reactor village banker drought satellite novel striker vineyard airport mayor protein
""".split()  # noqa: SIM905 - a list of words is easier to read so

#: No digits: boilerplate is learned as if all numbers were the same.
ENDINGS = [first + second for first in "aeiou" for second in "lmnrst"]

MakeText = Callable[..., str]


@pytest.fixture(scope="session")
def make_text() -> MakeText:
    """Return a function that makes a story from its number; the same one every time."""

    def make(story: int, sentences: int = 12, edits: int = 0) -> str:
        draw = random.Random(story)
        lines = [
            " ".join(draw.choice(WORDS) + draw.choice(ENDINGS) for _ in range(14)) + "."
            for _ in range(sentences)
        ]
        for edit in range(edits):
            lines[edit] = lines[edit].replace(" ", f" edited{edit} ", 1)
        return "\n".join(lines)

    return make


@pytest.fixture(scope="session")
def articles(fixtures: Path, make_text: MakeText) -> list[Article]:
    """Return the fixtures' articles, and a site of chrome, copies, excerpts and repeats."""
    found = list(read_articles([fixtures / "feeds", fixtures / "seeds"]))
    chrome = "Subscribe to our newsletter for the best of the week, every week, for free."
    for number in range(60):
        text = make_text(number % 25, edits=number // 25)
        site = f"https://www.site{number % 3}.example/{number}"
        if number % 3:
            text = f"{text}\n{chrome}\nMost read today {number}"
        found.append(Article(f"made-{number}", text, url=site))
    found += [Article(f"part-{n}", "\n".join(make_text(n).split("\n")[:5])) for n in range(4)]
    found += [Article(f"again-{n}", make_text(3), source="wire") for n in range(4)]
    found += [Article("empty", ""), Article("short", "Rain."), Article("short-2", "Rain.")]
    return found


@pytest.fixture(params=["memory", "sqlite"])
def index_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a new index of each kind may be made."""
    return {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/seen.db"}[request.param]


@pytest.fixture
def index(index_url: str) -> Iterator[Index]:
    """Return a new index of each kind."""
    with create_index(index_url) as made:
        yield made
