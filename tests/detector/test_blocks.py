"""Pairs in blocks whose bodies fit into memory."""

from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.detector import candidates
from dedup.detector.candidates import Blocks

RANKS = 9
PAIRS = st.lists(st.tuples(st.integers(0, RANKS - 1), st.integers(0, RANKS - 1)), max_size=30)


@given(st.lists(PAIRS, max_size=3), st.lists(st.integers(0, 5), min_size=RANKS, max_size=RANKS))
def test_blocks_are_as_large_as_they_may_be(
    parts: list[list[tuple[int, int]]], lengths: list[int]
) -> None:
    """All pairs in their order; each body counts once, a pair too large by itself stands alone."""
    most_tokens, most_pairs = 8, 5

    def fits(block: list[tuple[int, int]]) -> bool:
        ranks = {rank for pair in block for rank in pair}
        return len(block) <= most_pairs and sum(lengths[one] for one in ranks) <= most_tokens

    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(candidates, "TOKENS_A_BLOCK", most_tokens)
        limits.setattr(candidates, "PAIRS_A_BLOCK", most_pairs)
        blocks = Blocks(np.array(lengths, np.int64))
        for part in parts:
            pairs = np.array(part, np.int64).reshape(-1, 2)
            found = [[(a, b) for a, b in block.tolist()] for block in blocks.of(pairs)]
            assert list(chain.from_iterable(found)) == part
            assert all(fits(block) or len(block) == 1 for block in found)
            assert not any(fits([*block, after[0]]) for block, after in pairwise(found))
