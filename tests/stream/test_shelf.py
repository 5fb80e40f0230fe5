"""Bodies that are kept at hand are those that the index holds."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from dedup import Article
from dedup.index import Index, open_index
from dedup.index.copying import forget
from dedup.shingles import shingle_multipliers
from dedup.stream import DuplicateFilter
from dedup.stream.shelf import Outlines, Shelf
from dedup.stream.sites import Sites

MakeText = Callable[..., str]
Rings = Shelf | Outlines


def everywhere(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    """Set a limit for articles that come alone and for those that come together."""
    for room in ("comparing", "several"):
        monkeypatch.setattr(f"dedup.stream.{room}.{name}", value)


@pytest.mark.parametrize("tokens", [16, 1000, 3000])
def test_with_little_room_verdicts_are_the_same(
    articles: list[Article], monkeypatch: pytest.MonkeyPatch, tokens: int
) -> None:
    """Law 1: bodies make room for others, are put back, and come all at once if they must."""
    with open_index("memory:") as index:
        wanted = DuplicateFilter(index).admit_many(articles)
    monkeypatch.setattr("dedup.stream.shelf._TOKENS", tokens)
    monkeypatch.setattr("dedup.stream.shelf._OUTLINED_TOKENS", tokens)
    everywhere(monkeypatch, "FEW", 0)
    with open_index("memory:") as index:
        gate = DuplicateFilter(index)
        assert gate.admit_many(articles) == wanted
        assert gate._comparer.shelf._head > tokens
        assert gate._comparer.outlines._head > tokens


@pytest.mark.parametrize("few", [0, 1 << 30])
def test_outlines_change_no_verdict(
    articles: list[Article], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Law 2: what they leave out is distinct."""
    with open_index("memory:") as index:
        wanted = DuplicateFilter(index).admit_many(articles)
    everywhere(monkeypatch, "FEW", few)
    with open_index("memory:") as index:
        assert DuplicateFilter(index).admit_many(articles) == wanted


def test_few_bodies_at_once_are_the_same(
    articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many candidates are compared by one call."""
    with open_index("memory:") as index:
        wanted = DuplicateFilter(index).admit_many(articles)
    everywhere(monkeypatch, "AT_ONCE", 2)
    with open_index("memory:") as index:
        assert DuplicateFilter(index).admit_many(articles) == wanted


def test_what_was_forgotten_is_not_compared(index: Index, make_text: MakeText) -> None:
    """Also if its body was compared a moment ago."""
    gate = DuplicateFilter(index)
    gate.admit_many(Article(str(n), make_text(n)) for n in range(3))
    copy = Article("copy", make_text(1, edits=1))
    assert [match.b for match in gate.check(copy).matches] == ["1"]
    assert forget(index, lambda row: row.id == "1") == 1
    assert gate.check(copy).matches == ()


def test_what_another_process_forgot_is_not_compared(tmp_path: Path, make_text: MakeText) -> None:
    """A filter that has the body at hand sees that its article is gone."""
    path = str(tmp_path / "seen.db")
    copy = Article("copy", make_text(1, edits=1))
    with open_index(path) as index, open_index(path) as other:
        gate = DuplicateFilter(index)
        gate.admit_many(Article(str(n), make_text(n)) for n in range(3))
        assert len(gate.check(copy).matches) == 1
        forget(other, lambda row: row.id == "1")
        assert gate.check(copy).matches == ()


def test_bodies_are_at_hand_as_they_were_added(
    articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of sites learned since are cut again; outlines once some were asked for."""
    everywhere(monkeypatch, "FEW", 0)
    with open_index("memory:") as index:
        gate = DuplicateFilter(index)
        gate.admit_many(articles)
        numbers = [row.number for row in index.scan() if not row.same_as]
        afresh = DuplicateFilter(index)._comparer
        for ring, cut in (
            (gate._comparer.shelf, afresh.shelf),
            (gate._comparer.outlines, afresh.outlines),
        ):
            assert np.count_nonzero(ring._places[:, 0]) > len(numbers) // 2
            assert bodies_of(ring, numbers) == bodies_of(cut, numbers)


@pytest.mark.parametrize("room", [400, 3000, 9000])
@pytest.mark.parametrize("ring", [Shelf, Outlines])
def test_bodies_at_hand_are_those_cut_afresh(
    articles: list[Article], monkeypatch: pytest.MonkeyPatch, ring: type[Rings], room: int
) -> None:
    """Whichever are asked for together, in whatever order, while others make room."""
    draw = random.Random(room)
    with open_index("memory:") as index:
        DuplicateFilter(index).admit_many(articles)
        numbers = [row.number for row in index.scan() if not row.same_as]
        multipliers = shingle_multipliers(5, index.settings.recipe.seed)
        wide = ring(index, Sites(index), multipliers)
        monkeypatch.setattr("dedup.stream.shelf._TOKENS", room)
        monkeypatch.setattr("dedup.stream.shelf._OUTLINED_TOKENS", room)
        narrow = ring(index, Sites(index), multipliers)
        for _ in range(300):
            asked = draw.sample(numbers, draw.choice((1, 2, 3, 8)))
            assert bodies_of(narrow, asked) == bodies_of(wide, asked)


def test_who_writes_waits_for_a_reader(articles: list[Article]) -> None:
    """Bodies that another thread reads stay where they are."""
    order = []

    def read() -> None:
        sum(range(1 << 20))
        order.append("read")

    with open_index("memory:") as index, ThreadPoolExecutor(1) as threads:
        gate = DuplicateFilter(index)
        gate.admit_many(articles)
        gate._comparer.shelf.lend(threads.submit(read))
        gate._comparer.shelf.gather([1])
        order.append("written")
    assert order == ["read", "written"]


def bodies_of(ring: Rings, numbers: list[int]) -> list[tuple[int, list[bytes]]]:
    """Return what is kept of articles, but for the last tokens, where no shingle starts."""
    return [
        (number, [column[start : max(end - 4, start)].tobytes() for column in ring.columns])
        for number, start, end in zip(*ring.gather(numbers)[:3], strict=True)
    ]


def test_a_common_key_is_cut_and_counted(index: Index, make_text: MakeText) -> None:
    """Law 7: of 140 copies of a story the newest 128 are compared, and that is said."""
    gate = DuplicateFilter(index)
    lines = make_text(1, sentences=9)
    gate.admit_many(Article(str(n), f"{lines}\n{make_text(1000 + n, 1)}") for n in range(140))
    verdict = gate.check(Article("copy", lines))
    assert len(verdict.matches) < 140
    assert verdict.cut_keys > 1
    assert {match.b for match in verdict.matches} >= {str(n) for n in range(12, 140)}
