"""Posting lists on a server."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.index.keys import LARGEST_GROUP, MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR
from dedup.index.protocol import Sharing
from dedup.shingles import Hashes

__all__ = ["Posted", "PostingLists", "choose"]

#: Postings of one key, newest last: number and sample size, uint64 of shape (n, 2).
Posted = NDArray[np.uint64]


class PostingLists(Protocol):
    """What every server's posting lists offer."""

    @property
    def count(self) -> int:
        """Postings so far."""
        ...

    def newest(self, keys: Sequence[int], most: int) -> list[Posted]:
        """Return the newest postings of each key."""
        ...

    def missing(self, asked: Sequence[tuple[int, Hashes]]) -> list[NDArray[np.bool_]]:
        """Return for articles and their keys which of these are not posted."""
        ...


def choose(keys: Hashes, postings: Sequence[Posted]) -> Sharing:
    """Return who shares enough keys with a body; the first key is the exact one."""
    cut = sum(len(one) > LARGEST_GROUP for one in postings)
    postings = [one[-LARGEST_GROUP:] for one in postings]
    sure = set(postings[0][:, 0].tolist())
    hits = np.concatenate([*postings[1:], np.empty((0, 2), np.uint64)])
    numbers, first, shared = np.unique(hits[:, 0], return_index=True, return_counts=True)
    smaller = np.minimum(hits[first, 1], len(keys) - 1)
    is_enough = (shared >= MIN_SHARED_SAMPLES) & (shared * SHARED_SAMPLES_DIVISOR >= smaller)
    return Sharing(sorted(sure | set(numbers[is_enough].tolist())), cut)
