"""Digests that were seen."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.seen import SeenTable

DIGESTS = st.integers(1, 20) | st.integers(1, 2**64 - 1)


@given(st.lists(st.lists(DIGESTS, max_size=20), max_size=8), st.lists(DIGESTS, max_size=9))
def test_a_digest_has_all_its_numbers(parts: list[list[int]], others: list[int]) -> None:
    """In the order in which they came, however many share it."""
    table, known = SeenTable(), [digest for part in parts for digest in part]
    for part in parts:
        table.add(np.array(part, np.uint64))
    assert len(table) == len(known)
    for digest in {*known, *others}:
        numbers = [number for number, one in enumerate(known) if one == digest]
        assert table.numbers_of(np.uint64(digest)) == numbers
    assert table.has_any(np.array(others, np.uint64)) == any(one in known for one in others)


def test_a_table_grows() -> None:
    """And loses none."""
    table, digests = SeenTable(), np.arange(1, 30_001, dtype=np.uint64)
    for start in range(0, len(digests), 7000):
        table.add(digests[start : start + 7000])
    assert not table.has_any(digests + np.uint64(len(digests)))
    assert [table.numbers_of(one) for one in digests[::997]] == [[n] for n in range(0, 30_000, 997)]
