"""Compression of what is written, by the name of the file."""

import bz2
import gzip
import io
import lzma
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["end_member", "packed"]


@contextmanager
def packed(stream: BinaryIO, path: str) -> Iterator[BinaryIO]:
    """Compress what is written to `stream` as the suffix of `path` says, or not at all.

    The same bytes give the same file: no time of writing is stored.
    """
    name = path.lower()
    with ExitStack() as files:
        opened: object = stream
        if name.endswith(".gz"):
            opened = _Gzip(stream)
        elif name.endswith(".bz2"):
            opened = bz2.BZ2File(stream, "wb")
        elif name.endswith(".xz"):
            opened = lzma.LZMAFile(stream, "wb")  # noqa: SIM115 - entered below
        elif name.endswith((".zst", ".zstd")):
            from zstandard import ZstdCompressor

            opened = ZstdCompressor(level=3).stream_writer(stream, closefd=False)
        if opened is not stream:
            opened = files.enter_context(cast("AbstractContextManager[BinaryIO]", opened))
        yield opened


def end_member(out: BinaryIO) -> None:
    """End a member of what `packed` compresses with gzip; else nothing.

    What follows is a member of its own, which can be decompressed without those before.
    """
    if isinstance(out, _Gzip):
        out.end_member()


class _Gzip(io.RawIOBase):
    """gzip members, one behind another."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._member: gzip.GzipFile | None = self._begin()

    def writable(self) -> bool:
        return True

    def write(self, content: "Buffer") -> int:
        self._member = self._member or self._begin()
        return self._member.write(content)

    def end_member(self) -> None:
        if self._member is not None:
            self._member.close()
            self._member = None

    def close(self) -> None:
        if not self.closed:
            self.end_member()
        super().close()

    def _begin(self) -> gzip.GzipFile:
        return gzip.GzipFile(filename="", mode="wb", fileobj=self._stream, mtime=0)
