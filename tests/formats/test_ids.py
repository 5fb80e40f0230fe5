"""Ids that were read before."""

from hypothesis import given
from hypothesis import strategies as st

from dedup.columns import TextColumn
from dedup.formats.ids import SeenIds
from dedup.formats.sources import Source

ONE, OTHER = Source("one", "one", "one"), Source("other", "other", "other")


@given(st.lists(st.lists(st.text(st.sampled_from("ab\ud800é"), max_size=3), max_size=4)))
def test_an_id_is_new_once(groups: list[list[str]]) -> None:
    """A group with one that was seen leaves nothing behind."""
    seen, known = SeenIds(), dict[str, int]()
    for line, ids in enumerate(groups, 1):
        is_new = len(set(ids)) == len(ids) and known.keys().isdisjoint(ids)
        assert seen.add_new(TextColumn.of(ids), ONE, 10 * line) is is_new
        if is_new:
            known |= {one: 10 * line + at for at, one in enumerate(ids)}
        for one in ids:
            if one in known:
                assert seen.first(one, OTHER, 5) == f"one:{known[one]}"
    assert seen.first("new", OTHER, None) is None
    assert seen.first("new", ONE, 3) == "other"


def test_many_ids_are_told_apart() -> None:
    """More than are in memory, of two files; and forgotten."""
    seen = SeenIds()
    for start in range(0, 60_000, 500):
        ids = TextColumn.of([f"https://paper.example/{n}" for n in range(start, start + 500)])
        assert seen.add_new(ids, ONE if start < 30_000 else OTHER, start % 30_000 + 1)
        assert not seen.add_new(ids, OTHER, 1)
    for number in (0, 4095, 4096, 29_999, 30_000, 59_999):
        path = "one" if number < 30_000 else "other"
        place = f"{path}:{number % 30_000 + 1}"
        assert seen.first(f"https://paper.example/{number}", ONE, 1) == place
    assert seen.first("https://paper.example/60000", ONE, 1) is None
    seen.clear()
    assert seen.first("https://paper.example/1", ONE, 1) is None
