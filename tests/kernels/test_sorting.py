"""Sorting inside loops is sorting."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.sorting import sort, sort_pairs

VALUES = st.lists(st.integers(0, 3) | st.integers(0, (1 << 64) - 1), max_size=90)


@given(VALUES)
def test_values_are_sorted(values: list[int]) -> None:
    """Few and many, with the same value often."""
    found = np.array(values, np.uint64)
    sort(found)
    assert found.tolist() == sorted(values)


@given(VALUES)
def test_pairs_are_sorted(keys: list[int]) -> None:
    """By key, then by what stands beside it."""
    found, others = np.array(keys, np.uint64), np.arange(len(keys))[::-1].copy()
    wanted = sorted(zip(keys, others.tolist(), strict=True))
    sort_pairs(found, others)
    assert list(zip(found.tolist(), others.tolist(), strict=True)) == wanted
