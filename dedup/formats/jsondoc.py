"""JSON documents: arrays, answers of APIs, JSON Feed, one article with line breaks in it."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from dedup.formats import ninjs
from dedup.formats.jsontext import read_values
from dedup.formats.markup import text_of_html
from dedup.formats.names import PATHS, names_text, squash
from dedup.formats.record import Row
from dedup.formats.sources import STDIN, Source, inner_name, refuse_second

__all__ = ["JsonDocument"]

_BOM = b"\xef\xbb\xbf"
_LINE_SUFFIXES = (".jsonl", ".ndjson", ".jl")
_FEED_MARK = "https://jsonfeed.org/version/"
#: Where APIs and exports put the list of articles; a dot goes one level down.
_LISTS = (
    "articles", "items", "results", "docs", "stories", "entries", "rows", "data", "news", "posts",
    "documents", "response.docs", "response.results", "response.items", "hits.hits", "hits",
    "associations",
)  # fmt: skip
_TEXTS = {path[0] for path in PATHS["text"] if len(path) == 1}


class JsonDocument:
    """Values of JSON that are not one a line: read one by one, where they stand in an array."""

    name = "JSON (.json)"
    has_own_names = True
    suffixes = (".json", ".ninjs", ".geojson")

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins with an array, or with an object that does not end with its line.

        In a folder it has to name a text as well: not every document holds articles.
        """
        if not source.is_named and not names_text(head):
            return False
        start = head.removeprefix(_BOM).lstrip()
        name = inner_name(source.path)
        if name.endswith(_LINE_SUFFIXES):
            return False
        if start.startswith(b"["):
            return True
        if not start.startswith(b"{"):
            return False
        line, is_ended, rest = start.partition(b"\n")
        if source.file == STDIN:
            # What else has come by now is chance, and must not decide.
            return bool(is_ended) and not _is_object(line)
        if is_ended and rest.strip():
            return not _is_object(line)
        return name.endswith(".json") or (_is_object(line) and _holds_list(line))

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield a row for each article; their numbers count from 1."""
        for _, _, rows in _numbered(source, stream):
            yield from (row for _, row in rows)

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write an array of the kept elements as they stand; a wrapped list inside its wrapper."""
        refuse_second(source, before, "documents")
        separator = b""
        is_array = False
        for value, is_in_array, rows in _numbered(source, stream):
            if is_in_array and not is_array:
                is_array = True
                out.write(b"[\n")
            path = _list_path(value) if isinstance(value, dict) else None
            wanted = [(element, row.raw) for element, row in rows if is_kept(row)]
            if path is not None:
                written = _rewrapped(cast("dict[str, object]", value), path, [e for e, _ in wanted])
            elif wanted:
                written = wanted[0][1]
            else:
                continue
            out.write(separator + written)
            separator = b",\n" if is_array else b"\n"
        out.write(b"\n]\n" if is_array else separator)
        return b"document"


def _numbered(
    source: Source, stream: BinaryIO
) -> Iterator[tuple[object, bool, Iterator[tuple[object, Row]]]]:
    """Yield each value, whether an array holds it, and its articles with their rows."""
    numbers = count(1)
    for value, raw, is_in_array in read_values(source, stream):
        yield value, is_in_array, _rows(value, raw, numbers)


def _rows(value: object, raw: bytes, numbers: Iterator[int]) -> Iterator[tuple[object, Row]]:
    for element in _unwrapped(value):
        yield element, _row(element, raw if element is value else b"", next(numbers), value)


def _row(element: object, raw: bytes, number: int, feed: object) -> Row:
    if not isinstance(element, dict):
        reason = f"a {type(element).__name__} where an object is needed"
        return Row(raw, number, None, f"broken JSON: {reason}", "broken JSON")
    if ninjs.is_ninjs(element):
        fields, spelled = ninjs.as_fields(element)
        return Row(raw, number, fields, spelled=spelled)
    if isinstance(feed, dict) and str(feed.get("version", "")).startswith(_FEED_MARK):
        fields, spelled = _feed_fields(element, feed)
        return Row(raw, number, fields, spelled=spelled)
    return Row(raw, number, element)


def _feed_fields(
    element: Mapping[str, object], feed: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, str]]:
    """Return an item of a JSON Feed by the names of articles."""
    fields = dict(element)
    spelled: dict[str, str] = {}
    markup = element.get("content_html")
    if not element.get("content_text") and isinstance(markup, str):
        fields["content_text"], blocks = text_of_html(markup)
        fields |= {"blocks": blocks} if blocks else {}
        spelled["text"] = "content_html"
    home = feed.get("home_page_url")
    if "source" not in fields:
        host = urlsplit(home).hostname if isinstance(home, str) else None
        fields["source"] = host.removeprefix("www.") if host else feed.get("title")
        spelled["source"] = "home_page_url" if host else "title"
    return fields, spelled


def _unwrapped(value: object) -> Iterator[object]:
    """Yield the articles in a value: its list's elements, or the value itself."""
    path = _list_path(value) if isinstance(value, dict) else None
    if path is None:
        yield value
        return
    wrapper = cast("dict[str, object]", value)
    columns = wrapper.get("columns")
    for element in _at(wrapper, path):
        if isinstance(element, list) and isinstance(columns, list):  # as datasette writes rows
            element = dict(zip(map(str, columns), element, strict=False))
        if isinstance(element, dict) and isinstance(element.get("_source"), dict):  # Elasticsearch
            element = {"_id": element.get("_id"), **element["_source"]}
        yield element


def _list_path(value: Mapping[str, object]) -> list[str] | None:
    if ninjs.is_ninjs(value) or {squash(name) for name in value} & _TEXTS:
        return None
    for name in _LISTS:
        path = name.split(".")
        if any(isinstance(element, dict | list) for element in _at(value, path)[:1]):
            return path
    return None


def _at(value: Mapping[str, object], path: list[str]) -> list[object]:
    found: object = value
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else []


def _rewrapped(value: dict[str, object], path: list[str], wanted: list[object]) -> bytes:
    """Return the wrapper with those of its elements that `wanted` holds."""
    kept = {id(element) for element in wanted}
    originals = _at(value, path)
    unwrapped = list(_unwrapped(value))
    chosen = [
        original
        for original, element in zip(originals, unwrapped, strict=True)
        if id(element) in kept or element in wanted
    ]
    inner: dict[str, object] = value
    for name in path[:-1]:
        inner = cast("dict[str, object]", inner[name])
    inner = {**inner, path[-1]: chosen}
    for depth in range(len(path) - 2, -1, -1):
        outer: object = value
        for name in path[:depth]:
            outer = cast("dict[str, object]", outer)[name]
        inner = {**cast("dict[str, object]", outer), path[depth]: inner}
    return json.dumps(inner, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _holds_list(line: bytes) -> bool:
    return _list_path(json.loads(line)) is not None
