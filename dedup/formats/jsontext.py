"""JSON of any length, as values that are read one by one."""

import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import BinaryIO

from dedup.errors import FormatError
from dedup.formats.sources import Source

__all__ = ["read_values"]

#: A larger value is no article, nor an API's answer.
MAX_VALUE_CHARACTERS = 16 << 20
_BLOCK_BYTES = 1 << 16


def read_values(source: Source, stream: BinaryIO) -> Iterator[tuple[object, bytes, bool]]:
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
