"""Arrays, posting keys and pairs on disk."""

from pathlib import Path

import numpy as np
import pytest

from dedup.detector.arrays import Scratch
from dedup.detector.memory import MemoryBudget
from dedup.detector.pairs import PairStore
from dedup.detector.postings import PostingStore
from dedup.kernels.pairing import Emitted

ARTICLES = 500
#: As little that every bucket and partition comes in parts.
SCARCE = MemoryBudget(64 * 200)


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(1)


def test_scarce_memory_gets_the_same_postings_in_parts(draw: np.random.Generator) -> None:
    """No key is lost, and all owners of a key are in one part."""
    keys = np.repeat(draw.integers(0, 1 << 63, 3000).astype(np.uint64), 3)
    owners = draw.integers(0, ARTICLES, len(keys)).astype(np.uint32)
    store = PostingStore(ARTICLES, Scratch(budget=SCARCE))
    whole = PostingStore(ARTICLES, Scratch())
    store.add(store.split(keys, owners))
    whole.add(whole.split(keys, owners))
    parts = [read() for read in reversed(list(store.buckets()))]  # in any order
    assert len(parts) > len(list(whole.buckets()))
    assert sum(len(np.unique(its_keys)) for its_keys, _ in parts) == len(np.unique(keys))
    found = [pair for part in parts for pair in zip(*(x.tolist() for x in part), strict=True)]
    assert sorted(found) == sorted(zip(keys.tolist(), owners.tolist(), strict=True))


def test_scarce_memory_gets_the_same_pairs_in_parts(draw: np.random.Generator) -> None:
    """One behind another the parts are the whole."""
    first = draw.integers(0, ARTICLES - 1, 5000).astype(np.uint64)
    codes = first << np.uint64(32) | (first + np.uint64(1))
    emitted = Emitted(codes[:300], codes[300:], np.empty(0, np.int64))
    sizes = draw.integers(1, 200, ARTICLES)
    found = []
    for scratch in (Scratch(), Scratch(budget=SCARCE)):
        store = PairStore(ARTICLES, scratch)
        store.add(*store.split(emitted))
        found.append(list(store.candidates(sizes)))
    whole, parts = found
    assert len(parts) > len(whole) == 1
    assert np.concatenate(parts).tolist() == whole[0].tolist()


def test_the_disk_that_a_run_takes_is_counted(tmp_path: Path) -> None:
    """At its most; what was given back does not count twice."""
    scratch = Scratch(tmp_path)
    for _ in range(3):
        with scratch.array(np.uint64) as file:
            file.append(np.arange(10, dtype=np.uint64))
            assert file.gather(np.array([7, 2]), np.array([2, 1])).tolist() == [7, 8, 2]
    assert scratch.peak_bytes == 80


@pytest.mark.parametrize("budget", [None, MemoryBudget(1 << 30)])
def test_a_column_is_the_same_in_memory_and_on_disk(budget: MemoryBudget | None) -> None:
    """Where it is does not show."""
    column = Scratch(budget=budget).column(np.uint32)
    column.append(np.arange(5, dtype=np.uint32))
    column.append(np.arange(5, 9, dtype=np.uint32))
    assert len(column) == 9
    assert column.read(3, 7).tolist() == [3, 4, 5, 6]
    assert column.gather(np.array([8, 0, 4]), np.array([1, 2, 2])).tolist() == [8, 0, 1, 4, 5]
    column.close()
