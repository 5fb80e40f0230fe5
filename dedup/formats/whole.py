"""All the text of a web page, a line for each of its blocks, and what its markup says of them.

Nothing is left out that a reader could see: which lines are the article's is for
`dedup.boilerplate` to judge. What it is given to judge by: the elements that a line
stands in, and whether those who look for the main text of a page would take it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, cast

from dedup.formats.markup import KINDS, Block

if TYPE_CHECKING:
    from resiliparse.parse.html import ElementNode, HTMLTree

__all__ = ["DOUBTFUL", "MAIN", "find_main", "read_whole"]

#: Lines that all, or only some, ways of finding the main text take.
MAIN, DOUBTFUL = "main", "doubtful"

_SILENT = frozenset(
    {
        *("head", "title", "script", "style", "noscript", "template", "svg", "math", "iframe"),
        *("object", "canvas", "audio", "video", "select", "option", "datalist", "textarea"),
    }
)
#: Elements inside a line; any other begins one. A row of a table is a line.
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "q", "ruby"),
        *("rb", "rp", "rt", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
        *("time", "tt", "u", "var", "wbr"),
    }
)
_CELLS = frozenset(("td", "th"))
_ELEMENTS = {
    **KINDS,
    "tr": "table",
    "nav": "navigation",
    "header": "header",
    "footer": "footer",
    "address": "footer",
    "aside": "aside",
    "form": "form",
    "button": "form",
}
#: ARIA's landmarks.
_ROLES = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
}
#: What authors call such elements where they use none of the above. After Mozilla's
#: Readability, "unlikely candidates".
_CALLED = re.compile(
    r"(?P<navigation>breadcrumb|menu|nav|pager|pagination|tags)"
    r"|(?P<header>masthead|banner)"
    r"|(?P<footer>footer|gdpr)"
    r"|(?P<caption>caption|credit)"
    r"|(?P<form>newsletter|popup|sign-?up|subscri)"
    r"|(?P<aside>advert|combx|comment|disqus|outbrain|promo|recommend|related|share|shoutbox"
    r"|sidebar|skyscraper|social|sponsor|taboola|widget)",
    re.IGNORECASE,
)
#: A character of a script without spaces is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
#: A run of this many words that the main text has too is of it.
_GRAM = 5
#: Such runs cover so much of a line of the main text.
_MIN_SHARE = 0.6
#: A page with more text is no article's, and its runs of words would fill the memory.
_MAX_CHARACTERS = 1 << 20
#: Names and roles beyond so many characters are nobody's.
_MAX_NAME = 500


def read_whole(tree: "HTMLTree") -> tuple[str, list[Block]]:
    """Return the text of a page and its blocks, outer ones first; linear in the page.

    Besides the kinds of `markup.KINDS` blocks are navigation, header, footer, aside
    and form, by their elements, ARIA roles, or what their authors call them. Blocks
    stand inside each other.
    """
    lines: list[str] = []
    words: list[str] = []
    blocks: list[Block] = []
    opened: list[tuple[list[str], int]] = []
    at = 0

    def finish() -> None:
        nonlocal at
        # What is preformatted keeps its lines.
        is_kept = bool(opened) and "preformatted" in opened[-1][0]
        text = "".join(words)
        words.clear()
        for part in text.split("\n") if is_kept else [text]:
            if line := " ".join(part.split()):
                lines.append(line)
                at += len(line) + 1

    for node, is_start in _steps(tree):
        name = str(node.tag)
        if name == "#text":
            words.append(node.text or "")
        elif name in _CELLS:
            words.append(" ")
        elif name not in _INLINE:
            finish()
            if is_start:
                opened.append((_kinds(node, name), at))
                continue
            kinds, start = opened.pop()
            if start < at:
                blocks += [(start, at - 1, kind) for kind in kinds]
    finish()
    return "\n".join(lines), sorted(blocks, key=lambda block: (block[0], -block[1]))


def find_main(text: str, found: Sequence[str]) -> list[Block]:
    """Say which lines of a page's text are its main text, and which are only perhaps.

    Parameters
    ----------
    text : str
        Of the page, or what was taken of it.
    found : Sequence[str]
        The main text as it was found in two ways or more. Where a text is long beyond
        sense nothing is said.

    Returns
    -------
    list[Block]
        Runs of lines that all have (main), or only some (doubtful). Lines that none has
        are in no block.
    """
    if not found or max(map(len, (text, *found))) > _MAX_CHARACTERS:
        return []
    lines = text.split("\n")
    in_lines = [_words(line) for line in lines]
    votes = [sum(vote) for vote in zip(*(_votes(in_lines, other) for other in found), strict=True)]
    blocks: list[Block] = []
    at = 0
    for vote, run in groupby(zip(votes, lines, strict=True), lambda pair: pair[0]):
        length = sum(len(line) + 1 for _, line in run)
        if vote:
            blocks.append((at, at + length - 1, MAIN if vote == len(found) else DOUBTFUL))
        at += length
    return blocks


def _votes(lines: list[list[str]], main: str) -> list[bool]:
    """Say of each line whether a main text has most of it, or has the very line."""
    words = _words(main)
    grams = {" ".join(words[i : i + _GRAM]) for i in range(len(words) - _GRAM + 1)}
    own = {" ".join(_words(line)) for line in main.split("\n")}
    page = [word for line in lines for word in line]
    is_known = bytearray(len(page))
    for i in range(len(page) - _GRAM + 1):
        if " ".join(page[i : i + _GRAM]) in grams:
            is_known[i : i + _GRAM] = b"\1" * _GRAM
    ends = list(accumulate(map(len, lines)))
    return [
        sum(is_known[end - len(line) : end]) >= _MIN_SHARE * max(len(line), 1)
        or " ".join(line) in own
        for end, line in zip(ends, lines, strict=True)
    ]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _steps(tree: "HTMLTree") -> Iterator[tuple["ElementNode", bool]]:
    """Yield the elements and texts of a page's body as they begin and end."""
    opened: list[ElementNode] = []
    node = tree.body
    while node is not None or opened:
        if node is None:
            node = opened.pop()
            yield node, False
        elif (name := str(node.tag)) not in _SILENT and name != "#comment":
            yield node, True
            if name != "#text":
                opened.append(node)
                node = cast("ElementNode | None", node.first_child)
                continue
        # What follows the body, if anything, is not of it.
        node = cast("ElementNode | None", node.next) if opened else None


def _kinds(node: "ElementNode", name: str) -> list[str]:
    """Return what an element is: by its name, its role, what it is called."""
    called = None
    if name not in ("body", "main", "article"):  # those are called after their site's layout
        said = f"{node.getattr('id') or ''} {node.getattr('class') or ''}"
        called = _CALLED.search(said[:_MAX_NAME])
    role = _ROLES.get((node.getattr("role") or "").lower())
    found = (_ELEMENTS.get(name), role, called.lastgroup if called else None)
    return list(dict.fromkeys(kind for kind in found if kind))
