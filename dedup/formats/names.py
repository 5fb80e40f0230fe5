"""What common scrapers, wires and news APIs call an article's fields.

A name is compared without case, ``_``, ``-`` and spaces, so that
``articleBody``, ``article_body`` and ``Article Body`` are one name; a dot goes
one level down. The first name that a record has a usable value for wins. Dates
of crawling, saving or changing a page are in no list: they are not publication
dates.
"""

import re

__all__ = ["PATHS", "TARGETS", "Path", "names_text", "squash"]

#: Where a value lies in a record: one key for each level.
Path = tuple[str, ...]

_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "_id", "_id.$oid", "guid", "guid.rendered", "uuid", "uid", "article id", "doc id",
        "document id", "story id", "news id", "item id", "post id", "identifier",
    ),
    "text": (
        "text", "body", "content", "maintext", "main text", "article body", "article text",
        "full text", "body text", "story body", "cleaned text", "clean text", "plain text",
        "text content", "content text", "raw text", "article content", "article", "story",
    ),
    "title": (
        "title", "headline", "headline.main", "headline text", "article title", "title.rendered",
    ),
    "url": (
        "url", "link", "canonical url", "canonical link", "permalink", "web url", "article url",
        "page url", "final url", "original url", "source link", "href", "uri", "@id",
    ),
    "source": (
        "source", "source domain", "hostname", "site name", "site", "publisher", "domain", "host",
        "outlet", "publication", "source name", "source.name", "source.title", "source.id",
        "publisher.name", "website", "newspaper", "provider",
    ),
    "published": (
        "published", "published at", "published date", "publish date", "date publish",
        "date published", "publication date", "publication datetime", "pub date", "publish time",
        "published time", "published on", "first published", "first publication date",
        "web publication date", "original publication date", "issued", "date", "datetime",
    ),
}  # fmt: skip

_IGNORED = str.maketrans("", "", "_- ")


def squash(name: str) -> str:
    """Return `name` as names are compared."""
    return name.lower().translate(_IGNORED)


#: The fields of an article that a record's fields can be mapped to.
TARGETS = tuple(_NAMES)

#: For each of them the paths to try, in order; the first key of each squashed.
PATHS: dict[str, tuple[Path, ...]] = {
    target: tuple((squash(first), *rest) for first, *rest in (name.split(".") for name in names))
    for target, names in _NAMES.items()
}

_KEY = re.compile(rb'"([^"\\]{1,40})"\s*:')
#: Besides the names of texts: where JSON Feed and ninjs have theirs.
_MARKUP = {"contenthtml", "bodyxhtml", "bodyhtml", "bodyplaintext", "bodies"}
_TEXTS = _MARKUP | {path[0] for path in PATHS["text"] if len(path) == 1}


def names_text(head: bytes) -> bool:
    """Say whether JSON that begins with `head` has a key that texts go by.

    Examples
    --------
    >>> names_text(b'{"articles": [{"fullText": ""'), names_text(b'{"name": "left-pad"')
    (True, False)
    """
    keys = {squash(key.decode("utf-8", "replace")) for key in _KEY.findall(head)}
    return bool(keys & _TEXTS)
