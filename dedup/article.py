"""The record that everything else works on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

__all__ = ["Article"]

#: Most URLs, told without taking them apart.
_PLAIN_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")
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
        if self.url:
            plain = _PLAIN_HOST.match(self.url)
            host = plain[1].lower() if plain else _parsed_host(self.url)
            if host:
                return host.removeprefix("www.")
        return self.source


def _parsed_host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
