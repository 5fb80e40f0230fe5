"""XML from strangers: no entity is expanded, nothing is fetched, nothing grows."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import FormatError, OptionalDependencyError
from dedup.formats.depth import MAX_TAGS, has_too_many_tags

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["child_text", "parse_xml", "read_whole", "root_name", "split_elements", "write_without"]

#: A larger document is no article and no feed of them; a tree of one is some thirty times as
#: large in memory.
MAX_DOCUMENT_BYTES = 8 << 20
_PROLOG = re.compile(
    rb"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def root_name(head: bytes) -> str | None:
    """Return the local name of the root element, in lower case, or None.

    Examples
    --------
    >>> root_name(b'<?xml version="1.0"?><!-- x --><rdf:RDF xmlns:rdf="u">')
    'rdf'
    """
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while found := _PROLOG.match(head, at):
        at = found.end()
    root = _ROOT.match(head, at)
    return root[1].decode("latin-1").rpartition(":")[2].lower() if root else None


def read_whole(path: str, stream: BinaryIO) -> bytes:
    """Return a document that must be read as a whole.

    Raises
    ------
    FormatError
        If it is larger than `MAX_DOCUMENT_BYTES`, or has more than `MAX_TAGS` tags.
    """
    raw = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(raw) > MAX_DOCUMENT_BYTES:
        reason = f"larger than {MAX_DOCUMENT_BYTES >> 20} MiB: split it into several documents"
        raise FormatError(path, reason)
    if has_too_many_tags(raw):
        raise FormatError(path, f"more than {MAX_TAGS:,} tags: split it into several documents")
    return raw


def refuse_entities(path: str, raw: bytes) -> None:
    """Raise `FormatError` if a document declares entities of its own: no feed needs to."""
    at = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while found := _PROLOG.match(raw, at):
        at = found.end()
    root = _ROOT.search(raw, at)
    if _ENTITY.search(raw, 0, root.start() if root else len(raw)):
        reason = "declares entities of its own, as bombs do; expand it first (xmllint --noent)"
        raise FormatError(path, reason)


def parse_xml(path: str, raw: bytes) -> "_Element":
    """Return the root element of a document.

    Raises
    ------
    FormatError
        If it is not well-formed, or declares entities.
    """
    try:
        from lxml.etree import XMLParser, XMLSyntaxError, fromstring
    except ImportError as error:
        raise OptionalDependencyError("lxml", "wire", "reading newswire XML") from error
    refuse_entities(path, raw)
    parser = XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return fromstring(raw, parser)
    except XMLSyntaxError as error:
        reason = f"broken XML: {error.msg}; fetch the file again"
        raise FormatError(path, reason) from error


def child_text(root: "_Element", *paths: str) -> str | None:
    """Return the first text that one of some XPaths finds, namespaces ignored.

    Parameters
    ----------
    paths : str
        In words such as ``"itemMeta/versionCreated"`` or ``"docdata/doc-id/@id-string"``.
    """
    for path in paths:
        steps = [
            step if step in ("", ".") or step.startswith("@") else f"*[local-name()='{step}']"
            for step in path.split("/")
        ]
        found = root.xpath("/".join(steps))
        for value in found if isinstance(found, list) else ():
            text = value if isinstance(value, str) else "".join(value.itertext())
            if text and text.strip():
                return " ".join(text.split())
    return None


def write_without(
    out: BinaryIO, raw: bytes, spans: Sequence[tuple[int, int]], is_kept: Iterable[bool]
) -> None:
    """Write a document without some of its elements, otherwise byte for byte.

    Parameters
    ----------
    spans : Sequence[tuple[int, int]]
        As `split_elements` returns them.
    is_kept : Iterable[bool]
        Of each whether it stays.
    """
    at = 0
    for (start, end), is_wanted in zip(spans, is_kept, strict=True):
        out.write(raw[at : end if is_wanted else start])
        at = end
    out.write(raw[at:])


def split_elements(raw: bytes, names: tuple[bytes, ...]) -> list[tuple[int, int]]:
    """Return where the outermost elements of some names begin and end in a document.

    Comments and CDATA are passed over. For encodings that extend ASCII.

    Examples
    --------
    >>> split_elements(b"<a><item>1</item> <item>2</item></a>", (b"item",))
    [(3, 17), (18, 32)]
    """
    either = b"|".join(re.escape(name) for name in names)
    opening = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(?:[\w.-]{1,40}:)?(?:" + either + rb")(?=[\s/>])")
    spans: list[tuple[int, int]] = []
    depth = start = at = 0
    while found := opening.search(raw, at):
        # What is searched for is searched once: a document of nothing but "<!--" ends here.
        close = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}.get(found[0], b">")
        end = raw.find(close, found.end())
        if end < 0:
            break
        at = end + len(close)
        if found[1] is None:
            continue
        if found[1]:
            depth = max(depth - 1, 0)
        elif raw[end - 1 : end] != b"/":
            start = start if depth else found.start()
            depth += 1
            continue
        else:
            start = start if depth else found.start()
        if depth == 0:
            spans.append((start, at))
    return spans
