"""Articles as rows: what every backend keeps, the same everywhere.

``docs/index-format.md`` describes them byte by byte.
"""

import struct
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, moment_of
from dedup.index.seal import CRC, sealed
from dedup.index.stored_names import ACCEPTED, HAS_DATE, StoredNames, pack_names
from dedup.shingles import Hashes

__all__ = [
    "Chosen",
    "StoredArticle",
    "moved",
    "pack_article",
    "twin_row",
]

_HEAD = struct.Struct("<IIIIIIQQqqiI")
#: Where the numbers of two other articles stand in it.
_REFERS, _REFERS_AT = struct.Struct("<QQ"), 24
_HAS_CUES = 2
_NO_TIME = timedelta()
_NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)
_NO_HASHES: Hashes = np.empty(0, np.uint64)


class Chosen(NamedTuple):
    """What was body when an article was added.

    Attributes
    ----------
    is_out : bool of shape (units,)
        Units that were chrome.
    is_formula : bool of shape (tokens of the body,)
        Shingles that were boilerplate of the site.
    samples : int
        How many sampled shingles were posted.
    """

    is_out: NDArray[np.bool_]
    is_formula: NDArray[np.bool_]
    samples: int


class StoredArticle(StoredNames):
    """One article of an index; its parts are read from the row when asked for.

    Parameters
    ----------
    number : int
    raw : bytes
        The row, checked.
    """

    __slots__ = ()

    def __init__(self, number: int, raw: bytes) -> None:
        super().__init__(number, raw, _HEAD.unpack_from(raw))

    @property
    def names(self) -> StoredNames:
        """It without its words, which are most of the row."""
        *fields, names_at = self._fields
        return StoredNames(self.number, self.raw[names_at:], (*fields, 0))

    @property
    def tokens(self) -> Hashes:
        """All token hashes, chrome included."""
        return np.frombuffer(self.raw, np.uint64, self._fields[2], _HEAD.size)

    @property
    def token_count(self) -> int:
        """How many tokens it has."""
        return int(self._fields[2])

    @property
    def units(self) -> NDArray[np.uint32]:
        """First token of each unit."""
        return np.frombuffer(self.raw, np.uint32, self._fields[3], self._units_at)

    @property
    def words(self) -> tuple[memoryview, memoryview]:
        """The bytes of ``tokens`` and of ``units``, for many articles at once."""
        raw, units_at = memoryview(self.raw), _HEAD.size + 8 * int(self._fields[2])
        return raw[_HEAD.size : units_at], raw[units_at : units_at + 4 * int(self._fields[3])]

    @property
    def cues(self) -> NDArray[np.bool_]:
        """Units that are chrome by cues; empty if its site needed none."""
        if not self._fields[1] & _HAS_CUES:
            return _NO_FLAGS
        return _flags(self.raw, self._flags_at, self._fields[3])

    @property
    def chosen(self) -> Chosen:
        """What was body when it was added."""
        units, body = self._fields[3], self._fields[4]
        at = self._flags_at
        if self._fields[1] & _HAS_CUES:
            at += _bytes_of(units)
        return Chosen(
            _flags(self.raw, at, units),
            _flags(self.raw, at + _bytes_of(units), body),
            self._fields[5],
        )

    @property
    def _units_at(self) -> int:
        return _HEAD.size + 8 * int(self._fields[2])

    @property
    def _flags_at(self) -> int:
        return self._units_at + 4 * int(self._fields[3])


def pack_article(
    article: Article,
    site: str,
    *,
    tokens: Hashes,
    units: NDArray[np.uint32],
    cues: NDArray[np.bool_],
    chosen: Chosen,
    is_accepted: bool,
    origin: int,
    same_as: int,
    added: int,
) -> bytes:
    """Return the row of an article.

    Parameters
    ----------
    cues : bool of shape (units,), or (0,) if its site needs none
    """
    if same_as:
        tokens, units = _NO_HASHES, np.empty(0, np.uint32)
        cues, chosen = _NO_FLAGS, Chosen(_NO_FLAGS, _NO_FLAGS, 0)
    published = article.published
    flags = ACCEPTED * is_accepted | _HAS_CUES * (len(cues) > 0)
    microseconds = offset = 0
    if published is not None:
        flags |= HAS_DATE
        microseconds = moment_of(published)
        offset = int((published.utcoffset() or _NO_TIME).total_seconds())
    words = [tokens.astype("<u8", copy=False), units.astype("<u4", copy=False)]
    words += [np.packbits(x) for x in (cues, chosen.is_out, chosen.is_formula) if len(x)]
    head = _HEAD.pack(
        0, flags, len(tokens), len(units), len(chosen.is_formula), chosen.samples,
        origin, same_as, added, microseconds, offset,
        _HEAD.size + sum([part.nbytes for part in words]),
    )  # fmt: skip
    names = pack_names((article.id, article.title, article.url, article.source, site))
    return sealed(head[CRC.size :], *[part.data for part in words], names)


def moved(row: StoredArticle, origin: int, same_as: int) -> bytes:
    """Return the row with the numbers it refers to replaced."""
    refers = _REFERS.pack(origin, same_as)
    raw = row.raw
    return sealed(raw[CRC.size : _REFERS_AT], refers, raw[_REFERS_AT + _REFERS.size :])


def twin_row(first: StoredArticle, twin: StoredArticle) -> bytes:
    """Return the row of an article with the words that it has repeated so far."""
    return pack_article(
        twin.article(),
        twin.site,
        tokens=first.tokens,
        units=first.units,
        cues=first.cues,
        chosen=first.chosen,
        is_accepted=twin.is_accepted,
        origin=twin.origin,
        same_as=0,
        added=twin.added,
    )


def _bytes_of(flags: int) -> int:
    return (flags + 7) // 8


def _flags(raw: bytes, at: int, count: int) -> NDArray[np.bool_]:
    packed = np.frombuffer(raw, np.uint8, _bytes_of(count), at)
    return np.unpackbits(packed, count=count).view(np.bool_)
