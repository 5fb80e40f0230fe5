"""What a linkage takes is compared with the memory that there is."""

import resource
from pathlib import Path

import numpy as np
import pytest

from dedup.batch import check_room
from dedup.detector import MemoryBudget, Scratch
from dedup.errors import MemoryBudgetError
from dedup.match import Matches, Policy

LINKS = 2_000_000


def duplicates(length: int) -> Matches:
    """Return so many pairs of two articles of a hundred words that are the same."""
    counts = np.array([[1, *[200] * 13]], np.int32)
    ends = np.zeros(length, np.int32), np.ones(length, np.int32)
    rows, is_turned = np.zeros(length, np.int32), np.zeros(length, np.bool_)
    days = np.full(length, np.nan)
    return Matches(["a", "b"], *ends, counts, rows, is_turned, days, Policy())


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measured on Linux")
def test_stars_that_do_not_fit_are_refused_with_what_to_do() -> None:
    """All links of stars are in memory; those of components wait."""
    matches = duplicates(LINKS)
    assert matches.is_duplicate.all()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    budget = MemoryBudget(pages * resource.getpagesize() + LINKS * 40)
    check_room(matches, "components", Scratch(budget=budget))
    with pytest.raises(MemoryBudgetError, match="use --linkage components") as caught:
        check_room(matches, "representative", Scratch(budget=budget))
    assert "--linkage representative needs about" in str(caught.value)
