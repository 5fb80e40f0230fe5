"""What is kept of frequent keys is what their chains say."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.postings import MemoryPostings
from dedup.index.protocol import BodyKeys
from dedup.kernels.ahead import chain_keys, find_ahead
from dedup.kernels.frequent import make_frequent
from dedup.kernels.sharing import find_sharing

#: Articles that are posted under the same keys, and the keys: many a key, few keys.
_RUNS = st.lists(st.tuples(st.integers(1, 150), st.sets(st.integers(0, 9), min_size=1)), max_size=9)
#: More than are kept, fewer, and a few.
_LARGEST = st.sampled_from([200, 128, 20, 3])


@given(_RUNS, _LARGEST, st.sampled_from([4, 8, 4096]))
def test_kept_postings_change_nothing(
    runs: list[tuple[int, set[int]]], largest: int, rows: int
) -> None:
    """However many articles came since they were read, and whatever keys share a row."""
    postings, number = MemoryPostings(), 0
    kept = [column[:rows] for column in make_frequent()]
    nothing_kept = [column[:0] for column in kept]
    rule = 1, 2, 3, largest
    for count, own in runs:
        keys = np.array(sorted(own), np.uint64)
        for _ in range(count):
            number += 1
            postings.append(keys, number, len(keys) - 1)
        for asked in (keys, np.arange(10, dtype=np.uint64)):
            chains = postings.heads, postings.entries
            numbers, cut = find_sharing(*chains, *kept, asked, *rule)
            expected, its_cut = find_sharing(*chains, *nothing_kept, asked, *rule)
            assert numbers.tolist() == expected.tolist()
            assert cut == its_cut


@given(_RUNS, _LARGEST)
def test_many_at_once_use_them_too(runs: list[tuple[int, set[int]]], largest: int) -> None:
    """As if nothing was kept, the articles to come among them."""
    postings, number = MemoryPostings(), 0
    kept = [column[:4] for column in make_frequent()]
    asked = np.arange(10, dtype=np.uint64)
    for count, own in runs:
        keys = np.array(sorted(own), np.uint64)
        for _ in range(count):
            number += 1
            postings.append(keys, number, len(keys) - 1)
        starts, counts = np.array([0, 0], np.int64), np.array([10, 10], np.int64)
        fresh = np.zeros(1 << 6, np.uint32), np.empty((1 << 6, 4), np.uint32)
        chain_keys(asked, starts, counts, 1, *fresh)
        found = []
        for its in (kept, [column[:0] for column in kept]):
            ends, cuts = np.empty((2, 2), np.int64)
            numbers = np.zeros(4000, np.int64)
            room = find_ahead(
                postings.heads, postings.entries, *its, asked, starts, counts, number + 1, *fresh,
                1, 2, 3, largest, 0, ends, cuts, numbers,
            )  # fmt: skip
            found.append((room, ends.tolist(), cuts.tolist(), numbers[:room].tolist()))
        assert found[0] == found[1]


def test_a_large_index_finds_what_a_small_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 1: one by one and ahead, whether or not frequent keys are kept."""
    draw = np.random.default_rng(7)
    bodies = [np.sort(draw.choice(60, 12, replace=False)).astype(np.uint64) for _ in range(900)]
    found = []
    for scattered in (0, 1 << 24):
        monkeypatch.setattr("dedup.index.postings._SCATTERED", scattered)
        postings = MemoryPostings()
        sharings = []
        with ThreadPoolExecutor(1) as threads:
            for first in range(0, len(bodies), 30):
                some = bodies[first : first + 30]
                counts = np.array([len(own) for own in some], np.int64)
                keys = BodyKeys(np.concatenate(some), np.cumsum(counts) - counts, counts)
                sharings += postings.find_ahead(keys, first + 1, threads)
                sharings += [postings.find(own) for own in some]
                for number, own in enumerate(some, first + 1):
                    postings.append(own, number, len(own) - 1)
        assert any(keys.any() for keys, _ in postings._frequent) == (not scattered)
        found.append(sharings)
    assert found[0] == found[1]
