"""JSON documents: arrays, answers of APIs, JSON Feed, one article with line breaks in it."""

import json
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from dedup.errors import FormatError
from dedup.formats import ninjs
from dedup.formats.markup import text_of_html
from dedup.formats.names import PATHS, names_text, squash
from dedup.formats.record import Row
from dedup.formats.sources import STDIN, Source, inner_name

__all__ = ["JsonDocument"]

_BOM = b"\xef\xbb\xbf"
_LINE_SUFFIXES = (".jsonl", ".ndjson", ".jl")
#: A larger value is no article, nor an API's answer.
MAX_VALUE_CHARACTERS = 16 << 20
_BLOCK_BYTES = 1 << 16
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
        number = 0
        for value, raw, _ in _values(source, stream):
            for element in _unwrapped(value):
                number += 1
                yield _row(element, raw if element is value else b"", number, value)

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write an array of the kept elements as they stand; a wrapped list inside its wrapper."""
        if before:
            raise FormatError(source.path, "several documents do not go into one: name a folder")
        number = 0
        is_array = False
        elements: list[bytes] = []
        for value, raw, is_in_array in _values(source, stream):
            is_array = is_in_array
            wanted = []
            for element in _unwrapped(value):
                number += 1
                if is_kept(_row(element, raw, number, value)):
                    wanted.append(element)
            if wanted == [value]:
                elements.append(raw)
            elif isinstance(value, dict) and (path := _list_path(value)) is not None:
                out.write(_rewrapped(value, path, wanted))
                return b"document"
        if is_array:
            out.write(b"[\n" + b",\n".join(elements) + b"\n]\n")
        else:
            out.write(b"".join(element + b"\n" for element in elements))
        return b"document"


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
    return json.dumps(inner, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass") + b"\n"


def _values(source: Source, stream: BinaryIO) -> Iterator[tuple[object, bytes, bool]]:
    """Yield the top-level values, of arrays the elements, their bytes, and which of both."""
    text = _Text(source, stream)
    is_in_array = False
    while True:
        mark = text.peek()
        if mark == "":
            if is_in_array:
                raise FormatError(source.path, "broken JSON: it ends inside an array; fetch again")
            return
        if mark == "[" and not is_in_array:
            is_in_array = True
            text.skip()
            if text.peek() == "]":
                is_in_array = False
                text.skip()
            continue
        yield (*text.value(), is_in_array)
        if not is_in_array:
            continue
        mark = text.peek()
        if mark == "":
            continue
        if mark not in (",", "]"):
            raise FormatError(source.path, f"broken JSON: no comma {text.place()}")
        is_in_array = mark == ","
        text.skip()


class _Text:
    """Decoded JSON, as much of it in memory as one value takes."""

    def __init__(self, source: Source, stream: BinaryIO) -> None:
        self._path = source.path
        self._stream = stream
        self._decode = getincrementaldecoder("utf-8-sig")()
        self._parse = json.JSONDecoder().raw_decode
        self._buffer = ""
        self._at = 0
        self._gone = 0
        self._is_ended = False

    def peek(self) -> str:
        """Return the next character that is no white space, or none at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n":
                    return self._buffer[self._at]
                self._at += 1
            if not self._more(_BLOCK_BYTES):
                return ""

    def skip(self) -> None:
        """Pass over what `peek` returned."""
        self._at += 1

    def place(self) -> str:
        """Say where the reading is."""
        return f"at character {self._gone + self._at + 1}"

    def value(self) -> tuple[object, bytes]:
        """Return the value that begins here, and its bytes."""
        while True:
            try:
                value, end = self._parse(self._buffer, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                is_deep = isinstance(error, RecursionError)
                # Twice as much each time: no value is parsed more often than its length doubles.
                if not is_deep and self._more(max(_BLOCK_BYTES, len(self._buffer) - self._at)):
                    continue
                what = "nested too deeply" if is_deep else str(getattr(error, "msg", error)).lower()
                raise FormatError(self._path, f"broken JSON: {what} {self.place()}") from error
            except ValueError as error:
                what = f"a number with too many digits {self.place()}"
                raise FormatError(self._path, f"broken JSON: {what}") from error
            if end < len(self._buffer) or isinstance(value, dict | list | str):
                break
            if not self._more(_BLOCK_BYTES):  # a number may go on behind the block
                break
        raw = self._buffer[self._at : end].encode("utf-8", "surrogatepass")
        self._at = end
        return value, raw

    def _more(self, size: int) -> bool:
        if self._is_ended:
            return False
        if len(self._buffer) - self._at > MAX_VALUE_CHARACTERS:
            limit = f"{MAX_VALUE_CHARACTERS >> 20} million characters"
            reason = f"a value of more than {limit} {self.place()}: write one record a line (jq -c)"
            raise FormatError(self._path, reason)
        left = MAX_VALUE_CHARACTERS - len(self._buffer) + self._at
        block = self._stream.read(min(size, left + _BLOCK_BYTES))
        self._is_ended = not block
        try:
            text = self._decode.decode(block, final=self._is_ended)
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            reason = f"not UTF-8: byte 0x{byte:02x} soon after character {self._gone + self._at}"
            raise FormatError(self._path, f"{reason}; convert it (iconv -t UTF-8)") from error
        self._gone += self._at
        self._buffer, self._at = self._buffer[self._at :] + text, 0
        return bool(text) or not self._is_ended


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _holds_list(line: bytes) -> bool:
    return _list_path(json.loads(line)) is not None
