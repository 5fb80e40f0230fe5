"""Posting lists in a mapped file that processes share."""

import mmap
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Postings, slots_for
from dedup.shingles import Hashes

__all__ = ["PostingFile"]

_ENTRY_BYTES = 16
_MAGIC = b"dedup-postings-1"
#: magic, index id, slots, checksum of these.
_FIXED = struct.Struct("<16s16sQI")
_COUNTS_AT, _HEADER_BYTES = 64, 4096
_COUNT, _HIGHEST, _DIRTY, _ALLOCATED, _SEALED, _ENTRIES_CRC, _COUNTS_CRC = range(7)
_COUNTS_BYTES = 56
_BOOT_AT, _BOOT_BYTES = 128, 40
_ALLOCATED_AT_ONCE = 1 << 16
#: Entries checked at a time.
_BLOCK = 1 << 20


_NOT_LINK = np.array([True, True, False, True])


class PostingFile(Postings):
    """Posting lists in a mapped file that processes of one machine share.

    One process at a time appends, holding the index's own lock. The file can always
    be made again from the index's rows, so nothing that was acknowledged depends on
    it; who was killed while appending leaves postings of no article, which are
    harmless.
    """

    def __init__(self, path: Path, file: int, index_id: bytes) -> None:
        super().__init__()
        self.path = path
        self.index_id = index_id
        self._file = file
        self._map = mmap.mmap(file, 0)
        slots = _FIXED.unpack_from(self._map)[2]
        # Indexed for every article: a memoryview's numbers are Python's own.
        self._counts = memoryview(self._map)[_COUNTS_AT : _COUNTS_AT + _COUNTS_BYTES].cast("Q")
        self.heads = np.frombuffer(self._map, np.uint32, slots, _HEADER_BYTES)
        flat = np.frombuffer(self._map, np.uint32, slots * 4, _HEADER_BYTES + 4 * slots)
        self.entries = flat.reshape(slots, 4)

    @classmethod
    def create(cls, path: Path, index_id: bytes, postings: int = 0) -> Self:
        """Make an empty file with room for so many postings and more.

        Raises
        ------
        OSError
            The disk is full.
        """
        slots = slots_for(postings)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            # Writing to a mapped page that the disk has no room for would kill the process.
            os.posix_fallocate(file, 0, _HEADER_BYTES + 4 * slots)
            os.ftruncate(file, _HEADER_BYTES + (4 + _ENTRY_BYTES) * slots)
            fixed = _FIXED.pack(_MAGIC, index_id, slots, 0)
            crc = zlib.crc32(fixed[:-4])
            os.pwrite(file, _FIXED.pack(_MAGIC, index_id, slots, crc), 0)
            made = cls(path, file, index_id)
            made._counts[_COUNTS_CRC] = made._crc_of_counts()
            return made
        except BaseException:
            os.close(file)
            path.unlink(missing_ok=True)
            raise

    @classmethod
    def open(cls, path: Path, index_id: bytes, highest: int) -> Self | None:
        """Open a file, or return None if it must be made again.

        Parameters
        ----------
        highest : int
            The number of the index's newest article.
        """
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        is_sound = False
        try:
            size = os.fstat(file).st_size
            head = os.pread(file, _FIXED.size, 0)
            if len(head) == _FIXED.size:
                magic, its_id, slots, crc = _FIXED.unpack(head)
                is_sound = (magic, its_id, crc) == (
                    _MAGIC,
                    index_id,
                    zlib.crc32(head[:-4]),
                ) and size == _HEADER_BYTES + (4 + _ENTRY_BYTES) * slots
        finally:
            if not is_sound:
                os.close(file)
        if not is_sound:
            return None
        opened = cls(path, file, index_id)
        if opened.highest < highest or not opened._is_whole() or opened._is_damaged():
            opened.close()
            return None
        return opened

    @property
    def count(self) -> int:
        """Postings so far."""
        return self._counts[_COUNT]

    @property
    def highest(self) -> int:
        """The highest number ever appended."""
        return self._counts[_HIGHEST]

    def has_room(self, postings: int) -> bool:
        """Say whether so many more fit."""
        return self.count + postings <= len(self.heads)

    def append(self, keys: Hashes, number: int, samples: int) -> None:
        """Append an article's postings; there must be room.

        Raises
        ------
        OSError
            The disk is full.
        """
        from dedup.kernels.chains import append_keys

        count = self.count
        # Taken before it is used: who is killed in between leaves a gap, no broken chain.
        self.take(count + len(keys), number)
        append_keys(self.heads, self.entries, count, keys, number, samples)

    def append_many(
        self,
        keys: Hashes,
        ends: NDArray[np.int64],
        numbers: NDArray[np.int64],
        samples: NDArray[np.int64],
    ) -> None:
        """Append the postings of articles in the order of their numbers; there must be room.

        Parameters
        ----------
        ends : int64 of shape (n,)
            Where in ``keys`` those of each article end.

        Raises
        ------
        OSError
            The disk is full.
        """
        from dedup.kernels.ahead import append_articles

        count = self.count
        self.take(count + len(keys), int(numbers[-1]))
        append_articles(self.heads, self.entries, count, keys, ends, numbers, samples)

    def take(self, count: int, number: int) -> None:
        """Take the room for so many postings in all, on the disk too.

        Parameters
        ----------
        number : int
            Whose postings they are.
        """
        if not self._counts[_DIRTY]:
            self._mark_dirty()
        if count > self._allocated:
            so_far, more = self._allocated, min(count + _ALLOCATED_AT_ONCE, len(self.heads))
            start = _HEADER_BYTES + 4 * len(self.heads) + _ENTRY_BYTES * so_far
            os.posix_fallocate(self._file, start, _ENTRY_BYTES * (more - so_far))
            self._counts[_ALLOCATED] = more
        self._counts[_COUNT] = count
        self._counts[_HIGHEST] = max(number, self.highest)

    @property
    def _allocated(self) -> int:
        return self._counts[_ALLOCATED]

    def larger(self, path: Path, postings: int) -> "PostingFile":
        """Copy all into a new file with room for so many more."""
        from dedup.kernels.chains import relink

        made = PostingFile.create(path, self.index_id, self.count + postings)
        try:
            made.take(self.count, self.highest)
        except BaseException:
            made.discard()
            raise
        relink(self.entries, self.count, made.heads, made.entries)
        return made

    def problems(self) -> Iterator[str]:
        """Yield what does not hold, whatever the articles are."""
        from dedup.kernels.chains import wrong_links

        if wrong := int(wrong_links(self.heads, self.entries, self.count)):
            yield f"postings: {wrong} chains are broken"
        if self.entries[self.count :].any():
            yield "postings: something stands where nothing was written"
        crc = 0
        for block in self._blocks(0, self._sealed):
            crc = zlib.crc32(block.data, crc)
        if crc != self._counts[_ENTRIES_CRC]:
            yield "postings: an entry does not match its checksum"
        if not self.is_dirty and (wrong := self._wrong_heads()):
            yield f"postings: {wrong} slots lead to no newest entry"
        # Who writes names the boot; otherwise its place is empty too.
        boot = _BOOT_AT, _BOOT_AT + _BOOT_BYTES * self.is_dirty
        used = (0, _FIXED.size), (_COUNTS_AT, _COUNTS_AT + _COUNTS_BYTES), boot
        ends = [*(start for start, _ in used[1:]), _HEADER_BYTES]
        gaps = zip((end for _, end in used), ends, strict=True)
        if any(any(self._map[start:end]) for start, end in gaps):
            yield "postings: the header is damaged"

    def settle(self) -> None:
        """Write everything to disk and say so in the file."""
        self._seal()
        self._map.flush()
        self._counts[_DIRTY] = 0
        self._map[_BOOT_AT : _BOOT_AT + _BOOT_BYTES] = bytes(_BOOT_BYTES)
        self._counts[_COUNTS_CRC] = self._crc_of_counts()
        self._map.flush(0, _HEADER_BYTES)

    @property
    def is_dirty(self) -> bool:
        """Whether something was appended since it was last settled."""
        return bool(self._counts[_DIRTY])

    @property
    def bytes_on_disk(self) -> int:
        """Bytes that the disk has given it."""
        return os.fstat(self._file).st_blocks * 512

    def close(self) -> None:
        """Let go of the file."""
        self._counts.release()
        del self.heads, self.entries
        self._map.close()
        os.close(self._file)

    def discard(self) -> None:
        """Let go of the file and remove it."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _mark_dirty(self) -> None:
        self._map[_BOOT_AT : _BOOT_AT + _BOOT_BYTES] = _boot_id()
        self._counts[_DIRTY] = 1
        self._map.flush(0, _HEADER_BYTES)

    @property
    def _sealed(self) -> int:
        """Entries that the checksum covers."""
        return self._counts[_SEALED]

    def _blocks(self, start: int, end: int) -> "Iterator[NDArray[np.uint32]]":
        for at in range(start, end, _BLOCK):
            yield self.entries[at : min(at + _BLOCK, end)]

    def _seal(self) -> None:
        """Let the checksum cover all entries."""
        crc, at = self._counts[_ENTRIES_CRC], self._sealed
        for block in self._blocks(at, self.count):
            places = np.arange(at + 1, at + 1 + len(block))
            # Who was killed before an entry was led to left it behind.
            block[places > self.heads[block[:, 0] & np.uint32(len(self.heads) - 1)]] = 0
            crc, at = zlib.crc32(block.data, crc), at + len(block)
        self._counts[_SEALED], self._counts[_ENTRIES_CRC] = at, crc

    def _wrong_heads(self) -> int:
        """Count the slots that do not lead to the newest of their entries."""
        newest, at = np.zeros(len(self.heads), np.uint32), 0
        for block in self._blocks(0, self.count):
            numbers = np.arange(at + 1, at + 1 + len(block), dtype=np.uint32)
            used = block[:, 1] != 0
            newest[block[used, 0] & np.uint32(len(self.heads) - 1)] = numbers[used]
            at += len(block)
        wrong = self.heads != newest
        # A larger copy of the file chains what was left empty to the first slot.
        first = int(self.heads[0])
        wrong[0] = first < newest[0] or (wrong[0] and self.entries[first - 1].any(where=_NOT_LINK))
        return int(wrong.sum())

    def _crc_of_counts(self) -> int:
        return zlib.crc32(self._counts[:_COUNTS_CRC])

    def _is_damaged(self) -> bool:
        """Whether the header cannot be relied on."""
        if self.is_dirty:
            return not self._sealed <= self.count <= self._allocated <= len(self.heads)
        return self._counts[_COUNTS_CRC] != self._crc_of_counts() or self._sealed != self.count

    def _is_whole(self) -> bool:
        """Whether no power cut came between appending and settling."""
        boot = _boot_id()
        return not self.is_dirty or (
            any(boot) and self._map[_BOOT_AT : _BOOT_AT + _BOOT_BYTES] == boot
        )


def _boot_id() -> bytes:
    """Return what names the time since the machine started; zeros where nothing does."""
    try:
        raw = Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    except OSError:
        raw = b""
    return raw[:_BOOT_BYTES].ljust(_BOOT_BYTES, b"\0")
