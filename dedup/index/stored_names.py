"""What an article of an index says of itself: who it is, and what became of it."""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from dedup.article import Article

__all__ = ["ACCEPTED", "HAS_DATE", "StoredNames", "pack_names"]

#: Flags of a row.
ACCEPTED, HAS_DATE = 1, 4
_LENGTH = struct.Struct("<I")
_ABSENT = 0xFFFFFFFF
_ABSENT_LENGTH = _LENGTH.pack(_ABSENT)
_NAMES = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StoredNames:
    """What an article of an index says of itself; read from its row when asked for.

    Parameters
    ----------
    number : int
        Articles are numbered from 1 in the order in which they came.
    raw : bytes
        A row, or its end.
    fields : tuple
        Of the row's head; the last says where in ``raw`` the names begin.

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

    def __init__(self, number: int, raw: bytes, fields: tuple[int, ...]) -> None:
        self.number = number
        self.raw = raw
        self._fields = fields
        self._read_names: list[str | None] | None = None
        self._read_site: str | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the gate let it pass."""
        return bool(self._fields[1] & ACCEPTED)

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
        if not self._fields[1] & HAS_DATE:
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


def pack_names(names: Iterable[str | None]) -> bytes:
    """Return an article's id, title, URL, source and site as they end its row."""
    parts = []
    for name in names:
        if name is None:
            parts.append(_ABSENT_LENGTH)
        else:
            raw = name.encode("utf-8", "surrogatepass")
            parts += _LENGTH.pack(len(raw)), raw
    return b"".join(parts)


def _name_at(raw: bytes, at: int) -> tuple[str | None, int]:
    """Return a name of a row, and where the next one is."""
    (length,) = _LENGTH.unpack_from(raw, at)
    at += _LENGTH.size
    if length == _ABSENT:
        return None, at
    return raw[at : at + length].decode("utf-8", "surrogatepass"), at + length
