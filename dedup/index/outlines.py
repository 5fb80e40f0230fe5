"""What is kept of articles so that most of those that match nothing are told by little.

An eighth of a row. ``docs/index-format.md`` describes it byte by byte.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.seal import CRC, sealed
from dedup.index.stored import StoredArticle

__all__ = ["PackedOutline", "pack_outlines", "unpack_outline"]

#: Behind the checksum.
_HEAD, _HASHES_AT = struct.Struct("<III"), 16
_HAS_CUES = 1
#: Of a unit in a row.
_UNIT_BYTES = 4
_NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)


class PackedOutline(NamedTuple):
    """What is kept of one article.

    Attributes
    ----------
    number : int
    raw : bytes
        All of it, checked; :func:`dedup.kernels.outlining.cut_outline` reads it.
    site : str
        As of the article.
    token_count, unit_count : int
    cues_at : int
        Where those of its units that are chrome by cues stand; 0 if its site needed none.
    """

    number: int
    raw: bytes
    site: str
    token_count: int
    unit_count: int
    cues_at: int

    @property
    def cues(self) -> NDArray[np.bool_]:
        """Units that are chrome by cues; bool of shape (units,), or (0,)."""
        if not self.cues_at:
            return _NO_FLAGS
        packed = np.frombuffer(self.raw, np.uint8, _bytes_of(self.unit_count), self.cues_at)
        return np.unpackbits(packed, count=self.unit_count).view(np.bool_)


def pack_outlines(rows: Sequence[StoredArticle]) -> Iterator[tuple[int, bytes]]:
    """Yield what is kept of articles, by number; nothing of those without words of their own."""
    from dedup.kernels import outlining

    rows = [row for row in rows if row.token_count]
    if not rows:
        return
    words = [row.words for row in rows]
    tokens = np.frombuffer(b"".join([tokens for tokens, _ in words]), np.uint64)
    units = np.frombuffer(b"".join([units for _, units in words]), np.uint32)
    token_offsets, unit_offsets = np.zeros((2, len(rows) + 1), np.int64)
    np.cumsum([row.token_count for row in rows], out=token_offsets[1:])
    np.cumsum([len(units) // _UNIT_BYTES for _, units in words], out=unit_offsets[1:])
    kept, hashes = np.empty(len(tokens), np.uint8), np.empty(len(units), np.uint64)
    is_plain = np.empty(len(rows), np.bool_)
    outlining.pack_outlines(tokens, token_offsets, units, unit_offsets, kept, hashes, is_plain)
    all_hashes, all_kept = hashes.astype("<u8", copy=False).data.cast("B"), kept.data
    ends = zip(token_offsets[1:].tolist(), unit_offsets[1:].tolist(), strict=True)
    start = first = 0
    for row, is_kept, (end, last) in zip(rows, is_plain.tolist(), ends, strict=True):
        if is_kept:
            cues = row.cues
            yield (
                row.number,
                sealed(
                    _HEAD.pack(_HAS_CUES * (len(cues) > 0), end - start, last - first),
                    all_hashes[8 * first : 8 * last],
                    all_kept[start:end],
                    np.packbits(cues).tobytes() if len(cues) else b"",
                    row.site.encode("utf-8", "surrogatepass"),
                ),
            )
        start, first = end, last


def unpack_outline(number: int, raw: bytes) -> PackedOutline:
    """Read what is kept of an article, checked."""
    flags, tokens, units = _HEAD.unpack_from(raw, CRC.size)
    at, cues_at = _HASHES_AT + 8 * units + tokens, 0
    if flags & _HAS_CUES:
        cues_at = at
        at += _bytes_of(units)
    site = raw[at:].decode("utf-8", "surrogatepass")
    return PackedOutline(number, raw, site, tokens, units, cues_at)


def _bytes_of(flags: int) -> int:
    return (flags + 7) // 8
