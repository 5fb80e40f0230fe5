"""Compaction: nothing that was forgotten is left, and nothing that is there is missing."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from dedup.article import Article
from dedup.index import Index, open_index
from dedup.index.copying import forget
from dedup.index.names import site_key, words_key
from dedup.index.rekey import Rekeyer
from dedup.index.stored import StoredArticle
from dedup.stream import DuplicateFilter

MakeText = Callable[..., str]
KILLED = """
import os, signal, sys
from dedup.index import open_index

with open_index(sys.argv[1], create=False) as index:
    steps, post = int(sys.argv[2]), index._post

    def kill(missing):
        global steps
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        steps -= 1
        post(missing)

    index._post = kill
    index.compact()
"""


def fill(index: Index, make_text: MakeText, count: int) -> list[Article]:
    """Add articles of some sites as an early release did: without the keys of their words."""
    articles = [Article(f"{n}", make_text(n), source=f"site {n % 3}") for n in range(count)]
    rekeyer = Rekeyer(index.settings.recipe)
    with open_index("memory:") as source:
        DuplicateFilter(source).admit_many(articles)
        index.transact(lambda: [add_early(index, row, source, rekeyer) for row in source.scan()])
    return articles


def add_early(index: Index, row: StoredArticle, source: Index, rekeyer: Rekeyer) -> None:
    keys, samples = rekeyer.keys_of(row)
    late = words_key(row.site, row.tokens, row.units)
    index.add(row.raw, keys[keys != late], samples, source.text_of(row.number))


def words_of(index: Index) -> list[list[int]]:
    """Return what stands under the words of each article."""
    return [index.numbers_of(words_key(row.site, row.tokens, row.units), 9) for row in index.scan()]


def test_an_early_index_gets_the_postings_that_it_lacks(index: Index, make_text: MakeText) -> None:
    """All of them and no others, and its lists stay as they would have been."""
    articles = fill(index, make_text, 450)
    sites = [site_key(f"site {n}") for n in range(3)]
    lists = index.numbers_under(sites, 999)
    assert list(map(len, lists)) == [150] * 3
    assert len(list(index.problems())) == 450
    postings = index.info().postings
    index.compact()
    assert list(index.problems()) == []
    assert index.info().postings == postings + 450
    assert words_of(index) == [[n] for n in range(1, 451)]
    assert index.numbers_under(sites, 999) == lists
    verdict = DuplicateFilter(index).check(articles[7])
    assert [match.b for match in verdict.matches] == ["7"]
    index.compact()
    assert index.info().postings == postings + 450


def test_an_older_article_is_posted_before_newer_ones(index: Index, make_text: MakeText) -> None:
    """The newest are looked at first: who was late must not count as new."""
    fill(index, make_text, 3)
    rows = list(index.scan())
    index.transact(
        lambda: index.add(rows[1].raw, Rekeyer(index.settings.recipe).keys_of(rows[1])[0], 9, None)
    )
    index.compact()
    assert words_of(index)[1] == [4, 2]


def test_postings_of_what_was_forgotten_are_dropped(index: Index, make_text: MakeText) -> None:
    """And only those."""
    fill(index, make_text, 30)
    index.compact()
    postings = index.info().postings
    forget(index, lambda row: int(row.id) % 2 == 0)
    index.compact()
    rekeyer = Rekeyer(index.settings.recipe)
    left = sum(len(rekeyer.keys_of(row)[0]) for row in index.scan())
    assert index.info().postings == left < postings
    assert list(index.problems()) == []


def test_others_may_write_meanwhile(index_url: str, make_text: MakeText) -> None:
    """What is added, and forgotten, while an index is compacted is added, and forgotten."""
    if index_url == "memory:":
        pytest.skip("compacted in one step")
    with open_index(index_url) as index, open_index(index_url) as other:
        fill(index, make_text, 900)
        is_done = threading.Event()
        added: list[str] = []

        def write() -> None:
            gate = DuplicateFilter(other)
            while not is_done.is_set():
                name = f"{1000 + len(added)}"
                gate.admit(Article(name, make_text(int(name)), source="site 1"))
                added.append(name)
                forget(other, lambda row: row.id == f"{3 * len(added)}")

        writer = threading.Thread(target=write)
        writer.start()
        index.compact()
        is_done.set()
        writer.join()
        assert list(index.problems()) == []
        gone = {f"{3 * n}" for n in range(1, len(added) + 1)}
        assert {row.id for row in index.scan()} == {
            *(name for name in map(str, range(900)) if name not in gone),
            *(name for name in added if name not in gone),
        }
        index.compact()
        rekeyer = Rekeyer(index.settings.recipe)
        assert index.info().postings == sum(len(rekeyer.keys_of(row)[0]) for row in index.scan())


@pytest.mark.parametrize("steps", [0, 2])
def test_who_is_killed_begins_again(index_url: str, make_text: MakeText, steps: int) -> None:
    """What was done is kept; nothing is half done."""
    if index_url.startswith(("memory:", "sqlite:")):
        pytest.skip("compacted in one step")
    with open_index(index_url) as index:
        fill(index, make_text, 700)
        done = subprocess.run([sys.executable, "-c", KILLED, index_url, str(steps)], check=False)
        assert done.returncode == -signal.SIGKILL
        assert len(list(index.problems())) == 700 - 200 * steps
        index.compact()
        assert list(index.problems()) == []
        assert words_of(index) == [[n] for n in range(1, 701)]
