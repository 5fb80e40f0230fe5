"""Compression of what is written, by the name of the file."""

import bz2
import gzip
import lzma
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import BinaryIO, cast

from dedup.errors import OptionalDependencyError

__all__ = ["packed"]


@contextmanager
def packed(stream: BinaryIO, path: str) -> Iterator[BinaryIO]:
    """Compress what is written to `stream` as the suffix of `path` says, or not at all.

    The same bytes give the same file: no time of writing is stored.
    """
    name = path.lower()
    with ExitStack() as files:
        opened: object = stream
        if name.endswith(".gz"):
            opened = gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
        elif name.endswith(".bz2"):
            opened = bz2.BZ2File(stream, "wb")
        elif name.endswith(".xz"):
            opened = lzma.LZMAFile(stream, "wb")  # noqa: SIM115 - entered below
        elif name.endswith((".zst", ".zstd")):
            try:
                from zstandard import ZstdCompressor
            except ImportError as error:
                raise OptionalDependencyError("zstandard", "zstd", "writing zstd") from error
            opened = ZstdCompressor(level=3).stream_writer(stream, closefd=False)
        if opened is not stream:
            opened = files.enter_context(cast("AbstractContextManager[BinaryIO]", opened))
        yield opened
