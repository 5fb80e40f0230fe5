"""What a page says of itself in JSON-LD: schema.org's NewsArticle and its kin."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

__all__ = ["PageData", "read_linked_data"]

_SCRIPT = re.compile(r"<script\b[^>]{0,500}?ld\+json[^>]{0,500}>", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
#: A page has a few; one with thousands is no page.
_MAX_SCRIPTS = 50
_MAX_NODES = 10_000


@dataclass(frozen=True, slots=True)
class PageData:
    """A page's own account of the article on it; None for what it does not say."""

    body: str | None = None
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: str | None = None


def read_linked_data(markup: str) -> PageData:
    """Return what the first article described in a page says.

    Examples
    --------
    >>> read_linked_data('<script type="application/ld+json">'
    ...     '{"@type": "NewsArticle", "headline": "Rain", "articleBody": "It fell."}</script>').body
    'It fell.'
    """
    articles = [node for node in _nodes(markup) if _is_article(node)]
    if not articles:
        return PageData()
    node = next((node for node in articles if _text(node.get("articleBody"))), articles[0])
    main = node.get("mainEntityOfPage")
    publisher = node.get("publisher")
    if isinstance(publisher, list):
        publisher = publisher[0] if publisher else None
    return PageData(
        body=_text(node.get("articleBody")),
        title=_text(node.get("headline")) or _text(node.get("name")),
        url=_text(node.get("url")) or _text(main.get("@id") if isinstance(main, Mapping) else main),
        publisher=_text(publisher.get("name") if isinstance(publisher, Mapping) else publisher),
        published=_text(node.get("datePublished")),
    )


def _nodes(markup: str) -> Iterator[Mapping[str, object]]:
    """Yield every object in a page's JSON-LD."""
    left = _MAX_NODES
    at = 0
    for _ in range(_MAX_SCRIPTS):
        start = _SCRIPT.search(markup, at)
        end = _END.search(markup, start.end()) if start else None
        if start is None or end is None:
            return
        at = end.end()
        try:
            # Many pages have line breaks in their strings.
            pending = [
                json.loads(markup[start.end() : end.start()].strip(" \n\r\t;"), strict=False)
            ]
        except (ValueError, RecursionError):
            continue
        while pending and left:
            left -= 1
            value = pending.pop(0)
            if isinstance(value, list):
                pending[:0] = value[:left]
            elif isinstance(value, dict):
                yield value
                pending += [inner for inner in value.values() if isinstance(inner, dict | list)]


def _is_article(node: Mapping[str, object]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _TYPE.search(name) for name in names)


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    # Some write it escaped twice.
    return unescape(value).strip() or None
