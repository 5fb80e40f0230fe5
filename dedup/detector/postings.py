"""The inverted index of one run: keys and their owners, on disk, in buckets."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile, Scratch
from dedup.detector.pairs import split_by
from dedup.shingles import Hashes

__all__ = ["PostingStore"]

#: A bucket is what is sorted at once: the keys of so many articles, in buckets of a
#: number that has two files open each. A key's bucket comes from bits that are even in
#: every family: sampled shingles have no high bits, and the lowest say the family.
_ARTICLES, _LEAST, _MOST = 8192, 16, 128
_BUCKET_SHIFT = np.uint64(32)
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
        count = min(max(n // _ARTICLES, _LEAST), _MOST)
        self._scratch = scratch
        self._keys = [scratch.array(np.uint64) for _ in range(count)]
        self._owners = [scratch.array(np.uint32) for _ in range(count)]

    def __len__(self) -> int:
        return sum(map(len, self._keys))

    def add(self, keys: Hashes, owners: NDArray[np.int64]) -> None:
        """Add keys, each with the rank of its owner."""
        count = len(self._keys)
        order, starts = split_by(
            ((keys >> _BUCKET_SHIFT) % np.uint64(count)).astype(np.uint8), count
        )
        keys, ranks = keys[order], owners[order].astype(np.uint32)
        for bucket in range(count):
            here = slice(starts[bucket], starts[bucket + 1])
            self._keys[bucket].append(keys[here])
            self._owners[bucket].append(ranks[here])

    def buckets(self) -> Iterator[tuple[Hashes, NDArray[np.uint32]]]:
        """Yield the keys and owners of each bucket, giving its disk space back.

        A bucket too large for the memory comes in parts; all of a key's owners are in one.
        """
        for keys, owners in zip(self._keys, self._owners, strict=True):
            with keys, owners:
                parts = self._scratch.parts_of(keys.size_bytes)
                if parts == 1:
                    yield keys.read(0, len(keys)), owners.read(0, len(owners))
                    continue
                for part in range(parts):
                    yield _part(keys, owners, np.uint64(part), np.uint64(parts))

    def close(self) -> None:
        """Give the disk space back."""
        for keys, owners in zip(self._keys, self._owners, strict=True):
            keys.close()
            owners.close()


def _part(
    keys: ArrayFile[np.uint64], owners: ArrayFile[np.uint32], part: np.uint64, parts: np.uint64
) -> tuple[Hashes, NDArray[np.uint32]]:
    """Read those of a bucket whose keys fall in a part of it."""
    chosen_keys, chosen_owners, at = [], [], 0
    for some in keys.pieces():
        its_owners = owners.read(at, at + len(some))
        at += len(some)
        here = ((some >> _BUCKET_SHIFT) * _PART_FACTOR >> _PART_SHIFT) % parts == part
        chosen_keys.append(some[here])
        chosen_owners.append(its_owners[here])
    return np.concatenate(chosen_keys), np.concatenate(chosen_owners)
