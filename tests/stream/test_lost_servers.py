"""A server that goes away is said, whatever is asked of the index."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.errors import StoredIndexError
from dedup.index import Index, open_index
from dedup.index.copying import forget
from dedup.stream import DuplicateFilter
from tests.servers import find_postgres, find_redis, run_postgres, run_redis
from tests.stories import story

HANG_UP = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
ASKED: dict[str, Callable[[Index], object]] = {
    "add": lambda index: DuplicateFilter(index).admit(Article("b", story(2))),
    "check": lambda index: DuplicateFilter(index).check(Article("b", story(2))),
    "compact": lambda index: index.compact(),
    "counts": lambda index: index.counts(""),
    "forget": lambda index: forget(index, lambda _: True),
    "info": lambda index: index.info(),
    "last": lambda index: index.last_number,
    "problems": lambda index: list(index.problems()),
    "rows": lambda index: index.rows([1]),
    "scan": lambda index: list(index.scan()),
    "sites": lambda index: list(index.sites()),
    "state": lambda index: index.state,
    "text": lambda index: index.text_of(1),
    "version": lambda index: index.version,
}


def ask_all(index: Index, url: str) -> None:
    for name, ask in ASKED.items():
        with pytest.raises(StoredIndexError) as caught:
            ask(index)
        assert str(caught.value).startswith(f"{url}: "), name


def opened(url: str) -> Index:
    index = open_index(url)
    DuplicateFilter(index).admit(Article("a", story(1)))
    for ask in ASKED.values():
        ask(index)
    return index


def test_a_redis_that_is_gone_is_said(tmp_path: Path) -> None:
    """As an error of this package, which a command prints in a line."""
    if find_redis() is None:
        pytest.skip("redis-server is not installed (Debian: redis-server)")
    with run_redis(tmp_path) as url:
        index = opened(url)
    ask_all(index, url)


def test_a_postgres_that_hung_up_is_said(tmp_path: Path) -> None:
    """As an error of this package, which a command prints in a line."""
    psycopg = pytest.importorskip("psycopg")
    if find_postgres() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with run_postgres(tmp_path) as url:
        index = opened(url)
        with psycopg.connect(url) as other:
            other.execute(HANG_UP)
        ask_all(index, url)
        index.close()
