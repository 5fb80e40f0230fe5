"""Saved web pages: an .html file is one article."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from dedup.errors import FormatError
from dedup.formats.page import MAX_PAGE_BYTES
from dedup.formats.record import Row
from dedup.formats.remembered import Extract, find_page
from dedup.formats.sources import Source, inner_name
from dedup.formats.xml import root_name

__all__ = ["WebPage", "page_row"]

_SUFFIXES = (".html", ".htm", ".xhtml")


class WebPage:
    """One page: its id is its path within the folder given, its text what `page` finds.

    Parameters
    ----------
    extract : str or RememberedPages
        ``"best"`` or ``"fast"``.
    """

    name = "web pages (.html)"
    has_own_names = False
    suffixes = _SUFFIXES

    def __init__(self, extract: Extract = "best") -> None:
        self._extract = extract

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether its root element is ``html``, or it is called so and is markup."""
        is_called_so = inner_name(source.path).endswith(_SUFFIXES)
        return root_name(head) == "html" or (is_called_so and b"<" in head)

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the one row."""
        raw = stream.read(MAX_PAGE_BYTES + 1)
        known: dict[str, object] = {"id": source.name}
        yield page_row(raw, raw, None, known, self._extract, None, {"id": "name of the file"})


def page_row(
    raw: bytes,
    markup: bytes,
    line: int | None,
    known: dict[str, object],
    extract: Extract,
    encoding: str | None,
    spelled: Mapping[str, str],
) -> Row:
    """Return a page as a row.

    Parameters
    ----------
    raw : bytes
        The record that it came in, the page itself or more.
    markup : bytes
        The page.
    known : dict[str, object]
        Fields that are known without reading it: they win.
    extract, encoding
        As for `find_page`.
    spelled : Mapping[str, str]
        What the file calls the fields in `known`.
    """
    try:
        page = find_page(markup, extract, encoding)
    except FormatError as error:
        return Row(raw, line, None, error.reason, "page not read")
    fields: dict[str, object] = {
        "text": page.text,
        "title": page.title,
        "url": page.url,
        "published": page.published.isoformat() if page.published else None,
    }
    # A page without an address of its own has its publisher's name.
    if not (known.get("url") or page.url):
        fields["source"] = page.source
    extra = {"publisher_name": page.source, "extracted_by": page.how, "blocks": page.blocks}
    fields |= {name: value for name, value in extra.items() if value}
    fields |= known
    fields = {name: value for name, value in fields.items() if value is not None}
    said = dict.fromkeys(("title", "url", "source", "published"), "what the page says of itself")
    return Row(raw, line, fields, spelled={**said, "text": page.how or "nothing", **spelled})
