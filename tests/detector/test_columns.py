"""What is done on columns of pairs, against the obvious way for each pair."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.columns import ArticleColumns
from dedup.detector.articles import KeptArticles
from dedup.detector.dates import DaysApart
from dedup.detector.groups import Groups
from dedup.match import days_apart


@given(st.lists(st.integers(0, 5), min_size=1, max_size=14), st.data())
def test_a_pair_of_bodies_stands_for_all_pairs_of_their_articles(
    bodies: list[int], data: st.DataObject
) -> None:
    """Each once, the smaller rank first, turned where that turns the bodies."""
    same = np.array([bodies.index(body) for body in bodies], np.int64)
    members = {int(first): np.flatnonzero(same == first).tolist() for first in same}
    possible = list(combinations(sorted(members), 2))
    chosen = data.draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    groups = Groups(same)
    pairs = np.concatenate((np.array(chosen, np.int64).reshape(-1, 2), groups.twins))
    written = groups.write_out(pairs)
    found = sorted(zip(*(column.tolist() for column in written[:4]), strict=True))
    wanted = []
    for row, (first, second) in enumerate(pairs.tolist()):
        if first == second:
            wanted += [(a, b, row, False) for a, b in combinations(members[first], 2)]
        else:
            wanted += [
                (min(a, b), max(a, b), row, a > b)
                for a, b in product(members[first], members[second])
            ]
    assert found == sorted(wanted)


ARTICLES = st.builds(
    Article,
    st.just("x"),
    st.just(""),
    url=st.sampled_from((None, "https://a.org/1", "https://a.org/2", "https://b.org/1")),
    source=st.sampled_from((None, "A", "")),
    published=st.none()
    | st.timedeltas(timedelta(days=-20000), timedelta(days=20000)).map(
        lambda since: datetime(1990, 1, 1, tzinfo=UTC) + since
    ),
)


@given(st.lists(ARTICLES, min_size=2, max_size=6), st.data())
def test_days_apart_are_those_of_each_pair(articles: list[Article], data: st.DataObject) -> None:
    """To the last bit; not a number where there are none."""
    a, b = np.array(list(combinations(range(len(articles)), 2)), np.int64).T
    kept, columns = KeptArticles(), ArticleColumns.of(articles)
    kept.extend(columns)
    order = np.array(data.draw(st.permutations(range(len(articles)))), np.int64)
    ranks = np.argsort(order).astype(np.int32)
    found = DaysApart(kept, order).of(ranks[a], ranks[b])
    wanted = [days_apart(articles[i], articles[j]) for i, j in zip(a, b, strict=True)]
    assert [None if days != days else days for days in found.tolist()] == wanted
