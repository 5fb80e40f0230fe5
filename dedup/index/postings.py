"""Posting lists in flat arrays."""

from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from dedup.index.keys import LARGEST_GROUP, MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR
from dedup.index.protocol import BodyKeys, Sharing
from dedup.shingles import Hashes

__all__ = ["MemoryPostings", "Postings", "slots_for"]

_SMALLEST_SLOTS = 1 << 12
#: From so many postings on, 256 MB, most are in no cache: what is kept of frequent keys takes
#: nearly half of a look-up then. Before, it adds a tenth to what an admission takes.
_SCATTERED = 1 << 24
_NOTHING = np.empty(0, np.uint64), np.empty((0, 1), np.uint64)
#: Room for the numbers that are usually found for a body.
_USUAL_NUMBERS = 32


class Postings:
    """What both kinds share: look-ups, and appending where there is room."""

    heads: NDArray[np.uint32]
    entries: NDArray[np.uint32]

    def __init__(self) -> None:
        # Imported here once, not for each look-up.
        from dedup.kernels import chains, lookups, sharing

        self._chains, self._lookups, self._sharing = chains, lookups, sharing
        #: Of frequent keys, for either of the threads that look them up; none until needed.
        self._frequent: Sequence[tuple[Hashes, Hashes]] = ()

    @property
    def count(self) -> int:
        """Postings so far."""
        raise NotImplementedError

    def find(self, keys: Hashes) -> Sharing:
        """Return who shares enough keys with a body; the first key is the exact one."""
        numbers, cut = self._sharing.find_sharing(
            self.heads, self.entries, *self._kept(0), keys, 1,
            MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR, LARGEST_GROUP,
        )  # fmt: skip
        return Sharing(numbers.tolist(), cut)

    def find_ahead(self, keys: BodyKeys, first: int, threads: Executor) -> list[Sharing]:
        """Do as :meth:`find` for bodies of which each is posted before the next is asked for.

        Parameters
        ----------
        keys : BodyKeys
        first : int
            The number that the first of them will have.
        threads : Executor
            Looks for half of them.
        """
        from dedup.kernels.ahead import chain_keys, find_ahead

        slots = slots_for(int(keys.counts.sum()))
        fresh = np.zeros(slots, np.uint32), np.empty((slots, 4), np.uint32)
        chain_keys(*keys, 1, *fresh)

        def find(start: int, end: int, frequent: tuple[Hashes, Hashes]) -> list[Sharing]:
            (names, kept), (ends, cuts) = frequent, np.empty((2, end - start), np.int64)
            found = np.empty(_USUAL_NUMBERS * len(ends), np.int64)
            while True:
                room = find_ahead(
                    self.heads, self.entries, names, kept, *keys, first, *fresh, 1,
                    MIN_SHARED_SAMPLES, SHARED_SAMPLES_DIVISOR, LARGEST_GROUP, start, ends, cuts,
                    found,
                )  # fmt: skip
                if room <= len(found):
                    break
                found = np.empty(room, np.int64)
            flat, last = found[:room].tolist(), ends.tolist()
            return [
                Sharing(flat[start:end], cut)
                for start, end, cut in zip([0, *last], last, cuts.tolist(), strict=False)
            ]

        half = len(keys.starts) // 2
        other = threads.submit(find, half, len(keys.starts), self._kept(1))
        return find(0, half, self._kept(0)) + other.result()

    def _kept(self, thread: int) -> tuple[Hashes, Hashes]:
        """Return what is kept of frequent keys for a thread; nothing while chains are near."""
        if self.count < _SCATTERED:
            return _NOTHING
        if not self._frequent:
            from dedup.kernels.frequent import make_frequent

            self._frequent = make_frequent(), make_frequent()
        return self._frequent[thread]

    def numbers_of(self, key: int, most: int) -> list[int]:
        """Return the numbers under one key, newest first."""
        found: list[int] = self._chains.chain_of(
            self.heads, self.entries, np.uint64(key), most
        ).tolist()
        return found

    def numbers_under(self, keys: Sequence[int], most: int) -> list[list[int]]:
        """Return the numbers under each of many keys, newest first."""
        asked = np.array(keys, np.uint64)
        numbers, ends = self._lookups.chains_of(self.heads, self.entries, asked, most)
        if not len(numbers):
            return [[] for _ in keys]
        flat, last = numbers.tolist(), ends.tolist()
        return [flat[start:end] for start, end in zip([0, *last], last, strict=False)]

    def missing(self, keys: Hashes, number: int, samples: int) -> int:
        """Count the keys of an article that are not posted."""
        from dedup.kernels.chains import missing_keys

        return int(missing_keys(self.heads, self.entries, self.count, keys, number, samples))


class MemoryPostings(Postings):
    """Posting lists in memory: 20 to 32 bytes a posting."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.heads = np.zeros(_SMALLEST_SLOTS, np.uint32)
        self.entries = np.empty((_SMALLEST_SLOTS, 4), np.uint32)

    @property
    def count(self) -> int:
        """Postings so far."""
        return self._count

    def append(self, keys: Hashes, number: int, samples: int) -> None:
        """Append an article's postings."""
        from dedup.kernels.chains import append_keys, relink

        if self._count + len(keys) > len(self.heads):
            slots = slots_for(self._count + len(keys))
            heads, entries = np.zeros(slots, np.uint32), np.empty((slots, 4), np.uint32)
            relink(self.entries, self._count, heads, entries)
            self.heads, self.entries = heads, entries
        self._count = int(append_keys(self.heads, self.entries, self._count, keys, number, samples))


def slots_for(postings: int) -> int:
    """Return how many slots chains of so many postings stand in; a power of two."""
    return max(_SMALLEST_SLOTS, 1 << (2 * postings - 1).bit_length())
