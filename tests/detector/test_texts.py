"""Texts kept as a column."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.columns import TextColumn
from dedup.detector import MemoryBudget, Scratch
from dedup.detector.texts import Texts, order_of

CHARACTERS = st.characters(codec=None) | st.sampled_from("\0ab")  # lone surrogates too
TEXTS = st.lists(st.none() | st.text(CHARACTERS, max_size=20))
NEAR = st.builds(lambda head, tail: head[:9] + tail, st.sampled_from(("a" * 9, "\0" * 9, "")),
                 st.text(CHARACTERS, max_size=12))  # fmt: skip
SCRATCHES = st.sampled_from((Scratch(), Scratch(budget=MemoryBudget(1 << 30))))


@given(TEXTS, TEXTS, SCRATCHES, st.data())
def test_texts_come_back_as_they_were(
    some: list[str | None], more: list[str | None], scratch: Scratch, data: st.DataObject
) -> None:
    """In memory and on disk: all, one, a slice, and any in any order."""
    found, texts = Texts.on(scratch), [*some, *more]
    found.extend(TextColumn.of(some))
    found.extend(TextColumn.of(more))
    assert list(found) == texts
    assert [found[place] for place in range(-len(texts), 0)] == texts
    assert found[1::2] == texts[1::2]
    if texts:
        places = data.draw(st.lists(st.integers(0, len(texts) - 1)))
        assert found.many(np.array(places, np.int64)) == [texts[place] for place in places]


@given(st.lists(st.text(CHARACTERS) | NEAR), SCRATCHES)
def test_texts_are_ordered_as_python_has_it(texts: list[str], scratch: Scratch) -> None:
    """By code points, a shorter one first, those that are the same in their order."""
    found = Texts.on(scratch)
    found.extend(TextColumn.of(texts))
    assert order_of(found).tolist() == sorted(range(len(texts)), key=texts.__getitem__)


def test_long_columns_are_read_in_stretches(tmp_path: Path) -> None:
    """More than are read at once."""
    texts = [f"https://paper.example/{n * 7919 % 10_007}" for n in range(9000)]
    found = Texts.on(Scratch(tmp_path, MemoryBudget(1 << 30)))
    found.extend(TextColumn.of(texts))
    assert list(found) == texts
    assert order_of(found).tolist() == sorted(range(len(texts)), key=texts.__getitem__)
