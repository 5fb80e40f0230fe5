"""Which hashes stand in several different stories of one site.

See :mod:`dedup.boilerplate.learned` for what counts as different.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from dedup.kernels.grouping import sort_by_key

__all__ = ["DistinctRule", "SiteUnits", "distinct_units", "repeated_hashes"]


class SiteUnits(NamedTuple):
    """The distinct units of n articles of one site, by hash within each article.

    ``hashes`` uint64, ``weights`` int64 (half-words), ``counts`` int64 (articles of
    the site that have the unit), each of shape (m,); ``offsets`` int64 of shape (n + 1,).
    """

    hashes: NDArray[np.uint64]
    weights: NDArray[np.int64]
    counts: NDArray[np.int64]
    offsets: NDArray[np.int64]


class DistinctRule(NamedTuple):
    """When articles are different stories, and how many of them make a repeat."""

    min_stories: int
    sampled_articles: int
    min_own_weight: int
    max_own_count: int
    min_prose_weight: int
    max_rare_count: int


def repeated_hashes(
    hashes: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    units: SiteUnits,
    rule: DistinctRule,
) -> NDArray[np.uint64]:
    """Return the hashes that ``min_stories`` different stories share, sorted.

    Parameters
    ----------
    hashes : uint64 of shape (k,)
    articles : uint32 of shape (k,)
        Which article has the hash; the articles' order decides which of them
        are looked at.
    """
    hashes, articles = sort_by_key(hashes, articles)
    found: NDArray[np.uint64] = hashes[_repeats(hashes, articles, *units, *rule)]
    return found


def distinct_units(
    hashes: NDArray[np.uint64],
    weights: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    members: NDArray[np.int64],
) -> SiteUnits:
    """Return the units of some articles, those that an article repeats once.

    Parameters
    ----------
    hashes, weights : uint64 and uint32
        Of the units of all articles.
    offsets : int64
        Where the units of each article start.
    members : int64
        The articles.
    """
    total = int((offsets[members + 1] - offsets[members]).sum())
    own = np.empty(total, np.uint64)
    own_weights = np.empty(total, np.int64)
    starts = np.zeros(len(members) + 1, np.int64)
    _distinct(hashes, weights, offsets, members, own, own_weights, starts)
    own, own_weights = own[: starts[-1]], own_weights[: starts[-1]]
    keys, places = sort_by_key(own, np.arange(len(own), dtype=np.uint32))
    counts = np.empty(len(own), np.int64)
    _count_groups(keys, places, counts)
    return SiteUnits(own, own_weights, counts, starts)


@numba.njit(cache=True, nogil=True)
def _distinct(hashes, weights, offsets, members, own, own_weights, starts):
    at = 0
    for member in range(len(members)):
        first, last = offsets[members[member]], offsets[members[member] + 1]
        order = np.argsort(hashes[first:last])
        start = at
        for k in order:
            if at > start and own[at - 1] == hashes[first + k]:
                continue
            own[at] = hashes[first + k]
            own_weights[at] = weights[first + k]
            at += 1
        starts[member + 1] = at


@numba.njit(cache=True, nogil=True)
def _count_groups(keys, places, counts):
    """Write at the place of each key how often it stands among all."""
    start = 0
    while start < len(keys):
        end = start + 1
        while end < len(keys) and keys[end] == keys[start]:
            end += 1
        for i in range(start, end):
            counts[places[i]] = end - start
        start = end


@numba.njit(cache=True, nogil=True)
def _is_other_story(
    a, b, hashes, weights, counts, offsets,
    min_own_weight, max_own_count, min_prose_weight, max_rare_count,
):  # fmt: skip
    i, end_i = offsets[a], offsets[a + 1]
    j, end_j = offsets[b], offsets[b + 1]
    own_a, own_b, rare = 0, 0, 0
    while i < end_i or j < end_j:
        if j == end_j or (i < end_i and hashes[i] < hashes[j]):
            if counts[i] <= max_own_count or weights[i] >= min_prose_weight:
                own_a += weights[i]
            i += 1
        elif i == end_i or hashes[j] < hashes[i]:
            if counts[j] <= max_own_count or weights[j] >= min_prose_weight:
                own_b += weights[j]
            j += 1
        else:
            if counts[i] <= max_rare_count:
                rare += weights[i]
            i += 1
            j += 1
    own = min(own_a, own_b)
    return own >= min_own_weight and 2 * own >= rare


@numba.njit(cache=True, nogil=True)
def _repeats(
    keys, articles, hashes, weights, counts, offsets,
    min_stories, sampled_articles, min_own_weight, max_own_count, min_prose_weight,
    max_rare_count,
):  # fmt: skip
    """Return where each repeated key first stands in the sorted ``keys``."""
    found = np.empty(len(keys) // max(min_stories, 1) + 1, np.int64)
    n_found = 0
    stories = np.empty(min_stories, np.int64)
    start = 0
    while start < len(keys):
        end = start + 1
        while end < len(keys) and keys[end] == keys[start]:
            end += 1
        n_stories = 0
        n_looked = 0
        last = np.int64(-1)
        for k in range(start, end):
            if end - start < min_stories or n_looked == sampled_articles:
                break
            if np.int64(articles[k]) == last:
                continue
            last = np.int64(articles[k])
            n_looked += 1
            is_new = True
            for s in range(n_stories):
                if not _is_other_story(
                    last, stories[s], hashes, weights, counts, offsets,
                    min_own_weight, max_own_count, min_prose_weight, max_rare_count,
                ):  # fmt: skip
                    is_new = False
                    break
            if is_new:
                stories[n_stories] = last
                n_stories += 1
                if n_stories == min_stories:
                    found[n_found] = start
                    n_found += 1
                    break
        start = end
    return found[:n_found]
