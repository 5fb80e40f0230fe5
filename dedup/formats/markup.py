"""Markup to text: paragraphs, and which of them are headings, lists or captions.

For fragments whose every word belongs to the article (a feed's ``content``, a
newswire's ``body.content``). Whole pages take `page`, which has to find the
article first.
"""

import re
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING

from dedup.errors import OptionalDependencyError
from dedup.formats.depth import MAX_TAGS

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["KINDS", "Block", "join_blocks", "text_of_element", "text_of_html"]

#: A block's first and last code point in the text, and what it was.
Block = tuple[int, int, str]

#: What a block of these elements is called; all others are paragraphs.
KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list"),
    **dict.fromkeys(("figcaption", "caption", "media-caption"), "caption"),
    **dict.fromkeys(("td", "th"), "table"),
    **dict.fromkeys(("blockquote", "bq"), "quote"),
    "pre": "preformatted",
}
_BLOCKS = {
    *KINDS, "p", "div", "section", "article", "ul", "ol", "dl", "table", "tr", "tbody", "thead",
    "figure", "header", "footer", "aside", "main", "nav", "form", "hr", "body", "block", "media",
    "address", "fieldset", "details", "summary", "note", "body.content", "hedline", "body.head",
}  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_SILENT = {"script", "style", "template", "noscript", "head", "title", "svg", "iframe", "object"}


def text_of_html(markup: str) -> tuple[str, list[Block]]:
    r"""Return the text of an HTML fragment, and its blocks that are no paragraphs.

    Raises
    ------
    OptionalDependencyError
        If lxml is not installed.

    Examples
    --------
    >>> text_of_html("<h2>Rain</h2><p>It <b>fell</b>.<br>Long.</p><ul><li>Here</ul>")
    ('Rain\n\nIt fell.\nLong.\n\nHere', [(0, 4, 'heading'), (22, 26, 'list')])
    """
    if "<" not in markup and "&" not in markup:
        return join_blocks([("paragraph", part) for part in markup.split("\n\n")])
    if markup.count("<") > MAX_TAGS:
        # Nobody's article: its words without a tree of it, which would fill the memory.
        return unescape(_TAG.sub(" ", markup)).strip(), []
    try:
        from lxml.etree import HTML, HTMLParser, ParserError, XMLSyntaxError
    except ImportError as error:
        raise OptionalDependencyError("lxml", "wire", "reading markup") from error
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    raw = markup.replace("\0", "").encode("utf-8", "replace")
    try:
        root = HTML(raw, parser)
    except (ParserError, XMLSyntaxError):  # nothing but white space or comments
        root = None
    return ("", []) if root is None else text_of_element(root)


def text_of_element(root: "_Element") -> tuple[str, list[Block]]:
    """Return the text in an element, and its blocks that are no paragraphs."""
    from lxml.etree import iterwalk

    parts: list[tuple[str, str]] = []
    words: list[str] = []
    kinds: list[str] = ["paragraph"]
    silent = 0

    def finish() -> None:
        parts.append((kinds[-1], "".join(words)))
        words.clear()

    for event, element in iterwalk(root, events=("start", "end")):
        name = _local_name(element.tag)
        if event == "start":
            silent += name in _SILENT
            if name in _BLOCKS:
                finish()
                # A paragraph in a list is of the list.
                kinds.append(KINDS.get(name, kinds[-1]))
            elif name == "br":
                words.append("\n")
            if element.text and not silent and name is not None:
                words.append(_folded(element.text, keep=kinds[-1] == "preformatted"))
            continue
        silent -= name in _SILENT
        if name in _BLOCKS:
            finish()
            kinds.pop()
        if element.tail and not silent and element is not root:
            words.append(_folded(element.tail, keep=kinds[-1] == "preformatted"))
    finish()
    return join_blocks(parts)


def join_blocks(parts: Iterable[tuple[str, str]]) -> tuple[str, list[Block]]:
    """Join blocks of (kind, text) by blank lines, empty ones left out."""
    texts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for kind, text in parts:
        text = "\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n")).strip()
        if not text:
            continue
        if kind != "paragraph":
            blocks.append((at, at + len(text), kind))
        texts.append(text)
        at += len(text) + 2
    return "\n\n".join(texts), blocks


def _folded(text: str, *, keep: bool) -> str:
    if keep:
        return text
    start = " " if text[0].isspace() else ""
    end = " " if text[-1].isspace() else ""
    return start + " ".join(text.split()) + end if text.strip() else " "


def _local_name(tag: object) -> str | None:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else None
