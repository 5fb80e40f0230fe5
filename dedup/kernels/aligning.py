"""Link the sentences of two texts that say the same, as :mod:`dedup.diff.align`.

The steps are those of the plain path, in its order; what each means is told there.
"""

import numpy as np

from dedup.kernels.arrays import F64, I64, U8, U64, I64Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.equal import link_equal, number_sentences
from dedup.kernels.likeness import (
    between,
    find_candidates,
    has_frequent_words_only,
    inside,
    offer,
    shared,
    vocabulary,
    weigh_words,
)
from dedup.kernels.links import (
    add_to_order,
    fits,
    is_free_pair,
    link,
    list_links,
    mark_stayed,
    order_of,
    room_for_links,
    size_of,
    unlink,
)
from dedup.kernels.merging import find_clauses, join_neighbours
from dedup.kernels.ranks import BODY, CHROME, OUTSIDE
from dedup.kernels.sorting import sort_pairs
from dedup.kernels.texts import (
    COLUMNS,
    COUNT,
    FREE,
    HEAD,
    KEY,
    N_WORDS,
    START,
    TOTAL,
    WORD_ROWS,
    WORDS,
    Texts,
)  # fmt: skip
from dedup.kernels.thresholds import (
    CROSSING_PAIRS,
    INSIDE_IN_GAP,
    LIKE_CROSSING,
    LIKE_CROSSING_PASSAGE,
    LIKE_DOUBTFUL,
    LIKE_IN_GAP,
    LIKE_IN_GAP_PHRASE,
    LIKE_IN_ORDER,
    LIKE_NEIGHBOUR,
    MAX_CANDIDATES,
    MAX_GAP_PAIRS,
    MIN_MOVE_MASS,
    MIN_SHARED_WORDS,
    MIN_VERBATIM_MASS,
    PHRASE_PAIRS,
)

__all__ = ["FREQUENT", "align"]

#: The kind of a limit: sentences of frequent words only, else of a gap.
FREQUENT = -1


@compiled
def align(
    hashes: U64, is_figure: U8, offsets: I64, masses: F64, ranks: I64, n_a: int,
    weights_by_count: I64, figure_weights: I64, listed: I64Rows, limits: I64Rows,
    cuts: I64,
) -> tuple[int, int]:  # fmt: skip
    """Link sentences; a's stand before b's in every array.

    ``hashes`` of the words, ``offsets`` where each sentence's begin; ``weights_by_count``
    and ``figure_weights`` of words in so many sentences. Written are ``listed``: sentence of
    a, of b, whether the link stayed; and ``limits``: sentences of frequent words only
    (the first number is ``FREQUENT``), or the sentences in a gap too large; ``cuts``: the
    word before which a sentence is to be parted, or -1.

    Returns how many links and limits there are.
    """
    n = len(ranks)
    table, keys = np.empty((n + 1, COLUMNS), np.int64), np.empty(n, np.int64)
    words = np.empty((WORD_ROWS, len(hashes)), np.int64)
    n_words = vocabulary(hashes, words[WORDS])
    n_keys = number_sentences(hashes, offsets, keys)
    weights = np.empty(n_words, np.int64)
    texts = Texts(table, words, weights, room_for_links(n), masses, n_a)
    _fill_table(table, offsets, keys, ranks)
    weigh_words(texts, is_figure, weights_by_count, figure_weights)
    link_equal(texts, n_keys)
    n_limits = 0
    if _any_free(texts, 0, n_a) and _any_free(texts, n_a, n):
        holders = offer(texts)
        n_limits = _link_alike(texts, holders, limits)
        n_limits = _fill_gaps(texts, limits, n_limits)
        join_neighbours(texts)
        _link_passages(texts, holders)
        _extend_blocks(texts)
        if _drop_light_crossings(texts):
            n_limits = _fill_gaps(texts, limits, n_limits)
            join_neighbours(texts)
            _drop_light_crossings(texts)
    else:
        _drop_light_crossings(texts)
    _link_doubtful(texts, ranks)
    n_links = _write_links(texts, listed)
    find_clauses(texts, cuts)
    return n_links, n_limits


@compiled
def _fill_table(table, offsets, keys, ranks):
    n = len(ranks)
    for sentence in range(n):
        table[sentence, START], table[sentence, KEY] = offsets[sentence], keys[sentence]
        table[sentence, FREE] = ranks[sentence] == BODY
        table[sentence, HEAD] = table[sentence, N_WORDS] = -1
        table[sentence, COUNT] = table[sentence, TOTAL] = 0
    table[n, START], table[n, COUNT] = offsets[n], 0


@compiled
def _any_free(texts, first, last):
    for sentence in range(first, last):
        if texts.table[sentence, FREE]:
            return True
    return False


@compiled
def _write_links(texts, listed):
    numbers = np.empty(len(texts.masses), np.int64)
    has_stayed = np.empty(len(texts.masses), np.uint8)
    n = list_links(texts, numbers)
    mark_stayed(texts, numbers, n, has_stayed)
    for index in range(n):
        listed[index, 0] = texts.links[numbers[index], 0]
        listed[index, 1] = texts.links[numbers[index], 1]
        listed[index, 2] = has_stayed[index]
    return n


@compiled
def _propose(texts, holders, least, scores, pairs):
    """Write the pairs of free sentences as alike as ``least``, the best first.

    A pair is i * sentences + j. Returns their number.
    """
    n = len(texts.masses)
    own, found = np.empty(MAX_CANDIDATES, np.float64), np.empty(MAX_CANDIDATES, np.int64)
    n_pairs = 0
    for i in range(texts.n_a):
        if texts.table[i, FREE]:
            count = find_candidates(texts, holders, i, least, own, found)
            for at in range(count):
                scores[n_pairs], pairs[n_pairs] = -own[at], i * n + found[at]
                n_pairs += 1
    sort_pairs(scores[:n_pairs], pairs[:n_pairs])
    return n_pairs


@compiled
def _room(texts):
    """Return room for all pairs that may be proposed."""
    n = 0
    for i in range(texts.n_a):
        n += texts.table[i, FREE]
    return np.empty(n * MAX_CANDIDATES, np.float64), np.empty(n * MAX_CANDIDATES, np.int64)


@compiled
def _link_alike(texts, holders, limits):
    n = len(texts.masses)
    scores, pairs = _room(texts)
    n_pairs = _propose(texts, holders, LIKE_IN_ORDER, scores, pairs)
    n_limits, unproposed = 0, 0
    for i in range(texts.n_a):
        if texts.table[i, FREE] and has_frequent_words_only(texts, holders, i):
            unproposed += 1
    if unproposed:
        limits[0, 0], limits[0, 1] = FREQUENT, unproposed
        n_limits = 1
    order = order_of(texts)
    for at in range(n_pairs):
        i, j = pairs[at] // n, pairs[at] % n
        if is_free_pair(texts, i, j):
            least = LIKE_IN_ORDER if fits(order, i, j) else LIKE_CROSSING
            if -scores[at] >= least:
                link(texts, i, j)
                add_to_order(order, i, j)
    return n_limits


@compiled
def _link_passages(texts, holders):
    """Link what moved and was rewritten, but for a passage."""
    n = len(texts.masses)
    scores, pairs = _room(texts)
    n_pairs = _propose(texts, holders, LIKE_CROSSING_PASSAGE, scores, pairs)
    for at in range(n_pairs):
        i, j = pairs[at] // n, pairs[at] % n
        if is_free_pair(texts, i, j):
            _, _, common = shared(texts, i, j)
            if common >= CROSSING_PAIRS:
                link(texts, i, j)


@compiled
def _link_doubtful(texts, ranks):
    """Link what looks like chrome, but stands in both texts in the same order."""
    n = len(texts.masses)
    is_doubtful = False
    for sentence in range(n):
        if BODY < ranks[sentence] < CHROME and texts.table[sentence, COUNT] == 0:
            texts.table[sentence, FREE] = 1
            is_doubtful = True
    if not (is_doubtful and _any_free(texts, 0, texts.n_a) and _any_free(texts, texts.n_a, n)):
        return
    order = order_of(texts)
    holders = offer(texts)
    scores, pairs = _room(texts)
    n_pairs = _propose(texts, holders, LIKE_DOUBTFUL, scores, pairs)
    for at in range(n_pairs):
        i, j = pairs[at] // n, pairs[at] % n
        is_known = ranks[i] == ranks[j] and (ranks[i] == BODY or ranks[i] == OUTSIDE)
        if not is_known and is_free_pair(texts, i, j) and fits(order, i, j):
            link(texts, i, j)
            add_to_order(order, i, j)


@compiled
def _extend_blocks(texts):
    """Link the neighbours of linked sentences that are a little alike: they travelled along."""
    n_a, n = texts.n_a, len(texts.masses)
    listed = np.empty(n, np.int64)
    for step in (1, -1):
        for index in range(list_links(texts, listed)):
            i, j = texts.links[listed[index], 0] + step, texts.links[listed[index], 1] + step
            while 0 <= i < n_a and n_a <= j < n and is_free_pair(texts, i, j):
                _, weight, pairs = shared(texts, i, j)
                if pairs < PHRASE_PAIRS:
                    break
                if between(texts, i, j, weight, pairs) < LIKE_NEIGHBOUR:
                    break
                link(texts, i, j)
                i, j = i + step, j + step


@compiled
def _fill_gaps(texts, limits, n_limits):
    n_a, n = texts.n_a, len(texts.masses)
    order = order_of(texts)
    free_a, free_b = np.empty(n_a, np.int64), np.empty(n - n_a, np.int64)
    for at in range(size_of(order) + 1):
        is_last = at == size_of(order)
        end_a, end_b = (n_a, n) if is_last else (order[at, 0], order[at, 1])
        start_a, start_b = (0, n_a) if at == 0 else (order[at - 1, 0] + 1, order[at - 1, 1] + 1)
        size_a, size_b = 0, 0
        for i in range(start_a, end_a):
            if texts.table[i, FREE]:
                free_a[size_a] = i
                size_a += 1
        for j in range(start_b, end_b):
            if texts.table[j, FREE]:
                free_b[size_b] = j
                size_b += 1
        if size_a * size_b > MAX_GAP_PAIRS:
            limits[n_limits, 0], limits[n_limits, 1] = size_a, size_b
            n_limits += 1
        elif size_a and size_b:
            _fill_gap(texts, free_a[:size_a], free_b[:size_b])
    return n_limits


@compiled
def _fill_gap(texts, free_a, free_b):
    n = len(texts.masses)
    most = len(free_a) * len(free_b)
    scores, pairs = np.empty(most, np.float64), np.empty(most, np.int64)
    size = 0
    for i in free_a:
        for j in free_b:
            n_words, weight, common = shared(texts, i, j)
            if n_words == 0:
                continue
            score = between(texts, i, j, weight, common)
            is_inside = inside(texts, i, j, weight, common) >= INSIDE_IN_GAP
            if is_inside and n_words > MIN_SHARED_WORDS:
                score = max(score, LIKE_IN_GAP)
            if score >= (LIKE_IN_GAP_PHRASE if common >= PHRASE_PAIRS else LIKE_IN_GAP):
                scores[size], pairs[size] = -score, i * n + j
                size += 1
    sort_pairs(scores[:size], pairs[:size])
    order = np.empty((min(len(free_a), len(free_b)), 2), np.int64)
    taken = 0
    for at in range(size):
        i, j = pairs[at] // n, pairs[at] % n
        if not is_free_pair(texts, i, j):
            continue
        place = 0
        while place < taken and order[place, 0] < i:
            place += 1
        if (place < taken and order[place, 1] < j) or (place > 0 and order[place - 1, 1] > j):
            continue
        for index in range(taken, place, -1):
            order[index, 0], order[index, 1] = order[index - 1, 0], order[index - 1, 1]
        order[place, 0], order[place, 1] = i, j
        taken += 1
        link(texts, i, j)


@compiled
def _drop_light_crossings(texts):
    """Give up links that cross the others in blocks too light to be moves."""
    n = len(texts.masses)
    listed, has_stayed = np.empty(n, np.int64), np.empty(n, np.uint8)
    size = list_links(texts, listed)
    mark_stayed(texts, listed, size, has_stayed)
    block = np.empty(size, np.int64)
    n_block, is_changed = 0, False
    last_a, last_b = -1, -1
    for index in range(size):
        if has_stayed[index]:
            continue
        i, j = texts.links[listed[index], 0], texts.links[listed[index], 1]
        if n_block and not (0 <= i - last_a <= 2 and 0 <= j - last_b <= 2):
            is_changed |= _drop_if_light(texts, block, n_block)
            n_block = 0
        block[n_block] = listed[index]
        n_block += 1
        last_a, last_b = i, j
    if n_block:
        is_changed |= _drop_if_light(texts, block, n_block)
    return is_changed


@compiled
def _drop_if_light(texts, block, size):
    mass_a, mass_b, is_verbatim = 0.0, 0.0, True
    last_a, last_b = -1, -1
    for at in range(size):
        i, j = texts.links[block[at], 0], texts.links[block[at], 1]
        if i != last_a:
            mass_a += texts.masses[i]
        if j != last_b:
            mass_b += texts.masses[j]
        is_verbatim &= texts.table[i, KEY] == texts.table[j, KEY]
        last_a, last_b = i, j
    if min(mass_a, mass_b) >= (MIN_VERBATIM_MASS if is_verbatim else MIN_MOVE_MASS):
        return False
    for at in range(size):
        unlink(texts, block[at])
    return True
