"""Forgetting, merging, saving."""

from pathlib import Path

import pytest

from dedup import Article
from dedup.errors import RecipeMismatchError
from dedup.fingerprint import Recipe
from dedup.index import Index, Settings, create_index, open_index
from dedup.index.copying import copy_articles, forget
from dedup.stream import DuplicateFilter
from tests.stories import story


def admit(index: Index, *articles: Article) -> list[bool]:
    return [verdict.is_new for verdict in DuplicateFilter(index).admit_many(articles)]


def test_what_is_forgotten_matches_nothing() -> None:
    """Also when its postings are still there, and after they are gone."""
    with open_index("memory:") as index:
        assert admit(index, Article("a", story(1)), Article("b", story(2))) == [True, True]
        assert forget(index, lambda row: row.id == "a") == 1
        gate = DuplicateFilter(index)
        assert gate.check(Article("c", story(1))).is_new
        index.compact()
        assert gate.check(Article("c", story(1))).is_new
        assert not gate.check(Article("d", story(2))).is_new
        assert list(index.problems()) == []


def test_a_repeat_takes_the_place_of_what_it_repeats() -> None:
    """The words stay known as long as an article has them."""
    with open_index("memory:") as index:
        repeats = [Article(name, story(1), source="wire") for name in "abcd"]
        assert admit(index, *repeats) == [True, False, False, False]
        forget(index, lambda row: row.id in "ac")
        verdict = DuplicateFilter(index).check(Article("e", story(1)))
        assert sorted(match.b for match in verdict.matches) == ["b", "d"]
        assert list(index.problems()) == []


def test_a_merged_index_knows_what_both_knew(tmp_path: Path) -> None:
    """With the marks of each article."""
    with (
        open_index(str(tmp_path / "one.db")) as one,
        open_index("memory:") as other,
        open_index(str(tmp_path / "both.db")) as both,
    ):
        admit(one, Article("a", story(1)), Article("a2", story(1)))
        admit(other, Article("b", story(2)), Article("b2", story(2)), Article("c", story(3)))
        assert copy_articles(one, both).articles == 2
        assert copy_articles(other, both).articles == 3
        rows = list(both.scan())
        assert [(row.id, row.is_accepted, row.origin) for row in rows] == [
            ("a", True, 0),
            ("a2", False, 1),
            ("b", True, 0),
            ("b2", False, 3),
            ("c", True, 0),
        ]
        checks = [Article("x", story(n)) for n in (1, 2, 3, 4)]
        gate = DuplicateFilter(both)
        assert [gate.check(one).is_new for one in checks] == [False, False, False, True]
        assert list(both.problems()) == []


def test_indexes_of_two_recipes_are_not_copied() -> None:
    """Their keys mean different things."""
    with (
        open_index("memory:") as one,
        create_index("memory:", Settings(recipe=Recipe(seed=5))) as other,
        pytest.raises(RecipeMismatchError, match="merge"),
    ):
        copy_articles(one, other)
