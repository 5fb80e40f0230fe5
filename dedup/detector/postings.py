"""The inverted index of one run: keys and their owners, on disk, in buckets."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Scratch
from dedup.shingles import Hashes

if TYPE_CHECKING:
    from dedup.kernels.splitting import SplitPostings

__all__ = ["PostingStore", "Postings"]

#: Keys and the owner of each, of the same shape.
Postings = tuple[Hashes, NDArray[np.uint32]]

#: A bucket is what is sorted at once: the keys of so many articles, in buckets of a
#: number, a power of two, that has two files open each. A key's bucket comes from bits that
#: are even in every family: sampled shingles have no high bits, and the lowest say the family.
_ARTICLES, _LEAST, _MOST = 8192, 16, 128
_BUCKET_SHIFT = 32
#: Which part of a bucket that is too large for the memory a key is in: a mix of those bits.
_PART_FACTOR, _PART_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(40)


class PostingStore:
    """Posting keys with the rank of the article that has each.

    Twelve bytes a key on disk; in memory only while a bucket is worked on.

    Parameters
    ----------
    n : int
        How many articles there are.
    """

    def __init__(self, n: int, scratch: Scratch) -> None:
        count = _LEAST
        while count < _MOST and n // count >= 2 * _ARTICLES:
            count *= 2
        self._scratch = scratch
        self._keys = [scratch.array(np.uint64) for _ in range(count)]
        self._owners = [scratch.array(np.uint32) for _ in range(count)]

    def __len__(self) -> int:
        return sum(map(len, self._keys))

    def split(self, keys: Hashes, owners: NDArray[np.uint32]) -> "SplitPostings":
        """Order keys, each with the rank of its owner, in any thread, for :meth:`add`."""
        from dedup.kernels.splitting import split_postings

        return split_postings(keys, owners, _BUCKET_SHIFT, len(self._keys))

    def add(self, postings: "SplitPostings") -> None:
        """Add what :meth:`split` ordered."""
        bounds = pairwise(postings.starts.tolist())
        for keys, owners, (start, end) in zip(self._keys, self._owners, bounds, strict=True):
            keys.append(postings.keys[start:end])
            owners.append(postings.owners[start:end])

    def buckets(self) -> Iterator[Callable[[], Postings]]:
        """Yield what reads each bucket, once, and gives its disk space back.

        A bucket too large for the memory comes in parts; all of a key's owners are in one.
        """
        for keys, owners in zip(self._keys, self._owners, strict=True):
            yield from _Bucket(keys, owners, self._scratch.parts_of(keys.size_bytes)).readers()

    def close(self) -> None:
        """Give the disk space back."""
        for keys, owners in zip(self._keys, self._owners, strict=True):
            keys.close()
            owners.close()


class _Bucket:
    """Keys and their owners on disk, read in so many parts."""

    def __init__(
        self, keys: ArrayFile[np.uint64], owners: ArrayFile[np.uint32], parts: int
    ) -> None:
        self._keys, self._owners, self._parts = keys, owners, parts
        self._left, self._lock = parts, Lock()

    def readers(self) -> Iterator[Callable[[], Postings]]:
        """Yield what reads each part; in any thread and order."""
        for part in range(self._parts):
            yield partial(self._read, part)

    def _read(self, part: int) -> Postings:
        keys, owners = self._keys, self._owners
        found = (
            (keys.read(0, len(keys)), owners.read(0, len(owners)))
            if self._parts == 1
            else self._chosen(np.uint64(part))
        )
        with self._lock:
            self._left -= 1
            if self._left == 0:
                keys.close()
                owners.close()
        return found

    def _chosen(self, part: np.uint64) -> Postings:
        """Return the keys that fall in a part, with their owners."""
        chosen_keys, chosen_owners, at = [], [], 0
        for some in self._keys.pieces():
            its_owners = self._owners.read(at, at + len(some))
            at += len(some)
            mixed = (some >> np.uint64(_BUCKET_SHIFT)) * _PART_FACTOR >> _PART_SHIFT
            here = mixed % np.uint64(self._parts) == part
            chosen_keys.append(some[here])
            chosen_owners.append(its_owners[here])
        return np.concatenate(chosen_keys), np.concatenate(chosen_owners)
