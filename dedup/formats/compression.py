"""Decompression by magic bytes, with bounds: a small file can hold a very large one."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from dedup.errors import FormatError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

__all__ = ["Counted", "decompressor"]

#: News compresses to a tenth, pages of one site to a hundredth; only nothing to a thousandth.
MAX_RATIO = 500
#: A small file may well be one line over and over.
MAX_UNJUDGED_BYTES = 64 << 20
#: What ``xz -9`` and ``zstd --long`` ask for, and a little more.
_MAX_WINDOW_BYTES = 128 << 20
#: zstd makes at most 32 kB out of a byte, and cannot be asked for less than all of it.
_ZSTD_STEP_BYTES = 1 << 10
_STEP_BYTES = 1 << 16


class _Decoder(Protocol):
    """What `bz2` and `lzma` call a decompressor."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Counted(io.RawIOBase):
    """A stream that counts what was read of it.

    Attributes
    ----------
    count : int
        The bytes read so far.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: "Buffer") -> int:
        """Fill `buffer` with what is there now."""
        size = self._stream.readinto1(buffer)
        self.count += size
        return size


def decompressor(path: str, head: bytes, stream: io.BufferedReader) -> io.RawIOBase | None:
    """Return the decompressed bytes of `stream`, which begins with `head`.

    Parameters
    ----------
    path : str
        What errors name.

    Returns
    -------
    io.RawIOBase | None
        Its reads raise `FormatError` where the file is broken, or expands more
        than `MAX_RATIO` times; None for bytes that are not compressed.
    """
    for magic, name, opened in _KINDS:
        if head.startswith(magic):
            counted = Counted(stream)
            return _Bounded(path, name, counted, opened(counted))
    return None


class _Bounded(io.RawIOBase):
    """Decompressed bytes, whose errors name the file."""

    def __init__(self, path: str, name: str, packed: Counted, read: Callable[[int], bytes]) -> None:
        self._path = path
        self._name = name
        self._packed = packed
        self._read = read
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        try:
            block = self._read(len(view))
        except _broken() as error:
            reason = f"broken {self._name} ({error}): fetch or compress the file again"
            raise FormatError(self._path, reason) from error
        view[: len(block)] = block
        self._count += len(block)
        if self._count > max(MAX_UNJUDGED_BYTES, MAX_RATIO * self._packed.count):
            reason = f"expands more than {MAX_RATIO} times: no feed does, a bomb would"
            raise FormatError(self._path, reason)
        return len(block)


def _broken() -> tuple[type[Exception], ...]:
    from zstandard import ZstdError

    return (EOFError, OSError, zlib.error, lzma.LZMAError, ZstdError)


def _gzip(stream: io.RawIOBase) -> Callable[[int], bytes]:
    return gzip.GzipFile(fileobj=io.BufferedReader(stream)).read1


def _bzip2(stream: io.RawIOBase) -> Callable[[int], bytes]:
    return _Stepwise(stream, bz2.BZ2Decompressor, b"BZh", _STEP_BYTES).read


def _xz(stream: io.RawIOBase) -> Callable[[int], bytes]:
    def decoder() -> _Decoder:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_WINDOW_BYTES)

    return _Stepwise(stream, decoder, b"\xfd7zXZ", _STEP_BYTES).read


def _zstd(stream: io.RawIOBase) -> Callable[[int], bytes]:
    from zstandard import ZstdDecompressor

    shared = ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
    return _Stepwise(
        stream, lambda: _Zstd(shared.decompressobj()), b"\x28\xb5\x2f\xfd", _ZSTD_STEP_BYTES
    ).read


class _Zstd:
    """zstandard's decompression object with the interface of the other two."""

    needs_input = True

    def __init__(self, wrapped: "_ZstdObject") -> None:
        self._wrapped = wrapped

    @property
    def eof(self) -> bool:
        return self._wrapped.eof

    @property
    def unused_data(self) -> bytes:
        return self._wrapped.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        del max_length
        return self._wrapped.decompress(data)


class _ZstdObject(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes) -> bytes: ...


class _Stepwise:
    """Read streams that stand one after another in a file, a bounded piece at a time."""

    def __init__(
        self,
        stream: io.RawIOBase,
        decoder: Callable[[], _Decoder],
        magic: bytes,
        step_bytes: int,
    ) -> None:
        self._stream = io.BufferedReader(stream)
        self._make = decoder
        self._decoder = decoder()
        self._magic = magic
        self._step_bytes = step_bytes
        self._pending = b""

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none only at the end."""
        while not self._pending:
            if self._decoder.eof:
                if not self._next():
                    return b""
                continue
            data = b""
            if self._decoder.needs_input:
                data = self._stream.read1(self._step_bytes)
                if not data:
                    raise EOFError("it ends too early")
            self._pending = self._decoder.decompress(data, size)
        block, self._pending = self._pending[:size], self._pending[size:]
        return block

    def _next(self) -> bool:
        """Begin the next stream in the file; zeros behind the last are padding."""
        rest = self._decoder.unused_data
        while len(rest := rest.lstrip(b"\0")) < len(self._magic):
            more = self._stream.read1(self._step_bytes)
            if not more:
                break
            rest += more
        if not rest:
            return False
        if not rest.startswith(self._magic):
            raise EOFError("something else follows it")
        self._decoder = self._make()
        self._pending = self._decoder.decompress(rest, _STEP_BYTES)
        return True


_KINDS: tuple[tuple[bytes, str, Callable[[io.RawIOBase], Callable[[int], bytes]]], ...] = (
    (b"\x1f\x8b", "gzip", _gzip),
    (b"\x28\xb5\x2f\xfd", "zstd", _zstd),
    (b"BZh", "bzip2", _bzip2),
    (b"\xfd7zXZ", "xz", _xz),
)
