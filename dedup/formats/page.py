"""One saved web page to one article: its main text, and what the page says of itself.

``best`` asks trafilatura for the main text and resiliparse for a second opinion;
``fast`` asks resiliparse alone. A page that gives its whole body as JSON-LD is
believed. ``whole`` leaves nothing out: all the text, marked with what ``best`` finds.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from dedup.article import Article
from dedup.errors import ArgumentError, FormatError, OptionalDependencyError
from dedup.formats.dates import parse_published
from dedup.formats.decoding import decode_page
from dedup.formats.depth import MAX_TAGS, has_too_many_tags, is_too_deep
from dedup.formats.linkeddata import PageData, read_linked_data
from dedup.formats.markup import KINDS, Block, text_of_html
from dedup.formats.whole import find_main, read_whole

if TYPE_CHECKING:
    from resiliparse.parse.html import ElementNode, HTMLTree

__all__ = ["EXTRACTS", "MAX_PAGE_BYTES", "Page", "check_extract", "extract_page", "read_page"]

EXTRACTS = ("best", "fast", "whole")
#: A larger page is no article.
MAX_PAGE_BYTES = 8 << 20
#: Beyond this trafilatura takes minutes, and of tags a second for 30,000; articles' pages have
#: some 3,000.
_MAX_BEST_CHARACTERS, _MAX_BEST_TAGS = 2 << 20, 20_000
#: A rescue: the second opinion holds nearly all that the first found, and far more.
_MAX_SHARE_FOUND = 0.6
_MIN_SHARE_HELD = 0.9
#: The first found next to nothing: a notice.
_MAX_SHARE_MISSED = 0.3
#: Among teasers of other articles, headlines and links outnumber the prose.
_MIN_PROSE_LINES = 0.5
#: A body in JSON-LD is whole if it and the text found are nearly the same words.
_MIN_SHARE_WHOLE = 0.7
#: A line of prose: long enough and closed, or long. In Japanese these are two sentences.
_MIN_PROSE, _MIN_LONG_PROSE = 60, 160
_CLOSED = re.compile(r"[.!?…。！？:;\"”’')\]»]\s*$")
#: Where prose is less than this of a page, it is a list or a table, and stays whole.
_MIN_SHARE_PROSE = 0.75
_WORD = re.compile(r"\w+")
_MAX_LABELLED = 5000
_MAX_HEAD = 500
_LABELLED = ",".join(name for name in KINDS if name.isalnum())


@dataclass(frozen=True, slots=True)
class Page:
    """What was found on a page.

    Attributes
    ----------
    text : str
        The main text, empty if there is none.
    blocks : Sequence[Block]
        Where in it headings, lists, captions, tables and quotes are; in a page's whole
        text also its regions, and its main text.
    how : str
        What found it: trafilatura, resiliparse or JSON-LD; or that it is the whole page.
    """

    text: str
    blocks: Sequence[Block] = field(default=())
    how: str = ""
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: datetime | None = None


def read_page(name: str, raw: bytes, *, extract: str = "best") -> Article:
    """Return the main text of a web page as an article.

    Parameters
    ----------
    name : str
        The article's id, and what errors name.
    raw : bytes
        The page as saved.
    extract : str
        ``"best"``, ``"fast"``, or ``"whole"``.

    Raises
    ------
    OptionalDependencyError
        If the extra ``web`` is not installed.
    FormatError
        If no main text is found.
    """
    page = extract_page(name, raw, extract=extract)
    if not page.text:
        raise FormatError(name, "no main text found in this page; save its text as .txt")
    return Article(
        name,
        page.text,
        title=page.title,
        url=page.url,
        source=page.source,
        published=page.published,
        extra={"blocks": page.blocks, "extracted_by": page.how},
    )


def check_extract(extract: str) -> None:
    """Refuse what is no way to find a page's text.

    Raises
    ------
    ArgumentError
        It is none of `EXTRACTS`.
    """
    if extract not in EXTRACTS:
        *others, last = EXTRACTS
        raise ArgumentError(f"extract is {extract!r}: use {', '.join(others)} or {last}")


def extract_page(
    name: str, raw: bytes, *, extract: str = "best", encoding: str | None = None
) -> Page:
    """Return what is found on a page; its text is empty if that is nothing.

    Parameters
    ----------
    name : str
        What errors name.
    raw : bytes
        The page as saved.
    extract : str
        ``"best"``, ``"fast"``, or ``"whole"``.
    encoding : str | None
        As its server named it; the page's own word and a guess come after.

    Raises
    ------
    FormatError
        If the page is too large, or nested beyond sense.
    """
    check_extract(extract)
    if len(raw) > MAX_PAGE_BYTES:
        raise FormatError(name, f"larger than {MAX_PAGE_BYTES >> 20} MiB: no page of an article")
    if has_too_many_tags(raw):
        raise FormatError(name, f"more than {MAX_TAGS:,} tags: no page of an article")
    if is_too_deep(raw):
        raise FormatError(name, "elements nested a thousand deep: no page is written so")
    try:
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        raise _missing("resiliparse") from error
    markup = decode_page(raw, encoding)
    tree = HTMLTree.parse(markup)
    said = _said(markup, tree)
    quick = _quick_text(tree)
    text, how = quick, "resiliparse"
    if extract != "fast" and _is_modest(markup):
        text, how = _better(_best_text(markup), text)
    if said.body is not None:
        body, _ = text_of_html(said.body)
        if _shared(body, text)[2] >= _MIN_SHARE_WHOLE:
            text, how = body, "JSON-LD"
    text = _without_title(text, said.title)
    found = (text, quick) if text and extract != "fast" else ()
    if extract == "whole":
        text, blocks = read_whole(tree)
        how = "whole page"
    else:
        blocks = _labelled(tree, text)
    blocks += find_main(text, found)
    return Page(
        text,
        blocks,
        how if text else "",
        said.title,
        said.url,
        said.publisher,
        parse_published(said.published),
    )


def _is_modest(markup: str) -> bool:
    return len(markup) <= _MAX_BEST_CHARACTERS and markup.count("<") <= _MAX_BEST_TAGS


def _without_title(text: str, title: str | None) -> str:
    """Cut a headline that begins the text: it is a field of its own."""
    first, _, rest = text.partition("\n")
    words = _WORD.findall(first.lower())
    # A page's title may go on with the site's name.
    is_title = words and title is not None and _WORD.findall(title.lower())[: len(words)] == words
    return rest.strip() if is_title and rest.strip() else text


def _quick_text(tree: "HTMLTree") -> str:
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        tree, main_content=True, alt_texts=False, list_bullets=False, comments=False
    )
    return _trimmed(text)


def _trimmed(text: str) -> str:
    """Cut what stands before the first and behind the last line of prose: labels, tools."""
    lines = [line.strip() for line in text.split("\n")]
    prose = [number for number, line in enumerate(lines) if _is_prose(line)]
    if prose:
        inner = lines[prose[0] : prose[-1] + 1]
        if sum(map(len, inner)) >= _MIN_SHARE_PROSE * sum(map(len, lines)):
            lines = inner
    return "\n".join(lines).strip()


def _is_prose(line: str) -> bool:
    is_closed = len(line) >= _MIN_PROSE and _CLOSED.search(line) is not None
    return is_closed or len(line) >= _MIN_LONG_PROSE


def _best_text(markup: str) -> str:
    try:
        from trafilatura import extract
    except ImportError as error:
        raise _missing("trafilatura") from error
    return extract(markup, include_comments=False, favor_precision=True) or ""


def _better(first: str, second: str) -> tuple[str, str]:
    """Choose the second opinion where the first stopped in the middle."""
    count, held, _ = _shared(first, second)
    is_part = count <= _MAX_SHARE_FOUND and held >= _MIN_SHARE_HELD
    if not first or ((is_part or count <= _MAX_SHARE_MISSED) and _goes_on(first, second)):
        return second, "resiliparse"
    return first, "trafilatura"


def _goes_on(first: str, second: str) -> bool:
    """Say whether what only the second has is prose, not a list of other articles."""
    known = {" ".join(line.split()) for line in first.split("\n")}
    lines = [" ".join(line.split()) for line in second.split("\n")]
    more = [line for line in lines if line and line not in known]
    return sum(map(_is_prose, more)) >= _MIN_PROSE_LINES * len(more)


def _shared(a: str, b: str) -> tuple[float, float, float]:
    """Return |a| / |b|, how much of a is in b, and their overlap's share of the larger."""
    words_a, words_b = (Counter(_WORD.findall(text.lower())) for text in (a, b))
    size_a, size_b = words_a.total(), words_b.total()
    both = (words_a & words_b).total()
    return size_a / max(size_b, 1), both / max(size_a, 1), both / max(size_a, size_b, 1)


def _said(markup: str, tree: "HTMLTree") -> PageData:
    """Return the page's own account: JSON-LD first, then its head."""
    data = read_linked_data(markup)
    head: dict[str, str] = {}
    for node in _select(tree, "meta[content], link[rel=canonical]")[:_MAX_HEAD]:
        key = node.getattr("property") or node.getattr("name") or node.getattr("rel") or ""
        head.setdefault(str(key).lower(), node.getattr("content") or node.getattr("href") or "")
    url = next(
        (u for u in (head.get("canonical"), head.get("og:url"), data.url) if _is_address(u)), None
    )
    return PageData(
        data.body,
        data.title or head.get("og:title") or " ".join((tree.title or "").split()) or None,
        url,
        data.publisher or head.get("og:site_name") or None,
        data.published or head.get("article:published_time"),
    )


def _select(tree: "HTMLTree", selector: str) -> "Sequence[ElementNode]":
    found = tree.document.query_selector_all(selector) if tree.document is not None else ()
    return cast("Sequence[ElementNode]", found)


def _is_address(url: str | None) -> bool:
    return url is not None and url.startswith(("http://", "https://"))


def _labelled(tree: "HTMLTree", text: str) -> list[Block]:
    """Say which lines of a text were headings, lists, captions, tables or quotes."""
    kinds: dict[str, str] = {}
    for node in _select(tree, _LABELLED)[:_MAX_LABELLED]:
        kinds.setdefault(" ".join((node.text or "").split()), KINDS[str(node.tag)])
    blocks = []
    at = 0
    for line in text.split("\n"):
        if kind := kinds.get(" ".join(line.split()).removeprefix("- ")):
            blocks.append((at, at + len(line), kind))
        at += len(line) + 1
    return blocks


def _missing(package: str) -> OptionalDependencyError:
    return OptionalDependencyError(package, "web", "reading the main text of a web page")
