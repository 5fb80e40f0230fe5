"""Which hashes stand in several different stories of one site.

See :mod:`dedup.boilerplate.learned` for what counts as different.
"""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U32, U64
from dedup.kernels.compiled import compiled
from dedup.kernels.grouping import frequent_keys, sort_by_key
from dedup.kernels.sorting import sort_pairs

__all__ = ["DistinctRule", "SiteUnits", "distinct_units", "ordered_hashes", "repeated_hashes"]


_KNOWN_BITS = 14
_SHIFT = np.uint64(64 - _KNOWN_BITS)
_ONE, _THIRTY_THREE = np.uint64(1), np.uint64(33)
_NO_PAIR = np.uint64(0xFFFFFFFFFFFFFFFF)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


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


def ordered_hashes(
    hashes: NDArray[np.uint64], articles: NDArray[np.uint32], least: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Return what stands ``least`` times or more, and little else, sorted by hash.

    Parameters
    ----------
    hashes : uint64 of shape (k,)
    articles : uint32 of shape (k,)
        Which article has the hash.
    """
    return sort_by_key(*frequent_keys(hashes, articles, least))


def repeated_hashes(
    hashes: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    units: SiteUnits,
    rule: DistinctRule,
    threads: Executor | None = None,
) -> NDArray[np.uint64]:
    """Return the hashes that ``min_stories`` different stories share, sorted.

    Parameters
    ----------
    hashes, articles : uint64 and uint32 of shape (k,)
        As :func:`ordered_hashes` returns them; the articles' order decides which of
        them are looked at.
    threads : Executor | None
        Of which one looks at half of them.
    """

    def look(part: slice) -> NDArray[np.uint64]:
        keys, owners = hashes[part], articles[part]
        starts = np.empty(len(keys) // max(rule.min_stories, 1) + 1, np.int64)
        return keys[starts[: _repeats(keys, owners, *units, *rule, starts)]]

    if threads is None or not len(hashes):
        return look(slice(None))
    half = int(np.searchsorted(hashes, hashes[len(hashes) // 2]))
    other = threads.submit(look, slice(half, None))
    return np.concatenate((look(slice(half)), other.result()))


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
    numbers = np.arange(len(own), dtype=np.uint32)
    keys, places = sort_by_key(*frequent_keys(own, numbers, 2))
    counts = np.ones(len(own), np.int64)
    _count_groups(keys, places, counts)
    return SiteUnits(own, own_weights, counts, starts)


@compiled
def _distinct(
    hashes: U64, weights: U32, offsets: I64, members: I64, own: U64, own_weights: I64, starts: I64
) -> None:
    at = 0
    for member in range(len(members)):
        first, last = offsets[members[member]], offsets[members[member] + 1]
        start, end = at, at + last - first
        for i in range(last - first):
            own[start + i] = hashes[first + i]
            own_weights[start + i] = weights[first + i]
        sort_pairs(own[start:end], own_weights[start:end])
        for i in range(start, end):
            if at == start or own[at - 1] != own[i]:
                own[at] = own[i]
                own_weights[at] = own_weights[i]
                at += 1
        starts[member + 1] = at


@compiled
def _count_groups(keys: U64, places: U32, counts: I64) -> None:
    """Write at the place of each key how often it stands among all."""
    start = 0
    while start < len(keys):
        end = start + 1
        while end < len(keys) and keys[end] == keys[start]:
            end += 1
        for i in range(start, end):
            counts[places[i]] = end - start
        start = end


@compiled
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


@compiled
def _repeats(
    keys: U64, articles: U32, hashes: U64, weights: I64, counts: I64, offsets: I64,
    min_stories: int, sampled_articles: int, min_own_weight: int, max_own_count: int,
    min_prose_weight: int, max_rare_count: int, found: I64,
) -> int:  # fmt: skip
    """Write where each repeated key first stands in the sorted ``keys``; return their number."""
    # The same copies share key after key: two articles once compared are remembered,
    # with the lowest bit set if they are different stories.
    known = np.full(1 << _KNOWN_BITS, _NO_PAIR, np.uint64)
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
                pair = (np.uint64(last) << _THIRTY_THREE) | (np.uint64(stories[s]) << _ONE)
                at = (pair * _SPREAD) >> _SHIFT
                if known[at] | _ONE != pair | _ONE:
                    known[at] = pair | np.uint64(_is_other_story(
                        last, stories[s], hashes, weights, counts, offsets,
                        min_own_weight, max_own_count, min_prose_weight, max_rare_count,
                    ))  # fmt: skip
                if known[at] == pair:
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
    return n_found
