"""Bytes with a checksum before them, and texts packed small.

``docs/index-format.md`` describes every row byte by byte. Each begins with a CRC-32 of
all that follows, so that one flipped bit is found.
"""

import struct
import zlib
from types import ModuleType

from dedup.errors import IndexCorruptError, OptionalDependencyError

__all__ = ["CRC", "checked", "pack_text", "sealed", "unpack_text"]

CRC = struct.Struct("<I")
_ZLIB, _ZSTD = b"z", b"s"
#: Level 1 costs a third of level 6 and a tenth more bytes, on news.
_ZLIB_LEVEL = 1


def sealed(raw: bytes) -> bytes:
    """Return bytes with their checksum before them."""
    return CRC.pack(zlib.crc32(raw)) + raw


def checked(raw: bytes, url: str, what: str) -> bytes:
    """Return a row as it is, if its checksum holds.

    Raises
    ------
    IndexCorruptError
        It does not.
    """
    is_sound = len(raw) >= CRC.size and zlib.crc32(raw[CRC.size :]) == CRC.unpack_from(raw)[0]
    if not is_sound:
        raise IndexCorruptError(
            url, f"{what} does not match its checksum; `dedup index repair` saves the rest"
        )
    return raw


def pack_text(text: str, compression: str) -> bytes:
    """Return the row of a text.

    Parameters
    ----------
    compression : str
        ``zlib`` or ``zstd``.
    """
    raw = text.encode("utf-8", "surrogatepass")
    if compression == "zstd":
        return sealed(_ZSTD + _zstandard().ZstdCompressor(level=3).compress(raw))
    return sealed(_ZLIB + zlib.compress(raw, _ZLIB_LEVEL))


def unpack_text(raw: bytes) -> str:
    """Read the row of a text, checked."""
    codec, packed = raw[CRC.size : CRC.size + 1], raw[CRC.size + 1 :]
    if codec == _ZSTD:
        text: bytes = _zstandard().ZstdDecompressor().decompress(packed)
    else:
        text = zlib.decompress(packed)
    return text.decode("utf-8", "surrogatepass")


def _zstandard() -> ModuleType:
    try:
        import zstandard
    except ImportError as error:
        purpose = "an index with zstd-compressed texts"
        raise OptionalDependencyError("zstandard", "zstd", purpose) from error
    return zstandard
