"""Links between the sentences of two texts, and what stayed in order.

Repeats :mod:`dedup.diff.alignment` and :mod:`dedup.diff.moves`. The order found so far
is an array of two columns, a row a link; its last row says how many there are.
"""

import numpy as np

from dedup.kernels.compiled import compiled, inlined
from dedup.kernels.texts import BEHIND, COUNT, FREE, HEAD, LINK_COLUMNS

__all__ = [
    "add_to_order", "fits", "is_free_pair", "link", "list_links", "mark_stayed", "order_of",
    "partner", "room_for_links", "size_of", "unlink",
]  # fmt: skip


@compiled
def room_for_links(n):
    """Return room for the links of n sentences.

    A link takes a free sentence; each step that gives links up frees two by each.
    """
    return np.empty((6 * n + 1, LINK_COLUMNS), np.int64)


@inlined
def is_free_pair(texts, i, j):
    """Whether both sentences may be linked."""
    return texts.table[i, FREE] != 0 and texts.table[j, FREE] != 0


@inlined
def partner(texts, sentence, side):
    """Return the first sentence that one is linked to; side 0 for one of a, 1 of b."""
    return texts.links[texts.table[sentence, HEAD], 1 - side]


@compiled
def link(texts, i, j):
    """Link sentence i of a and j of b."""
    made = len(texts.masses)
    new = texts.table[made, COUNT]
    texts.table[made, COUNT] = new + 1
    texts.links[new, 0], texts.links[new, 1] = i, j
    _insert(texts, new, 0)
    _insert(texts, new, 1)
    texts.table[i, FREE] = texts.table[j, FREE] = 0


@compiled
def _insert(texts, new, side):
    sentence, other = texts.links[new, side], texts.links[new, 1 - side]
    texts.table[sentence, COUNT] += 1
    at = texts.table[sentence, HEAD]
    if at < 0 or texts.links[at, 1 - side] > other:
        texts.links[new, BEHIND + side] = at
        texts.table[sentence, HEAD] = new
        return
    behind = texts.links[at, BEHIND + side]
    while behind >= 0 and texts.links[behind, 1 - side] < other:
        at, behind = behind, texts.links[behind, BEHIND + side]
    texts.links[new, BEHIND + side] = behind
    texts.links[at, BEHIND + side] = new


@compiled
def unlink(texts, old):
    """Give a link up; both sentences are free again unless linked otherwise."""
    for side in range(2):
        sentence = texts.links[old, side]
        texts.table[sentence, COUNT] -= 1
        if texts.table[sentence, HEAD] == old:
            texts.table[sentence, HEAD] = texts.links[old, BEHIND + side]
        else:
            at = texts.table[sentence, HEAD]
            while texts.links[at, BEHIND + side] != old:
                at = texts.links[at, BEHIND + side]
            texts.links[at, BEHIND + side] = texts.links[old, BEHIND + side]
        if texts.table[sentence, COUNT] == 0:
            texts.table[sentence, FREE] = 1


@compiled
def list_links(texts, listed):
    """Write all links in the order of a, then b; return their number."""
    n = 0
    for sentence in range(texts.n_a):
        at = texts.table[sentence, HEAD]
        while at >= 0:
            listed[n] = at
            n += 1
            at = texts.links[at, BEHIND]
    return n


@compiled
def mark_stayed(texts, listed, n, has_stayed):
    """Say of the links, in the order of a, which did not move: the heaviest chain.

    O(n log n), by a tree of running maxima over the places in b.
    """
    is_in_order = True
    for index in range(n):
        has_stayed[index] = 1
        if index > 0 and texts.links[listed[index - 1], 1] > texts.links[listed[index], 1]:
            is_in_order = False
    if is_in_order:
        return
    places = np.zeros(len(texts.masses), np.int64)
    for index in range(n):
        places[texts.links[listed[index], 1]] = 1
    size = 1
    for sentence in range(len(places)):
        size += places[sentence]
        places[sentence] = size - 1
    best, last_of = np.zeros(size, np.float64), np.full(size, -1, np.int64)
    before = np.full(n, -1, np.int64)
    for index in range(n):
        i, j = texts.links[listed[index], 0], texts.links[listed[index], 1]
        mass, last = 0.0, -1
        at = places[j]
        while at:
            if best[at] > mass:
                mass, last = best[at], last_of[at]
            at &= at - 1
        before[index] = last
        own = texts.masses[i] / texts.table[i, COUNT]
        mass += own + texts.masses[j] / texts.table[j, COUNT]
        at = places[j]
        while at < size:
            if mass > best[at]:
                best[at], last_of[at] = mass, index
            at += at & -at
        has_stayed[index] = 0
    mass, last = 0.0, -1
    for at in range(size):
        if best[at] > mass or (best[at] == mass and last_of[at] > last):
            mass, last = best[at], last_of[at]
    while last >= 0:
        has_stayed[last] = 1
        last = before[last]


@compiled
def order_of(texts):
    """Return the order found so far, to ask whether a further pair fits it."""
    n = len(texts.masses)
    listed, has_stayed = np.empty(n, np.int64), np.empty(n, np.uint8)
    size = list_links(texts, listed)
    mark_stayed(texts, listed, size, has_stayed)
    order = np.empty((n + 1, 2), np.int64)
    at = 0
    for index in range(size):
        if has_stayed[index]:
            order[at, 0] = texts.links[listed[index], 0]
            order[at, 1] = texts.links[listed[index], 1]
            at += 1
    order[n, 0] = at
    return order


@inlined
def size_of(order):
    """Return how many links the order has."""
    return order[len(order) - 1, 0]


@inlined
def _place(order, i):
    """Return how many links of the order are of sentences before i."""
    low, high = 0, size_of(order)
    while low < high:
        middle = (low + high) >> 1
        if order[middle, 0] < i:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def fits(order, i, j):
    """Whether linking sentence i of a and j of b crosses nothing."""
    at = _place(order, i)
    if at < size_of(order) and order[at, 1] < j:
        return False
    return at == 0 or order[at - 1, 1] <= j


@compiled
def add_to_order(order, i, j):
    """Take a link into the order, if it fits."""
    if not fits(order, i, j):
        return
    at = _place(order, i)
    for index in range(size_of(order), at, -1):
        order[index, 0], order[index, 1] = order[index - 1, 0], order[index - 1, 1]
    order[at, 0], order[at, 1] = i, j
    order[len(order) - 1, 0] += 1
