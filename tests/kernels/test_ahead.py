"""Many articles looked at ahead are found as one by one."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.postings import MemoryPostings
from dedup.index.protocol import BodyKeys, Sharing
from dedup.kernels.ahead import append_articles, chain_keys, find_ahead
from dedup.kernels.chains import append_keys
from dedup.kernels.frequent import make_frequent
from dedup.kernels.sharing import find_sharing

#: The exact key of a body, and its samples: few, so that many bodies share them.
_BODIES = st.lists(
    st.tuples(st.integers(0, 5), st.sets(st.integers(6, 20), max_size=8)) | st.none(), max_size=30
)
_LARGEST, _MIN_SHARED, _DIVISOR = 4, 2, 3


def keys_of(body: tuple[int, set[int]] | None) -> list[int]:
    """Return the keys of a body; none of an empty one."""
    return [] if body is None else [body[0], *sorted(body[1])]


@given(_BODIES, _BODIES, st.integers(0, 30))
def test_each_finds_those_before_it(
    posted: list[tuple[int, set[int]] | None],
    coming: list[tuple[int, set[int]] | None],
    start: int,
) -> None:
    """With the newest of each key alone, and a count of the keys that were cut."""
    postings = MemoryPostings()
    for number, body in enumerate(posted, 1):
        keys = np.array(keys_of(body), np.uint64)
        postings.append(keys, number, max(len(keys) - 1, 0))
    first = len(posted) + 1
    lists = [keys_of(body) for body in coming]
    counts = np.array([len(keys) for keys in lists], np.int64)
    keys = BodyKeys(
        np.array([key for own in lists for key in own], np.uint64),
        np.cumsum(counts) - counts,
        counts,
    )
    fresh = np.zeros(1 << 9, np.uint32), np.empty((1 << 9, 4), np.uint32)
    chain_keys(*keys, 1, *fresh)
    start = start % (len(lists) + 1)
    ends, cuts = np.empty((2, len(lists) - start), np.int64)
    rule = 1, _MIN_SHARED, _DIVISOR, _LARGEST
    found = np.empty(2000, np.int64)
    room = find_ahead(
        postings.heads,
        postings.entries,
        *make_frequent(),
        *keys,
        first,
        *fresh,
        *rule,
        start,
        ends,
        cuts,
        found,
    )
    ahead = np.split(found[:room], ends[:-1]) if len(ends) else []
    for place, own in enumerate(lists, -start):
        its = np.array(own, np.uint64)
        numbers, cut = find_sharing(postings.heads, postings.entries, *make_frequent(), its, *rule)
        if place >= 0:
            assert ahead[place].tolist() == numbers.tolist()
            assert cuts[place] == cut
        postings.append(its, first + start + place, max(len(own) - 1, 0))


def test_room_is_made_for_all() -> None:
    """However many are found."""
    postings = MemoryPostings()
    own = np.array([3, 4, 5], np.uint64)
    for number in range(1, 101):
        postings.append(own, number, 2)
    counts = np.full(2, 3, np.int64)
    keys = BodyKeys(np.tile(own, 2), np.array([0, 3]), counts)
    with ThreadPoolExecutor(1) as threads:
        found = postings.find_ahead(keys, 101, threads)
    assert found == [
        Sharing(list(range(1, 101)), 0),
        Sharing(list(range(1, 102)), 0),
    ]


@given(_BODIES)
def test_what_is_appended_together_is_as_one_by_one(
    coming: list[tuple[int, set[int]] | None],
) -> None:
    """To the byte: a posting file says nothing of how many came at once."""
    lists = [np.array(keys_of(body), np.uint64) for body in coming]
    alone, together = (
        (np.zeros(1 << 6, np.uint32), np.zeros((1 << 9, 4), np.uint32)) for _ in range(2)
    )
    count = 0
    for place, keys in enumerate(lists):
        count = append_keys(*alone, count, keys, 7 + 2 * place, max(len(keys) - 1, 0))
    lengths = np.array([len(keys) for keys in lists], np.int64)
    numbers = 7 + 2 * np.arange(len(lists))
    flat = np.concatenate([np.empty(0, np.uint64), *lists])
    assert count == append_articles(
        *together, 0, flat, np.cumsum(lengths), numbers, np.maximum(lengths - 1, 0)
    )
    assert all(map(np.array_equal, alone, together))
