"""Articles written for the purpose, and ways to make more of them."""

import random
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.formats import read_articles
from dedup.index import Index, create_index
from tests.servers import find_postgres, find_redis, run_postgres, run_redis

WORDS = """
    council harbour bridge minister tariff weather engine orchard festival budget river
    court vaccine senate railway oxygen museum copper ferry teacher election glacier pension
    reactor village banker drought satellite novel striker vineyard airport mayor protein
""".split()  # noqa: SIM905 - a list of words is easier to read so

#: No digits: boilerplate is learned as if all numbers were the same.
ENDINGS = [first + second for first in "aeiou" for second in "lmnrst"]

_NAMES = count()

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
    found = list(read_articles([fixtures / "feeds", *(fixtures / "seeds").glob("*.txt")]))
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


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Redis while the tests last."""
    if find_redis() is None:
        pytest.skip("redis-server is not installed (Debian: redis-server)")
    with run_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run PostgreSQL while the tests last."""
    if find_postgres() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with run_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(params=["memory", "sqlite", "redis", "postgres"])
def index_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a new index of each kind may be made."""
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/seen.db"
    server = request.getfixturevalue(f"{request.param}_url")
    name = f"t{next(_NAMES)}"
    return f"{server}?name={name}" if request.param == "redis" else f"{server}&schema={name}"


@pytest.fixture
def index(index_url: str) -> Iterator[Index]:
    """Return a new index of each kind."""
    with create_index(index_url) as made:
        yield made
