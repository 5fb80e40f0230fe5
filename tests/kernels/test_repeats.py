"""What a site repeats: units of its articles, and which of these are different stories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.repeats import DistinctRule, distinct_units, repeated_hashes

#: Units of an article: hashes, of which some are the same, and their half-words.
Article = list[tuple[int, int]]
#: Units' hashes are spread, or all would be taken for frequent.
_SPREAD = 0x9E3779B97F4A7C15
_RULE = DistinctRule(
    min_stories=2,
    sampled_articles=8,
    min_own_weight=6,
    max_own_count=2,
    min_prose_weight=5,
    max_rare_count=3,
)


def _articles(most: int) -> st.SearchStrategy[list[Article]]:
    unit = st.tuples(st.integers(1, most), st.integers(1, 6))
    return st.lists(st.lists(unit, max_size=most // 2), min_size=1, max_size=6)


def _is_other_story(one: dict[int, int], other: dict[int, int], counts: dict[int, int]) -> bool:
    def own(its: dict[int, int], lacking: dict[int, int]) -> int:
        return sum(
            weight
            for unit, weight in its.items()
            if unit not in lacking
            and (counts[unit] <= _RULE.max_own_count or weight >= _RULE.min_prose_weight)
        )

    rare = sum(
        one[unit] for unit in one.keys() & other.keys() if counts[unit] <= _RULE.max_rare_count
    )
    least = min(own(one, other), own(other, one))
    return least >= _RULE.min_own_weight and 2 * least >= rare


@pytest.mark.parametrize("most", [12, 400])
def test_units_of_different_stories_are_found(most: int) -> None:
    """With few units an article and with many, of which it has some twice."""

    @given(_articles(most))
    def look(articles: list[Article]) -> None:
        spread = [[(unit * _SPREAD % 2**64, weight) for unit, weight in its] for its in articles]
        units = [unit for its in spread for unit in its]
        hashes = np.array([unit for unit, _ in units], np.uint64)
        weights = np.array([weight for _, weight in units], np.uint32)
        offsets = np.array([0, *np.cumsum([len(its) for its in articles])], np.int64)
        own = distinct_units(hashes, weights, offsets, np.arange(len(articles)), _RULE)
        # The lightest of equal ones.
        distinct = [dict(sorted(its, reverse=True)) for its in spread]
        for number, its in enumerate(distinct):
            here = slice(own.offsets[number], own.offsets[number + 1])
            assert own.hashes[here].tolist() == sorted(its)
        counts = {h: sum(h in its for its in distinct) for its in distinct for h in its}
        wanted = set()
        for unit in counts:
            holders = [its for its in distinct if unit in its]
            first, *others = holders
            if any(_is_other_story(one, first, counts) for one in others):
                wanted.add(unit)
        found = repeated_hashes(own.shared, own.articles, own, _RULE)
        assert found.tolist() == sorted(wanted)

    look()
