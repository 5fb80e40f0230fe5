"""Compressed feeds, told by magic bytes, read in bounded memory."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from dedup.errors import FormatError
from dedup.formats import compression as room
from dedup.formats import read_articles

LINES = b"".join(b'{"id": "%d", "text": "Rain fell on day %d."}\n' % (n, n) for n in range(5000))
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
each = pytest.mark.parametrize("kind", PACK)


def count(path: Path) -> int:
    return sum(1 for _ in read_articles(path))


@each
def test_a_compressed_feed_is_read_whatever_it_is_called(kind: str, tmp_path: Path) -> None:
    """By its magic bytes."""
    path = tmp_path / "feed.jsonl"
    path.write_bytes(PACK[kind](LINES))
    assert count(path) == 5000


@each
def test_streams_one_after_another_are_one_feed(kind: str, tmp_path: Path) -> None:
    """As appending and parallel compressors write them."""
    half = LINES.index(b"\n", len(LINES) // 2) + 1
    path = tmp_path / "feed"
    path.write_bytes(PACK[kind](LINES[:half]) + PACK[kind](LINES[half:]))
    assert count(path) == 5000


@each
@pytest.mark.parametrize("cut", [20, -9, -1])
def test_a_cut_file_is_an_error(kind: str, cut: int, tmp_path: Path) -> None:
    """A download that broke off is never taken for the whole."""
    path = tmp_path / "feed"
    path.write_bytes(PACK[kind](LINES)[:cut])
    with pytest.raises(FormatError, match=f"broken {kind}"):
        count(path)


@each
def test_rubbish_behind_the_end_is_an_error(kind: str, tmp_path: Path) -> None:
    """It may be half of a second feed."""
    path = tmp_path / "feed"
    path.write_bytes(PACK[kind](LINES) + b"something else")
    with pytest.raises(FormatError, match=f"broken {kind}"):
        count(path)


@each
def test_what_expands_beyond_reason_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before it is whole."""
    monkeypatch.setattr(room, "MAX_UNJUDGED_BYTES", 1 << 16)
    path = tmp_path / "feed"
    path.write_bytes(PACK[kind](b'{"id": "1", "text": "' + b"a" * (1 << 26) + b'"}'))
    with pytest.raises(FormatError, match="expands more than 500 times"):
        count(path)


def test_a_window_larger_than_memory_is_refused(tmp_path: Path) -> None:
    """An xz file may ask for 4 GB before the first byte."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 29}]
    path = tmp_path / "feed"
    packed = bytearray(lzma.compress(LINES, filters=filters))
    path.write_bytes(packed)
    with pytest.raises(FormatError, match="broken xz"):
        count(path)
