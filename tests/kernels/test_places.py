"""Places of bodies that are written round and round: found, or missing; never another's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.places import (
    AGED,
    MISSING,
    OUTDATED,
    UNSURE,
    keep_place,
    keep_places,
    locate,
    make_places,
)

_VERSION = 7
_STAMPS = np.array([_VERSION, _VERSION - 1, OUTDATED], np.int64)


def located(
    places: np.ndarray[tuple[int, int], np.dtype[np.int64]], number: int, head: int, size: int
) -> tuple[int, int, int, int]:
    """Look for one; return how sure that is, its start, end and stamp."""
    starts, ends, stamps = np.zeros((3, 1), np.int64)
    states = np.empty(1, np.uint8)
    asked = np.array([number], np.int64)
    worst = locate(asked, places, _STAMPS, _VERSION, head, size, starts, ends, stamps, states)
    assert worst == states[0]
    return worst, int(starts[0]), int(ends[0]), int(stamps[0])


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9), st.integers(0, 2)), max_size=80),
    st.integers(10, 200),
)
def test_what_is_found_was_kept_last(kept: list[tuple[int, int, int]], size: int) -> None:
    """With the stamp that it had, unless others stand there or the stamp holds no more."""
    places, head = make_places(16), 0
    last: dict[int, tuple[int, int, int]] = {}
    for number, length, stamp in kept:
        if head % size + length > size:
            head += size - head % size
        keep_place(places, number, head, length, stamp)
        last[number] = head, length, stamp
        head += length
        for asked, (at, its_length, its_stamp) in last.items():
            state, start, end, found_stamp = located(places, asked, head, size)
            assert asked != number or stamp == 2 or state != MISSING
            if state == MISSING:
                continue
            assert at >= head - size
            assert _STAMPS[its_stamp] != OUTDATED
            assert (start, end, found_stamp) == (at % size, at % size + its_length, its_stamp)
            assert (state == UNSURE) == (_STAMPS[its_stamp] != _VERSION)
            if state != UNSURE:
                assert (state == AGED) == (at < head - size // 2)
    assert located(places, 41, head, size)[0] == MISSING


@given(st.lists(st.integers(1, 1 << 40), unique=True, max_size=4))
def test_four_numbers_always_have_places(numbers: list[int]) -> None:
    """Whatever set they are in; the fifth of a set takes the oldest's."""
    places = make_places(1)
    for at, number in enumerate(numbers):
        keep_place(places, number, at, 1, 0)
    assert all(located(places, number, 4, 100)[0] != MISSING for number in numbers)
    for number in range(1 << 41, (1 << 41) + 4):
        keep_place(places, number, number, 1, 0)
        assert located(places, number, number, 100)[0] != MISSING
    assert all(located(places, number, 4, 100)[0] == MISSING for number in numbers)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 2)), max_size=30))
def test_many_are_kept_as_one_by_one(kept: list[tuple[int, int, int]]) -> None:
    """One behind the other."""
    places, wanted, at = make_places(16), make_places(16), 5
    numbers, lengths, stamps = np.array(kept, np.int64).reshape(-1, 3).T.copy()
    keep_places(places, numbers, at, lengths, stamps)
    for number, length, stamp in kept:
        keep_place(wanted, number, at, length, stamp)
        at += length
    assert np.array_equal(places, wanted)
