"""The order in which candidate pairs are compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.detector import families
from dedup.detector.arrays import Scratch
from dedup.detector.families import by_family

N = 300
PAIRS = st.sets(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]),
    max_size=120,
)


def ordered(pairs: set[tuple[int, int]], parts: int = 1) -> list[tuple[int, int]]:
    """Order pairs that come in parts by their first article."""
    rows = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    found = by_family(np.array_split(rows, parts), N, Scratch())
    return [(a, b) for some in found for a, b in some.tolist()]


@given(PAIRS, st.integers(1, 4))
def test_every_pair_comes_once(pairs: set[tuple[int, int]], parts: int) -> None:
    """However they come; in the same order."""
    found = ordered(pairs, parts)
    assert sorted(found) == sorted(pairs)
    assert found == ordered(pairs)


@given(PAIRS, st.integers(1, 40))
def test_many_pairs_are_sorted_in_parts(pairs: set[tuple[int, int]], at_once: int) -> None:
    """In the same order as at once."""
    whole = ordered(pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "_SORTED_PAIRS", at_once)
        assert ordered(pairs) == whole


def test_pairs_of_a_family_come_one_after_another() -> None:
    """Although the ids of its members are far apart."""
    members = [{1, 90, 170}, {2, 80, 200}, {3, 100, 180}]
    pairs = {(a, b) for family in members for a in family for b in family if a < b}
    found = ordered(pairs)
    assert [set().union(*found[at : at + 3]) for at in (0, 3, 6)] == members
