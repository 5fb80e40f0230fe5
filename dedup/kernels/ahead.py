"""Many articles at once, of which each is to be found by those that come after it.

As :mod:`dedup.kernels.gate` and :mod:`dedup.kernels.chains` do for one at a time.
"""

import numpy as np

from dedup.kernels.against import measure_against
from dedup.kernels.arrays import F64, I64, U8, U16, U32, U64, Bools, I64Rows, U32Rows, U64Rows
from dedup.kernels.chains import append_keys
from dedup.kernels.compiled import compiled
from dedup.kernels.gate import _body_keys, cut_article
from dedup.kernels.screening import encode, screen
from dedup.kernels.sharing import collect_hits, propose

__all__ = [
    "append_articles", "chain_keys", "cut_articles", "encode_bodies", "find_ahead",
    "measure_articles", "screen_articles",
]  # fmt: skip

#: Room for the hits of an article that are usually found.
_USUAL_HITS = 1024


@compiled
def cut_articles(
    members: I64, tokens: U64, token_offsets: I64, units: U32, unit_offsets: I64, cues: Bools,
    starts: I64, slots: U64, bits: U8, unused: U64, multipliers: U64, min_weight: int,
    limit: np.uint64, floor: int, out: U64, is_formula: Bools, is_out: Bools, keys: U64,
    lengths: I64, weights: I64, has_body: Bools, n_keys: I64,
) -> None:  # fmt: skip
    """Cut the bodies of some articles of one site, and make their posting keys.

    Parameters
    ----------
    members : int64
        Which of the n articles.
    tokens, token_offsets, units, unit_offsets
        Of all articles.
    cues : bool of the units' shape, or empty where they do not count
    out, is_formula : uint64 and bool of the tokens' shape
        Each body begins where its article's tokens do.
    is_out : bool of the units' shape
    keys : uint64 of shape (tokens + n,)
        Each article's begin at the offset of its tokens and its own number.
    lengths, weights, has_body, n_keys : of shape (n,)
        Tokens of each body, their half-words, whether there is one, its keys.
    """
    for i in members:
        first, last = token_offsets[i], token_offsets[i + 1]
        first_unit, last_unit = unit_offsets[i], unit_offsets[i + 1]
        own_cues = cues[first_unit:last_unit] if len(cues) else cues
        length, weight, is_there = cut_article(
            tokens[first:last], units[first_unit:last_unit], own_cues, starts, slots, bits, unused,
            multipliers, min_weight, out[first:last], is_formula[first:last],
            is_out[first_unit:last_unit],
        )  # fmt: skip
        if not is_there:
            is_out[first_unit:last_unit] = False
        lengths[i], weights[i], has_body[i] = length, weight, is_there
        end = first + length
        n_keys[i] = _body_keys(
            out[first:end], is_formula[first:end], multipliers, limit, floor,
            keys[first + i : end + i + 1],
        )  # fmt: skip


@compiled
def chain_keys(
    keys: U64, starts: I64, n_keys: I64, n_exact: int, heads: U32, entries: U32Rows
) -> None:
    """Chain the keys of n articles that are numbered from 1."""
    count = 0
    for i in range(len(starts)):
        own = keys[starts[i] : starts[i] + n_keys[i]]
        count = append_keys(heads, entries, count, own, i + 1, max(n_keys[i] - n_exact, 0))


@compiled
def find_ahead(
    heads: U32, entries: U32Rows, frequent: U64, kept: U64Rows, keys: U64, starts: I64,
    n_keys: I64, first: int, fresh_heads: U32, fresh_entries: U32Rows, n_exact: int,
    min_shared: int, divisor: int, largest: int, start: int, ends: I64, cuts: I64, found: I64,
) -> int:  # fmt: skip
    """Write for each article who shares enough keys, as if all before it were posted.

    Parameters
    ----------
    heads, entries, frequent, kept
        Of what is posted; see :func:`dedup.kernels.sharing.collect_hits`.
    fresh_heads, fresh_entries
        Of the articles themselves, by :func:`chain_keys`.
    first : int
        The number that the first of them will have, above all that are posted.
    start : int
        The first article that is asked for.
    ends, cuts : int64
        Of as many articles as are asked for: where in ``found`` the numbers of each end; how
        many of its keys were cut.
    found : int64
        Filled as far as there is room.

    Returns
    -------
    int
        Room that is needed.
    """
    hits, n_found = np.empty(_USUAL_HITS, np.uint64), 0
    none = frequent[:0]
    for i in range(start, start + len(ends)):
        own = keys[starts[i] : starts[i] + n_keys[i]]
        groups = np.zeros(len(own), np.int64)
        hits, n, cut = collect_hits(
            fresh_heads, fresh_entries, none, kept, own, n_exact, largest, groups, hits, 0, 0,
            i + 1, first - 1,
        )  # fmt: skip
        hits, n, cut = collect_hits(
            heads, entries, frequent, kept, own, n_exact, largest, groups, hits, n, cut, first, 0
        )
        n_found = propose(hits[:n], len(own) - n_exact, min_shared, divisor, found, n_found)
        ends[i - start], cuts[i - start] = n_found, cut
    return n_found


@compiled
def measure_articles(
    own_tokens: U64, own_is_formula: Bools, own_starts: I64, own_ends: I64, tokens: U64,
    is_formula: Bools, starts: I64, ends: I64, offsets: I64, multipliers: U64,
    min_run_weight: int, lines: F64, evidence: I64Rows, relations: I64, strengths: F64,
) -> None:  # fmt: skip
    """Measure and judge the pairs of each of n bodies with others.

    As :func:`dedup.kernels.against.measure_against` does for one body.

    Parameters
    ----------
    own_tokens, own_is_formula : uint64 and bool
        In which each of the bodies has its place.
    own_starts, own_ends : int64 of shape (n,)
        Of each.
    starts, ends : int64
        Of the others, in ``tokens``.
    offsets : int64 of shape (n + 1,)
        Where in ``starts`` those of each body begin, and where those of the last end.
    """
    for i in range(len(own_starts)):
        first, last = offsets[i], offsets[i + 1]
        if first < last:
            measure_against(
                own_tokens[own_starts[i] : own_ends[i]],
                own_is_formula[own_starts[i] : own_ends[i]], tokens, is_formula,
                starts[first:last], ends[first:last], multipliers, min_run_weight, lines,
                evidence[first:last], relations[first:last], strengths[first:last],
            )  # fmt: skip


@compiled
def screen_articles(
    own_tokens: U64, own_is_formula: Bools, own_starts: I64, own_ends: I64, codes: U16,
    starts: I64, ends: I64, offsets: I64, multipliers: U64, lines: F64, may_match: Bools,
) -> None:  # fmt: skip
    """Say of the pairs of each of n bodies with others which may be anything but distinct.

    As :func:`dedup.kernels.screening.screen` does for one body; for the others see
    :func:`measure_articles`.

    Parameters
    ----------
    codes : uint16
        In which the outlines of the others have their places.
    """
    for i in range(len(own_starts)):
        first, last = offsets[i], offsets[i + 1]
        if first < last:
            screen(
                own_tokens[own_starts[i] : own_ends[i]],
                own_is_formula[own_starts[i] : own_ends[i]], codes, starts[first:last],
                ends[first:last], multipliers, lines, may_match[first:last],
            )  # fmt: skip


@compiled
def encode_bodies(tokens: U64, lengths: I64, multipliers: U64, codes: U16) -> None:
    """Write the outlines of bodies that stand one behind the other.

    Parameters
    ----------
    lengths : int64 of shape (n,)
        Of the bodies.
    codes : uint16 of the tokens' shape
        As :func:`dedup.kernels.screening.encode_body` writes them.
    """
    start = 0
    for length in lengths:
        encode(tokens[start : start + length], multipliers, codes[start : start + length])
        start += length


@compiled
def append_articles(
    heads: U32, entries: U32Rows, count: int, keys: U64, ends: I64, numbers: I64, samples: I64
) -> int:
    """Append the postings of n articles from ``count`` on; return the new count.

    Parameters
    ----------
    keys : uint64
        Of one article after the other.
    ends, numbers, samples : int64 of shape (n,)
        Where the keys of each end, its number, and how many sampled shingles it has.
    """
    start = 0
    for i in range(len(ends)):
        own = keys[start : ends[i]]
        count = append_keys(heads, entries, count, own, numbers[i], samples[i])
        start = ends[i]
    return count
