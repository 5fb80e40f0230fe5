"""Candidates of one article to verified matches."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.index.names import twin_key
from dedup.index.protocol import LARGEST_GROUP
from dedup.match import RELATIONS, Evidence, Match, Policy, Relation, judge_pair
from dedup.match.compare import SECONDS_PER_DAY
from dedup.stream.bodies import Cutter, Own, Reading

__all__ = ["Finding", "find_matches"]

_ALL = 1 << 32
#: Judging so few one by one is faster than sorting them out first.
_FEW = 8
_DISTINCT = RELATIONS.index(Relation.DISTINCT)
_STRENGTH = {relation: place for place, relation in enumerate(RELATIONS)}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one article.

    Attributes
    ----------
    matches : list[tuple[Match, StoredArticle]]
        Strongest first.
    twin : int
        Number of an article of the same site with the very same words, or 0.
    cut_keys, unlisted : int
        As in :class:`~dedup.stream.verdict.Verdict`.
    """

    matches: list[tuple[Match, StoredArticle]]
    twin: int
    cut_keys: int
    unlisted: int


def find_matches(
    index: Index, cutter: Cutter, policy: Policy, reading: Reading, own: Own
) -> Finding:
    """Compare an article with every candidate."""
    if not len(own.keys):
        return Finding([], 0, 0, 0)
    sharing = index.find(own.keys)
    rows = index.rows(sharing.numbers)
    if not rows:
        return Finding([], 0, sharing.cut_keys, 0)
    counts = cutter.measure(own, rows)
    identity = reading.article.id
    found: list[tuple[Match, StoredArticle]] = []
    twin = unlisted = 0
    for place in _related(policy, counts):
        row, measured = rows[place], counts[place].tolist()
        evidence = Evidence(bool(measured[0]), *measured[1:])
        match = judge_pair(identity, row.id, evidence, policy, _days_apart(reading, row))
        if match.relation is Relation.DISTINCT:
            continue
        found.append((match, row))
        if not twin and match.relation is Relation.IDENTICAL and _has_same_words(reading, row):
            twin = row.number
        others = index.numbers_of(twin_key(row.number), LARGEST_GROUP + 1)
        if len(others) > LARGEST_GROUP:
            unlisted += len(index.numbers_of(twin_key(row.number), _ALL)) - LARGEST_GROUP
        for one in index.rows(others[:LARGEST_GROUP]):
            days = _days_apart(reading, one)
            found.append((judge_pair(identity, one.id, evidence, policy, days), one))
    if len(found) > 1:
        found.sort(key=_strongest_first)
    return Finding(found, twin, sharing.cut_keys, unlisted)


def _related(policy: Policy, counts: NDArray[np.int64]) -> Iterable[int]:
    """Return the rows of evidence that can be more than distinct."""
    if len(counts) <= _FEW:
        return range(len(counts))
    related: list[int] = np.flatnonzero(policy.judge_rows(counts) != _DISTINCT).tolist()
    return related


def _strongest_first(pair: tuple[Match, StoredArticle]) -> tuple[int, float, int]:
    return _STRENGTH[pair[0].relation], -pair[0].strength, pair[1].number


def _days_apart(reading: Reading, row: StoredArticle) -> float | None:
    """Return what ``days_apart`` does, without making an article of the row."""
    article, published = reading.article, row.published
    if article.published is None or published is None:
        return None
    if not reading.site or row.site != reading.site:
        return None
    if article.url is not None and row.url == article.url:
        return None
    return abs((article.published - published).total_seconds()) / SECONDS_PER_DAY


def _has_same_words(reading: Reading, row: StoredArticle) -> bool:
    return (
        row.site == reading.site
        and np.array_equal(row.tokens, reading.tokens)
        and np.array_equal(row.units, reading.units)
    )
