"""The inverted index of one run: keys and their owners, on disk, in buckets."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.detector.arrays import ArrayFile
from dedup.shingles import Hashes

__all__ = ["PostingStore"]

#: A bucket is what is sorted at once. Its number comes from bits that are even in
#: every family: sampled shingles have no high bits, and the lowest say the family.
BUCKETS = 16
_BUCKET_SHIFT = np.uint64(32)


class PostingStore:
    """Posting keys with the rank of the article that has each.

    Twelve bytes a key on disk; in memory only while a bucket is worked on.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._keys: list[ArrayFile[np.uint64]] = []
        self._owners: list[ArrayFile[np.uint32]] = []
        for _ in range(BUCKETS):
            self._keys.append(ArrayFile(np.uint64, folder))
            self._owners.append(ArrayFile(np.uint32, folder))

    def __len__(self) -> int:
        return sum(map(len, self._keys))

    def add(self, keys: Hashes, owners: NDArray[np.int64]) -> None:
        """Add keys, each with the rank of its owner."""
        buckets = (keys >> _BUCKET_SHIFT).astype(np.uint8) % BUCKETS
        order = np.argsort(buckets, kind="stable")  # a radix sort for bytes
        ends = np.cumsum(np.bincount(buckets, minlength=BUCKETS))
        keys, ranks = keys[order], owners[order].astype(np.uint32)
        for bucket, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            if end > start:
                self._keys[bucket].append(keys[start:end])
                self._owners[bucket].append(ranks[start:end])

    def buckets(self) -> Iterator[tuple[Hashes, NDArray[np.uint32]]]:
        """Yield the keys and owners of each bucket, giving its disk space back."""
        for keys, owners in zip(self._keys, self._owners, strict=True):
            with keys, owners:
                yield keys.read(0, len(keys)), owners.read(0, len(owners))

    def close(self) -> None:
        """Give the disk space back."""
        for keys, owners in zip(self._keys, self._owners, strict=True):
            keys.close()
            owners.close()
