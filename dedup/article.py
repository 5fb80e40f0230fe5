"""The record that everything else works on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

__all__ = [
    "BLOCKS",
    "UNDATED",
    "Article",
    "HasNotes",
    "HasUniqueIds",
    "host_of",
    "hosts_of",
    "moment_of",
]

#: Most URLs, told without taking them apart.
_PLAIN_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")
#: What an article's record has where the lines of its text came from.
BLOCKS = "blocks"
#: The host of such a URL ends before the first slash behind these.
_SCHEMES = ("http://", "https://")
#: Stands for the moment of an article without a date: after all others.
UNDATED = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS, _SECOND = 86_400, 1_000_000
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Article:
    """One article as a feed gave it.

    Parameters
    ----------
    id : str
        Unique within a run.
    text : str
        The body as scraped, site chrome included. Spans elsewhere are
        code-point offsets into this string.
    title, url, source : str | None
        As given; ``None`` means absent.
    published : datetime | None
        Time-zone aware. A crawl date is not a publication date.
    extra : Mapping[str, object]
        Whatever else the record held.

    Examples
    --------
    >>> Article("1", "Body.", url="https://www.example.org/a").site
    'example.org'
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=lambda: _NOTHING, compare=False, repr=False)

    @property
    def site(self) -> str | None:
        """Whose page this is: the URL's host without ``www.``, else the source.

        Boilerplate is learned per site, because one outlet goes by several
        source names.
        """
        return (host_of(self.url) if self.url else None) or self.source


@runtime_checkable
class HasUniqueIds(Protocol):
    """Articles whose reader knows whether it has refused ids that it saw before."""

    @property
    def has_unique_ids(self) -> bool:
        """No two articles have the same id."""
        ...


@runtime_checkable
class HasNotes(Protocol):
    """Articles whose reader has something to say."""

    def notes(self) -> list[str]:
        """Return what a user should know about the reading so far, a sentence each."""
        ...


def moment_of(published: datetime | None) -> int:
    """Return microseconds since 1970, or ``UNDATED`` for no date.

    Examples
    --------
    >>> moment_of(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    if published is None:
        return UNDATED
    since = (published if published.tzinfo else published.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * _DAY_SECONDS + since.seconds) * _SECOND + since.microseconds


def host_of(url: str) -> str | None:
    """Return a URL's host in lower case without ``www.``, if it has one.

    Examples
    --------
    >>> host_of("https://www.Example.org:8080/a"), host_of("http://[broken")
    ('example.org', None)
    """
    plain = _PLAIN_HOST.match(url)
    host = plain[1].lower() if plain else _parsed_host(url)
    return host.removeprefix("www.") or None if host else None


def hosts_of(urls: Sequence[str | None]) -> list[str | None]:
    """Return :func:`host_of` each; URLs that begin alike are taken apart once."""
    known: dict[str | None, str | None] = {None: None, "": None}
    hosts = []
    for url in urls:
        origin = url
        if url and url.startswith(_SCHEMES):
            end = url.find("/", len("https://"))
            origin = url[:end] if end > 0 else url
        if origin not in known:
            known[origin] = host_of(origin) if origin else None
        hosts.append(known[origin])
    return hosts


def _parsed_host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
