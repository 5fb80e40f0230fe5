"""Parts of a file into one array."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.detector.arrays import Scratch
from dedup.kernels.parts import read_parts


def test_parts_stand_one_behind_another(tmp_path: Path) -> None:
    """In the order given, empty ones too."""
    path = tmp_path / "numbers"
    path.write_bytes(bytes(range(100)))
    target = np.zeros(9, np.uint8)
    with path.open("rb") as file:
        ends, starts = np.array([0, 4, 4, 9]), np.array([90, 0, 10])
        assert read_parts(file.fileno(), target, ends, starts, 0) == 3
    assert target.tolist() == [90, 91, 92, 93, 10, 11, 12, 13, 14]


def test_a_part_beyond_the_end_is_named(tmp_path: Path) -> None:
    """What is before it was read; what is behind it is left to the next call."""
    path = tmp_path / "numbers"
    path.write_bytes(bytes(range(10)))
    target = np.zeros(6, np.uint8)
    with path.open("rb") as file:
        ends, starts = np.array([0, 2, 4, 6]), np.array([1, 9, 3])
        assert read_parts(file.fileno(), target, ends, starts, 0) == 1
        assert read_parts(file.fileno(), target, ends, starts, 2) == 3
    assert target[[0, 1, 4, 5]].tolist() == [1, 2, 3, 4]


def test_a_file_that_cannot_be_read_is_told() -> None:
    """By the first part; nothing is raised in a loop."""
    target = np.zeros(2, np.uint8)
    assert read_parts(-1, target, np.array([0, 2]), np.array([0]), 0) == 0


@given(
    st.lists(st.integers(0, 1 << 40), max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=20),
)
def test_an_array_on_disk_gives_the_parts_of_one_in_memory(
    items: list[int], spans: list[tuple[int, int]]
) -> None:
    """Whatever is asked for, neighbours and the same part again among it."""
    array = np.array(items, np.int64)
    edges = np.sort(np.minimum(np.array(spans, np.int64).reshape(-1, 2), len(items)), axis=1)
    with Scratch() as scratch, scratch.array(np.int64) as file:
        file.append(array)
        found = file.gather(edges[:, 0].copy(), edges[:, 1] - edges[:, 0])
    expected = [array[start:end] for start, end in edges.tolist()]
    assert found.tolist() == [item for part in expected for item in part.tolist()]
