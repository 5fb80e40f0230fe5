"""Into parts and together again: nothing lost, nothing out of order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.splitting import split_pairs, split_postings


@given(st.lists(st.integers(0, (1 << 64) - 1), max_size=200), st.integers(0, 4))
def test_postings_are_in_the_part_of_their_bits(keys: list[int], bits: int) -> None:
    """In the order in which they came, each with its owner."""
    count = 1 << bits
    found = split_postings(
        np.array(keys, np.uint64), np.arange(len(keys), dtype=np.uint32), 32, count
    )
    bounds = found.starts.tolist()
    assert bounds[0] == 0
    for part in range(count):
        wanted = [at for at, key in enumerate(keys) if key >> 32 & (count - 1) == part]
        here = slice(bounds[part], bounds[part + 1])
        assert found.owners[here].tolist() == wanted
        assert found.keys[here].tolist() == [keys[at] for at in wanted]


@given(st.lists(st.tuples(st.integers(0, 63), st.integers(0, 63)), max_size=200))
def test_pairs_are_in_the_part_of_their_first_article(pairs: list[tuple[int, int]]) -> None:
    """In the order in which they came."""
    codes = np.array([a << 32 | b for a, b in pairs], np.uint64)
    found = split_pairs(codes, 32 + 4, 4)
    bounds = found.starts.tolist()
    assert bounds[0] == 0
    for part in range(4):
        wanted = [a << 32 | b for a, b in pairs if a >> 4 == part]
        assert found.codes[bounds[part] : bounds[part + 1]].tolist() == wanted
