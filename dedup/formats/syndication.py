"""RSS, Atom and RDF feeds, read by feedparser."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError, OptionalDependencyError
from dedup.formats.markup import text_of_html
from dedup.formats.record import Row
from dedup.formats.sources import Source, refuse_second
from dedup.formats.xml import (
    read_whole,
    refuse_entities,
    root_name,
    split_elements,
    write_without,
)

if TYPE_CHECKING:
    from feedparser import FeedParserDict

__all__ = ["Syndication"]

_RDF = ("rss090", "rss10")
#: What feedparser calls by one name.
_SPELLED = {
    "rss": {"id": "guid", "published": "pubDate"},
    "rdf": {"id": "rdf:about", "published": "dc:date"},
    "atom": {"id": "id", "published": "published"},
}
_ENTRIES = (b"item", b"entry")
#: Fields of an entry that are read here, or are other spellings of them.
_READ = {
    "id", "guidislink", "title", "title_detail", "link", "links", "summary", "summary_detail",
    "content", "published", "published_parsed", "updated_parsed",
}  # fmt: skip


class Syndication:
    """A feed: its entries' contents where it has them, else their summaries."""

    name = "RSS, Atom or RDF (.xml, .rss)"
    has_own_names = False
    suffixes = (".xml", ".rss", ".atom", ".rdf")

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether its root element is a feed's."""
        del source
        return root_name(head) in ("rss", "feed", "rdf", "channel")

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the entries in the feed's order; their numbers count from 1."""
        yield from _rows(source, read_whole(source.path, stream))

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the feed without the dropped entries, otherwise byte for byte."""
        refuse_second(source, before, "feeds")
        raw = read_whole(source.path, stream)
        rows = list(_rows(source, raw))
        spans = split_elements(raw, _ENTRIES)
        if len(rows) != len(spans):
            raise FormatError(source.path, "not well-formed enough to take entries out of it")
        write_without(out, raw, spans, map(is_kept, rows))
        return b"feed"


def _rows(source: Source, raw: bytes) -> Iterator[Row]:
    try:
        import feedparser
    except ImportError as error:
        raise OptionalDependencyError("feedparser", "wire", "reading feeds") from error
    refuse_entities(source.path, raw)
    # Bytes, never a string: of one it would open the file or URL of that name. Its HTML is
    # made text here, so nothing is to be sanitized.
    feed = feedparser.parse(raw, resolve_relative_uris=False, sanitize_html=False)
    if feed.bozo and not feed.entries:
        problem = feed.get("bozo_exception")
        raise FormatError(source.path, f"broken XML: {problem}; fetch the feed again")
    spans = split_elements(raw, _ENTRIES)
    is_split = len(spans) == len(feed.entries)
    outlet = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, 1):
        part = raw[slice(*spans[number - 1])] if is_split else b""
        yield _row(entry, part, number, outlet, _kind(feed.version))


def _kind(version: str) -> str:
    if version in _RDF:
        return "rdf"
    return "atom" if version.startswith("atom") else "rss"


def _row(entry: "FeedParserDict", raw: bytes, number: int, outlet: str | None, kind: str) -> Row:
    markup, text_name = _markup(entry)
    text, blocks = text_of_html(markup) if markup is not None else (None, [])
    title, _ = text_of_html(entry.get("title") or "")
    own = entry.get("source")
    source = own.get("title") if isinstance(own, Mapping) else None
    fields: dict[str, object] = {
        "id": entry.get("id") or entry.get("link"),
        "text": text or "",
        "title": title,
        "url": entry.get("link"),
        "source": source or (None if entry.get("link") else outlet),
        # Atom requires only `updated`: when the page changed, not when it came out. RSS 1.0
        # has only dc:date, which is when it came out.
        "published": entry.get("updated" if kind == "rdf" else "published"),
    }
    fields = {field: value for field, value in fields.items() if value is not None}
    if blocks:
        fields["blocks"] = blocks
    fields |= {name: value for name, value in entry.items() if name not in _READ | {*fields}}
    spelled = {**_SPELLED[kind], "text": text_name, "url": "link"}
    if source is None and entry.get("link") is None and outlet:
        spelled["source"] = "channel title"
    return Row(raw, number, fields, spelled=spelled)


def _markup(entry: "FeedParserDict") -> tuple[str | None, str]:
    contents = [part.get("value") or "" for part in entry.get("content", ())]
    longest = max(contents, key=len, default="")
    if longest.strip():
        return longest, "content"
    return entry.get("summary"), "summary"
