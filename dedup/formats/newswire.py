"""The newswires' XML: NITF and NewsML-G2."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError
from dedup.formats.markup import join_blocks, text_of_element, text_of_html
from dedup.formats.record import Row
from dedup.formats.sources import Source, refuse_second
from dedup.formats.xml import (
    child_text,
    parse_xml,
    read_whole,
    root_name,
    split_elements,
    write_without,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NewsML", "Nitf"]


class Nitf:
    """NITF: one document, one article."""

    name = "NITF (.xml)"
    has_own_names = False
    suffixes = (".xml", ".nitf")

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the root element is ``nitf``."""
        del source
        return root_name(head) == "nitf"

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the one row."""
        raw = read_whole(source.path, stream)
        fields, spelled = _nitf(parse_xml(source.path, raw))
        yield Row(raw, None, {"id": source.name, **fields}, spelled=spelled)


class NewsML:
    """NewsML-G2: a news item, or a message or package that holds several.

    Each version of an item is an article of its own: its id is the GUID with
    ``@`` and the version, its moment of publication when the version was made.
    """

    name = "NewsML-G2 (.xml)"
    has_own_names = False
    suffixes = (".xml", ".newsml")

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the root element is one of NewsML-G2's that holds items."""
        del source
        return root_name(head) in ("newsitem", "newsmessage")

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield a row for each item with text; their numbers count from 1."""
        yield from _items(source, read_whole(source.path, stream))

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the message without the dropped items, otherwise byte for byte."""
        refuse_second(source, before, "messages")
        raw = read_whole(source.path, stream)
        is_wanted = (row.is_aside or is_kept(row) for row in _items(source, raw))
        write_without(out, raw, split_elements(raw, (b"newsItem",)), is_wanted)
        return b"message"


def _items(source: Source, raw: bytes) -> Iterator[Row]:
    root = parse_xml(source.path, raw)
    items = root.xpath("descendant-or-self::*[local-name()='newsItem']")
    spans = split_elements(raw, (b"newsItem",))
    if len(spans) != len(items):
        raise FormatError(source.path, "not in an encoding that extends ASCII: convert it to UTF-8")
    is_one = len(items) == 1 and root_name(raw) == "newsitem"
    for number, (item, span) in enumerate(zip(items, spans, strict=True), 1):
        part = raw if is_one else raw[slice(*span)]
        line = None if is_one else number
        kind = child_text(item, "itemMeta/itemClass/@qcode") or "ninat:text"
        fields, spelled = _news_item(item)
        if fields["text"] is None and not kind.endswith("text"):
            yield Row(part, line, None, f"an item of class {kind}", "no text item", is_aside=True)
            continue
        fields["text"] = fields["text"] or ""
        yield Row(part, line, {"id": source.name, **fields}, spelled=spelled)


def _nitf(root: "_Element") -> tuple[dict[str, object], dict[str, str]]:
    bodies = root.xpath("*[local-name()='body']/*[local-name()='body.content']")
    parts = [text_of_element(body) for body in bodies]
    text, blocks = parts[0] if len(parts) == 1 else join_blocks([("", t) for t, _ in parts])
    names = {
        "id": ("head/docdata/doc-id/@id-string", "@uno", "head/docdata/@id"),
        "title": ("body/body.head/hedline/hl1", "body/body.head/headline", "head/title"),
        "source": (
            "head/pubdata/@name", "body/body.head/distributor", "head/docdata/doc-id/@regsrc",
            "head/docdata/doc.copyright/@holder",
        ),
        "published": (
            "head/pubdata/@date.publication", "head/docdata/date.release/@norm",
            "head/docdata/date.issue/@norm",
        ),
        "url": ("head/pubdata/@ex-ref", "head/docdata/doc-id/@url"),
    }  # fmt: skip
    fields, spelled = _first_of(root, names)
    extra = {
        "byline": child_text(root, "body/body.head/byline"),
        "dateline": child_text(root, "body/body.head/dateline"),
        "copyright": child_text(root, "head/docdata/doc.copyright/@holder"),
        "series": child_text(root, "head/docdata/du-key/@key"),
        "version": child_text(root, "head/docdata/du-key/@version"),
        "blocks": blocks or None,
    }
    fields |= {name: value for name, value in extra.items() if value is not None}
    fields = {name: value for name, value in fields.items() if value is not None}
    return {**fields, "text": text}, {**spelled, "text": "body.content"}


def _news_item(item: "_Element") -> tuple[dict[str, object], dict[str, str]]:
    text, blocks, text_name = _content(item)
    names = {
        "title": ("contentMeta/headline", "itemMeta/title", "contentSet//nitf//hl1"),
        "source": (
            "contentMeta/infoSource/name", "contentMeta/infoSource/@literal",
            "itemMeta/provider/name", "itemMeta/provider/@literal", "itemMeta/provider/@qcode",
            "contentMeta/creditline",
        ),
        "published": (
            "itemMeta/versionCreated", "itemMeta/firstCreated", "contentMeta/contentCreated",
        ),
        "url": ("contentMeta/altId",),
    }  # fmt: skip
    fields, spelled = _first_of(item, names)
    if not str(fields["url"] or "").startswith(("http://", "https://")):
        fields["url"] = None
    guid, version = item.get("guid"), item.get("version")
    fields["id"] = f"{guid}@{version}" if guid and version else guid
    fields = {name: value for name, value in fields.items() if value is not None}
    extra = {
        "guid": guid,
        "version": version,
        "byline": child_text(item, "contentMeta/by"),
        "slugline": child_text(item, "contentMeta/slugline"),
        "urgency": child_text(item, "contentMeta/urgency"),
        "pubstatus": child_text(item, "itemMeta/pubStatus/@qcode"),
        "blocks": blocks or None,
    }
    fields |= {name: value for name, value in extra.items() if value is not None}
    spelled |= {"id": "guid, version" if version else "guid", "text": text_name}
    return {**fields, "text": text}, spelled


def _content(item: "_Element") -> tuple[str | None, list[tuple[int, int, str]], str]:
    """Return the text of the first rendition that has one."""
    for inner in item.xpath("*[local-name()='contentSet']/*[local-name()='inlineXML']/*"):
        bodies = inner.xpath("descendant-or-self::*[local-name()='body.content']")
        if not bodies:
            bodies = inner.xpath("descendant-or-self::*[local-name()='body']")
        text, blocks = text_of_element(bodies[0] if bodies else inner)
        if text:
            return text, blocks, "inlineXML"
    for inner in item.xpath("*[local-name()='contentSet']/*[local-name()='inlineData']"):
        value = "".join(inner.itertext())
        if "html" in (inner.get("contenttype") or ""):
            return (*text_of_html(value), "inlineData")
        if value.strip() and not (inner.get("encoding") or ""):
            return value.strip(), [], "inlineData"
    return None, [], "contentSet"


def _first_of(
    root: "_Element", names: dict[str, tuple[str, ...]]
) -> tuple[dict[str, object], dict[str, str]]:
    fields: dict[str, object] = {}
    spelled: dict[str, str] = {}
    for target, paths in names.items():
        fields[target] = None
        for path in paths:
            if (value := child_text(root, path)) is not None:
                fields[target] = value
                spelled[target] = path
                break
    return fields, spelled
