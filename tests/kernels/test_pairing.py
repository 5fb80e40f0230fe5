"""Keys to pairs: what the compiled loops emit is what their definition says."""

from collections import Counter, defaultdict
from itertools import combinations, pairwise
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.keys import Family, is_enough_shared
from dedup.kernels.grouping import frequent_keys, sort_by_key
from dedup.kernels.pairing import emit_pairs, repeated_pairs

LARGEST = 6
MIN_SHARED, DIVISOR = 2, 20


@st.composite
def postings(draw: st.DrawFn) -> dict[int, list[int]]:
    """Draw keys of all families with the ranks that have each."""
    number = st.integers(0, 3) | st.integers(0, (1 << 61) - 1)
    key = st.tuples(number, st.sampled_from(Family)).map(lambda x: x[0] << 3 | x[1])
    owners = st.sets(st.integers(0, 11), min_size=1).map(sorted)
    return draw(st.dictionaries(key, owners, max_size=25))


def _arrays(keys: dict[int, list[int]], seed: int) -> tuple[np.ndarray, np.ndarray]:
    rows = [(key, owner) for key, owners in keys.items() for owner in owners]
    Random(seed).shuffle(rows)
    return (
        np.array([key for key, _ in rows], np.uint64),
        np.array([owner for _, owner in rows], np.uint32),
    )


@given(postings(), st.integers(0, 99))
def test_pairs_are_those_that_share_enough_keys(keys: dict[int, list[int]], seed: int) -> None:
    """One exact or band key, or enough samples; a key with too many owners pairs a few of them."""
    found_keys, owners = sort_by_key(*_arrays(keys, seed))
    assert found_keys.tolist() == sorted(found_keys.tolist())
    emitted = emit_pairs(found_keys, owners, int(Family.SAMPLE), LARGEST)
    sizes = np.zeros(12, np.int64)
    sure, shared, oversize = set(), Counter(), []
    for key, its in keys.items():
        is_sample = key & 3 == Family.SAMPLE
        if is_sample:
            sizes[its] += 1
        pairs = set(combinations(its, 2))
        if len(its) > LARGEST:
            oversize.append(len(its))
            pairs = {(its[0], one) for one in its[1:]} | set(pairwise(its[1:]))
        if is_sample:
            shared.update(pairs)
        else:
            sure |= pairs
    enough = {
        pair for pair, count in shared.items()
        if is_enough_shared(count, int(min(sizes[pair[0]], sizes[pair[1]])))
    }  # fmt: skip
    counted = repeated_pairs(emitted.counted, sizes, MIN_SHARED, DIVISOR)
    assert _decoded(emitted.sure) == sure
    assert _decoded(counted) == enough
    assert sorted(emitted.oversizes.tolist()) == sorted(oversize)


def _decoded(codes: np.ndarray) -> set[tuple[int, int]]:
    return {(code >> 32, code & 0xFFFFFFFF) for code in codes.tolist()}


@given(st.lists(st.integers(0, 5) | st.integers(0, (1 << 64) - 1), max_size=300))
def test_grouping_sorts_keys_and_keeps_their_owners(keys: list[int]) -> None:
    """Each key comes with its owners, in increasing order."""
    wanted = defaultdict(list)
    for owner, key in enumerate(keys):
        wanted[key].append(owner)
    found_keys, owners = sort_by_key(
        np.array(keys, np.uint64), np.arange(len(keys), dtype=np.uint32)
    )
    rows = [(key, owner) for key in sorted(wanted) for owner in wanted[key]]
    assert list(zip(found_keys.tolist(), owners.tolist(), strict=True)) == rows


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2**32 - 1)), max_size=60),
    st.integers(1, 4),
)
def test_no_frequent_key_is_left_out(rows: list[tuple[int, int]], least: int) -> None:
    """What stays keeps its order; every key that stands often enough stays."""
    keys = np.array([key << 40 for key, _ in rows], np.uint64)
    owners = np.array([owner for _, owner in rows], np.uint32)
    found = list(zip(*(part.tolist() for part in frequent_keys(keys, owners, least)), strict=True))
    often = Counter(keys.tolist())
    wanted = [row for row in zip(keys.tolist(), owners.tolist(), strict=True)
              if often[row[0]] >= least]  # fmt: skip
    assert [row for row in found if often[row[0]] >= least] == wanted
    given_rows = iter(zip(keys.tolist(), owners.tolist(), strict=True))
    assert all(row in given_rows for row in found)


def test_keys_of_one_article_are_left_out() -> None:
    """Nearly all of them, of very many."""
    keys = np.random.default_rng(1).integers(0, 2**63, 100_000).astype(np.uint64)
    kept, _ = frequent_keys(keys, np.zeros(len(keys), np.uint32), 2)
    assert 0 < len(kept) < 0.8 * len(keys)
