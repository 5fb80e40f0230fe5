"""Read a file from a stranger in a process of its own, and say what that came to.

Run as a program by `benchmarks.feeds.hostile` and by ``tests/hostile``: prints one
JSON object. The process is small, so that its peak of memory is the reading's own.
"""

import builtins
import bz2
import gzip
import json
import lzma
import os
import resource
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, cast

from dedup.errors import DedupError
from dedup.formats import read_records
from dedup.formats.registry import known_formats

_BLOCK_BYTES = 1 << 20
_SHOWN_CHARACTERS = 10_000
_PACKED: dict[bytes, Callable[[str, str], object]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
_BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error)


class Loading:
    """The CPU time of importing libraries, which comes once in a process."""

    def __init__(self) -> None:
        self.cpu_seconds = 0.0
        self._load: Callable[..., object] = builtins.__import__
        self._is_inside = False

    def __call__(self, *arguments: object, **options: object) -> object:
        """Import as the statement does, and count the outermost import."""
        if self._is_inside:
            return self._load(*arguments, **options)
        self._is_inside = True
        began = time.process_time()
        try:
            return self._load(*arguments, **options)
        finally:
            self.cpu_seconds += time.process_time() - began
            self._is_inside = False


def peak_bytes() -> int:
    """Return the most memory that this process ever had."""
    # What getrusage tells begins with the most that the starting process ever used.
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            return int(status.read().partition("VmHWM:")[2].split()[0]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read_seconds(path: str) -> float:
    """Return the CPU time of reading the bytes alone, decompressed by Python's own modules."""
    with open(path, "rb") as file:  # noqa: PTH123
        magic = file.read(6)
    opened = next((opened for start, opened in _PACKED.items() if magic.startswith(start)), open)
    began = time.process_time()
    with cast("BinaryIO", opened(path, "rb")) as file, suppress(*_BROKEN):
        while file.read(_BLOCK_BYTES):
            pass
    return time.process_time() - began


def main(paths: list[str], extract: str) -> None:
    """Read the files, broken records left out."""
    opened: list[str] = []
    connected: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            opened.append(os.fsdecode(arguments[0]))
        elif event.startswith("socket.connect") or event == "socket.getaddrinfo":
            connected.append(str(arguments))

    known_formats()
    plain_seconds = sum(map(read_seconds, paths))
    loading = Loading()
    builtins.__import__ = loading  # type: ignore[assignment]  # passes on what it is called with
    sys.addaudithook(watch)
    began = time.process_time()
    reader = read_records(paths, skip_invalid=True, extract=extract)
    error, texts, ids = None, [], []
    try:
        for record in reader:
            texts.append(record.article.text[:_SHOWN_CHARACTERS])
            ids.append(record.article.id)
    except DedupError as found:
        error = str(found)
    taken = time.process_time() - began
    outcome = {
        "error": error,
        "texts": texts,
        "ids": ids,
        "skipped": dict(reader.skipped),
        "notes": reader.notes(),
        "opened": opened,
        "connected": connected,
        "peak_bytes": peak_bytes(),
        "cpu_seconds": taken - loading.cpu_seconds - plain_seconds,
    }
    print(json.dumps(outcome))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2])
