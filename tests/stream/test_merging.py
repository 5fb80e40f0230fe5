"""Indexes of two recipes become one."""

from collections.abc import Callable

import pytest

from dedup import Article
from dedup.errors import RecipeMismatchError
from dedup.fingerprint import Recipe
from dedup.index import Settings, create_index, open_index
from dedup.stream import DuplicateFilter
from dedup.stream.merging import merge_index

MakeText = Callable[..., str]

OTHER = Recipe(seed=5, shingle_size=4)


def test_keys_are_made_again_from_the_texts(index_url: str, articles: list[Article]) -> None:
    """The merged index is what admitting the same articles by its own recipe would make."""
    with (
        open_index("memory:") as source,
        create_index(index_url, Settings(recipe=OTHER)) as target,
        create_index("memory:", Settings(recipe=OTHER)) as wanted,
    ):
        DuplicateFilter(source).admit_many(articles)
        DuplicateFilter(wanted).admit_many(articles)
        assert merge_index(source, target).articles == len(articles)
        assert list(target.problems()) == []
        assert sorted(target.site_counts()) == sorted(wanted.site_counts())
        rows = zip(target.scan(), wanted.scan(), source.scan(), strict=True)
        for merged, made, row in rows:
            assert merged.tokens.tolist() == made.tokens.tolist()
            assert (merged.id, merged.is_accepted, merged.same_as, merged.origin, merged.added) == (
                row.id, row.is_accepted, row.same_as, row.origin, row.added
            )  # fmt: skip
        again = [Article(f"again-{one.id}", one.text, source=one.site) for one in articles]
        merged_gate, made_gate = DuplicateFilter(target), DuplicateFilter(wanted)
        for article in again:
            verdict = merged_gate.check(article)
            assert verdict.as_row() == made_gate.check(article).as_row()
        assert not verdict.is_new


def test_numbers_move_on_behind_what_was_there(make_text: MakeText) -> None:
    """An article that was rejected for another, or repeats it, still says which."""
    with (
        open_index("memory:") as source,
        create_index("memory:", Settings(recipe=OTHER)) as target,
    ):
        texts = [Article(name, make_text(1), source="wire") for name in "ab"]
        DuplicateFilter(target).admit(Article("first", make_text(2)))
        DuplicateFilter(source).admit_many([*texts, Article("c", make_text(1, edits=1))])
        merge_index(source, target)
        assert [(row.id, row.origin, row.same_as) for row in target.scan()] == [
            ("first", 0, 0), ("a", 0, 0), ("b", 2, 2), ("c", 2, 0),
        ]  # fmt: skip


def test_without_texts_it_is_refused() -> None:
    """There is nothing to make keys from, and the message says what to do instead."""
    with (
        create_index("memory:", Settings(keeps_text=False)) as source,
        create_index("memory:", Settings(recipe=OTHER)) as target,
        pytest.raises(RecipeMismatchError, match="import the feeds"),
    ):
        merge_index(source, target)
