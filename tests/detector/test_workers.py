"""Work on several items at once."""

import threading
import time
from collections.abc import Iterator

import pytest

from dedup.detector.workers import map_in_order


@pytest.mark.parametrize("jobs", [1, 2, 3, 8])
def test_results_come_in_the_items_order(jobs: int) -> None:
    """However long each takes."""

    def slow(item: int) -> int:
        time.sleep(item % 3 / 1000)
        return item * item

    found = list(map_in_order(slow, range(40), jobs))
    assert found == [item * item for item in range(40)]


def test_the_caller_is_one_of_the_threads() -> None:
    """With two jobs two threads work, and one of them is the caller's."""
    threads = set()

    def noted(item: int) -> int:
        threads.add(threading.get_ident())
        time.sleep(0.002)
        return item

    list(map_in_order(noted, range(40), 2))
    assert len(threads) == 2
    assert threading.get_ident() in threads


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_fails_does_so_in_its_turn(jobs: int) -> None:
    """Results before it are there, and those behind it are not."""

    def picky(item: int) -> int:
        if item == 7:
            raise ValueError("seven")
        return item

    found: list[int] = []
    with pytest.raises(ValueError, match="seven"):
        found.extend(map_in_order(picky, range(40), jobs))
    assert found == list(range(7))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_items_that_cannot_be_made_are_told_behind_those_before(jobs: int) -> None:
    """A broken record ends a reading only after the records before it."""

    def broken() -> Iterator[int]:
        yield from range(5)
        raise ValueError("no sixth")

    found: list[str] = []
    with pytest.raises(ValueError, match="no sixth"):
        found.extend(map_in_order(str, broken(), jobs))
    assert found == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("jobs", [2, 3])
def test_a_caller_that_stops_early_ends_the_work(jobs: int) -> None:
    """Few items are made ahead of what is asked for, and no thread stays."""
    made: list[int] = []

    def items() -> Iterator[int]:
        for item in range(10_000):
            made.append(item)
            yield item

    before = threading.active_count()
    results = map_in_order(abs, items(), jobs)
    assert next(results) == 0
    results.close()
    assert len(made) <= 2 * jobs + 1
    assert threading.active_count() == before
