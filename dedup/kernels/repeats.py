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
#: So many units at the most are put in order by counting.
_FEW = 128
#: Of a unit that the article has before.
_NO_WEIGHT = -1


class SiteUnits(NamedTuple):
    """The distinct units of n articles of one site, by hash within each article.

    ``hashes`` uint64, ``own`` and ``rare`` int64 (half-words that count where another article
    lacks the unit, and where it has it), each of shape (m,); ``totals`` int64 of shape (n,):
    what is own in all; ``offsets`` int64 of shape (n + 1,). ``shared`` uint64 and ``articles``
    uint32 of shape (k,): what stands in two articles or more, and little else, sorted by hash,
    and which article has it. ``known`` uint64: pairs of articles that were compared, with the
    lowest bit set if they are different stories; the same copies share key after key.
    """

    hashes: NDArray[np.uint64]
    own: NDArray[np.int64]
    rare: NDArray[np.int64]
    totals: NDArray[np.int64]
    offsets: NDArray[np.int64]
    shared: NDArray[np.uint64]
    articles: NDArray[np.uint32]
    known: NDArray[np.uint64]


class DistinctRule(NamedTuple):
    """When articles are different stories, and how many of them make a repeat.

    A unit that more than ``max_own_count`` articles have is nobody's own unless it has
    ``min_prose_weight`` half-words; one that more than ``max_rare_count`` have is not rare;
    both are 1 at the least.
    """

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

    def look(part: slice, known: NDArray[np.uint64]) -> NDArray[np.uint64]:
        keys, owners = hashes[part], articles[part]
        starts = np.empty(len(keys) // max(rule.min_stories, 1) + 1, np.int64)
        found = _repeats(
            keys, owners, units.hashes, units.own, units.rare, units.totals, units.offsets,
            rule.min_stories, rule.sampled_articles, rule.min_own_weight, known, starts,
        )  # fmt: skip
        return keys[starts[:found]]

    if threads is None or not len(hashes):
        return look(slice(None), units.known)
    half = int(np.searchsorted(hashes, hashes[len(hashes) // 2]))
    other = threads.submit(look, slice(half, None), units.known.copy())
    return np.concatenate((look(slice(half), units.known), other.result()))


def distinct_units(
    hashes: NDArray[np.uint64],
    weights: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    members: NDArray[np.int64],
    rule: DistinctRule,
) -> SiteUnits:
    """Return the units of some articles, those that an article repeats once.

    Parameters
    ----------
    hashes, weights : uint64 and uint32
        Of the units of all articles; half-words.
    offsets : int64
        Where the units of each article start.
    members : int64
        The articles.
    """
    total = int((offsets[members + 1] - offsets[members]).sum())
    distinct, own = np.empty(total, np.uint64), np.empty(total, np.int64)
    starts = np.zeros(len(members) + 1, np.int64)
    _distinct(hashes, weights, offsets, members, distinct, own, starts)
    distinct, own = distinct[: starts[-1]], own[: starts[-1]]
    rare = own.copy()
    shared, places = ordered_hashes(distinct, np.arange(len(distinct), dtype=np.uint32), 2)
    _weigh(
        shared, places, rule.max_own_count, rule.min_prose_weight, rule.max_rare_count, own, rare
    )
    sums = np.concatenate(([0], np.cumsum(own)))
    articles = np.repeat(np.arange(len(members), dtype=np.uint32), np.diff(starts))
    known = np.full(1 << _KNOWN_BITS, _NO_PAIR, np.uint64)
    totals = np.diff(sums[starts])
    return SiteUnits(distinct, own, rare, totals, starts, shared, articles[places], known)


@compiled
def _distinct(
    hashes: U64, weights: U32, offsets: I64, members: I64, own: U64, own_weights: I64, starts: I64
) -> None:
    for member in range(len(members)):
        first, last = offsets[members[member]], offsets[members[member] + 1]
        start, n = starts[member], last - first
        its, its_weights = own[start : start + n], own_weights[start : start + n]
        if n <= _FEW:
            _rank(hashes[first:last], weights[first:last], its, its_weights)
        else:
            for i in range(n):
                its[i], its_weights[i] = hashes[first + i], weights[first + i]
            sort_pairs(its, its_weights)
            for i in range(n - 1, 0, -1):
                if its[i] == its[i - 1]:
                    its_weights[i] = _NO_WEIGHT
        n_distinct = 0
        for i in range(n):
            weight = its_weights[i]
            its[n_distinct], its_weights[n_distinct] = its[i], weight
            n_distinct += np.int64(weight != _NO_WEIGHT)
        starts[member + 1] = start + n_distinct


@compiled
def _rank(hashes, weights, ranked, ranked_weights):
    """Write a few hashes in their order, the lightest of equal ones at the place of the first.

    Each place is counted: many comparisons at once take less time than to sort.
    """
    n = len(hashes)
    for i in range(n):
        ranked_weights[i] = _NO_WEIGHT
    for i in range(n):
        hashed, weight = hashes[i], np.int64(weights[i])
        place = 0
        for j in range(n):
            place += np.int64(hashes[j] < hashed)
        if ranked_weights[place] == _NO_WEIGHT or weight < ranked_weights[place]:
            ranked[place], ranked_weights[place] = hashed, weight


@compiled
def _weigh(
    shared: U64, places: U32, max_own_count: int, min_prose_weight: int, max_rare_count: int,
    own: I64, rare: I64,
) -> None:  # fmt: skip
    """Let units that stand in too many articles count for nothing, as the rule says."""
    start = 0
    while start < len(shared):
        end = start + 1
        while end < len(shared) and shared[end] == shared[start]:
            end += 1
        for i in range(start, end):
            place = places[i]
            if end - start > max_rare_count:
                rare[place] = 0
            if end - start > max_own_count and own[place] < min_prose_weight:
                own[place] = 0
        start = end


@compiled
def _is_other_story(
    a, b, hashes, own, rare, totals, offsets, min_own_weight, places_a, places_b
):  # fmt: skip
    """Say whether each article has enough of its own, beside what is rare and in both.

    What is in both is written down first: so no step waits for a guess of which hash is the
    lower.
    """
    i, end_i = np.uint64(offsets[a]), np.uint64(offsets[a + 1])
    j, end_j = np.uint64(offsets[b]), np.uint64(offsets[b + 1])
    n = np.uint64(0)
    while i < end_i and j < end_j:
        one, other = hashes[i], hashes[j]
        places_a[n], places_b[n] = i, j
        is_first, is_second = np.uint64(one <= other), np.uint64(other <= one)
        i += is_first
        j += is_second
        n += is_first & is_second
    own_a, own_b, in_both = totals[a], totals[b], 0
    for at in range(np.int64(n)):
        own_a -= own[places_a[at]]
        own_b -= own[places_b[at]]
        in_both += rare[places_a[at]]
    least = min(own_a, own_b)
    return least >= min_own_weight and 2 * least >= in_both


@compiled
def _repeats(
    keys: U64, articles: U32, hashes: U64, own: I64, rare: I64, totals: I64, offsets: I64,
    min_stories: int, sampled_articles: int, min_own_weight: int, known: U64, found: I64,
) -> int:  # fmt: skip
    """Write where each repeated key first stands in the sorted ``keys``; return their number."""
    longest = 0
    for article in range(len(totals)):
        longest = max(longest, offsets[article + 1] - offsets[article])
    places_a, places_b = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
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
                        last, stories[s], hashes, own, rare, totals, offsets, min_own_weight,
                        places_a, places_b,
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
