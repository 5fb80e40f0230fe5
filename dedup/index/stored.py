"""Articles as rows: what every backend keeps, the same everywhere.

``docs/index-format.md`` describes them byte by byte.
"""

import struct
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, moment_of
from dedup.index.seal import CRC, sealed
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
_LENGTH = struct.Struct("<I")
_ABSENT = 0xFFFFFFFF
_NAMES = 5
_ACCEPTED, _HAS_CUES, _HAS_DATE = 1, 2, 4
_ABSENT_LENGTH = _LENGTH.pack(_ABSENT)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


class StoredArticle:
    """One article of an index; its parts are read from the row when asked for.

    Parameters
    ----------
    number : int
        Articles are numbered from 1 in the order in which they came.
    raw : bytes
        The row, checked.

    Attributes
    ----------
    is_accepted : bool
        Whether the gate let it pass.
    origin : int
        The accepted article that it was rejected for, or 0.
    same_as : int
        The article of the same site with the same words, or 0; then it has no
        tokens of its own.
    added : int
        Seconds since 1970 when it came.
    """

    __slots__ = ("_fields", "_read_names", "_read_site", "number", "raw")

    def __init__(self, number: int, raw: bytes) -> None:
        self.number = number
        self.raw = raw
        self._fields = _HEAD.unpack_from(raw)
        self._read_names: list[str | None] | None = None
        self._read_site: str | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the gate let it pass."""
        return bool(self._fields[1] & _ACCEPTED)

    @property
    def origin(self) -> int:
        """The accepted article that it was rejected for, or 0."""
        return int(self._fields[6])

    @property
    def same_as(self) -> int:
        """The article of the same site with the same words, or 0."""
        return int(self._fields[7])

    @property
    def added(self) -> int:
        """Seconds since 1970 when it came."""
        return int(self._fields[8])

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
    def id(self) -> str:
        """Its id."""
        if self._read_names is not None:
            return self._read_names[0] or ""
        # Asked for of every article that matches; its other names hardly.
        name, _ = _name_at(self.raw, int(self._fields[11]))
        return name or ""

    @property
    def url(self) -> str | None:
        """Its URL."""
        return self._names[2]

    @property
    def site(self) -> str:
        """Its site, ``""`` if it names none; read once."""
        if self._read_site is None:
            # Asked for of every article that is compared; its other names hardly.
            raw, at = self.raw, int(self._fields[11])
            for _ in range(_NAMES - 1):
                (length,) = _LENGTH.unpack_from(raw, at)
                at += _LENGTH.size + length * (length != _ABSENT)
            name, _ = _name_at(raw, at)
            self._read_site = name or ""
        return self._read_site

    @property
    def published(self) -> datetime | None:
        """When it was published, in the time zone it was given in."""
        if not self._fields[1] & _HAS_DATE:
            return None
        zone = timezone(timedelta(seconds=self._fields[10]))
        return (_EPOCH + timedelta(microseconds=self._fields[9])).astimezone(zone)

    def article(self, text: str = "") -> Article:
        """Return it as an article; its text is kept elsewhere."""
        return Article(
            self.id,
            text,
            title=self._names[1],
            url=self.url,
            source=self._names[3],
            published=self.published,
        )

    @property
    def _units_at(self) -> int:
        return _HEAD.size + 8 * int(self._fields[2])

    @property
    def _flags_at(self) -> int:
        return self._units_at + 4 * int(self._fields[3])

    @property
    def _names(self) -> list[str | None]:
        """Its id, title, URL, source and site; read once."""
        names = self._read_names
        if names is None:
            at, names = int(self._fields[11]), []
            for _ in range(_NAMES):
                name, at = _name_at(self.raw, at)
                names.append(name)
            self._read_names = names
        return names


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
    flags = _ACCEPTED * is_accepted | _HAS_CUES * (len(cues) > 0)
    microseconds = offset = 0
    if published is not None:
        flags |= _HAS_DATE
        microseconds = moment_of(published)
        offset = int((published.utcoffset() or _NO_TIME).total_seconds())
    parts = [
        b"",
        tokens.astype("<u8", copy=False).tobytes(),
        units.astype("<u4", copy=False).tobytes(),
    ]
    parts += [np.packbits(x).tobytes() for x in (cues, chosen.is_out, chosen.is_formula) if len(x)]
    strings_at = _HEAD.size + sum(map(len, parts))
    for name in (article.id, article.title, article.url, article.source, site):
        if name is None:
            parts.append(_ABSENT_LENGTH)
        else:
            raw = name.encode("utf-8", "surrogatepass")
            parts += _LENGTH.pack(len(raw)), raw
    parts[0] = _HEAD.pack(
        0, flags, len(tokens), len(units), len(chosen.is_formula), chosen.samples,
        origin, same_as, added, microseconds, offset, strings_at,
    )[CRC.size :]  # fmt: skip
    return sealed(*parts)


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


def _name_at(raw: bytes, at: int) -> tuple[str | None, int]:
    """Return a name of a row, and where the next one is."""
    (length,) = _LENGTH.unpack_from(raw, at)
    at += _LENGTH.size
    if length == _ABSENT:
        return None, at
    return raw[at : at + length].decode("utf-8", "surrogatepass"), at + length


def _bytes_of(flags: int) -> int:
    return (flags + 7) // 8


def _flags(raw: bytes, at: int, count: int) -> NDArray[np.bool_]:
    packed = np.frombuffer(raw, np.uint8, _bytes_of(count), at)
    return np.unpackbits(packed, count=count).view(np.bool_)
