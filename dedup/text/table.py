r"""The shipped code-point table: class and normal form of every code point.

Python's own Unicode data varies by version, so the table ships with the
package; its digest is part of every :class:`~dedup.fingerprint.Recipe`.
``python -m dedup.text.build`` writes it.

File format (``codepoints.bin``), little-endian: ``b"dedup-codepoints-1\n"``,
then, zlib-compressed: u32 number of blocks, u32 length of the sequences,
u16[4352] block of each 256 code points, u32[blocks * 256] entries,
u32[] sequences. An entry's bits 0-3 are the class, 4-8 how many code points
the normal form has, 9-31 the code point itself (one) or where the sequence
starts (more than one).
"""

from __future__ import annotations  # array[int] is no type at run time

import hashlib
import sys
import zlib
from array import array
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["CLASSES", "MAGIC", "CodePoints", "load"]

MAGIC = b"dedup-codepoints-1\n"
BLOCKS = 0x110000 >> 8

#: One letter a class, its index the class number in the table.
#: O other separator, L letter, D digit, S a token by itself, X extends the
#: token before it, I ignored, A apostrophe, P full stop, C comma, N line
#: break, M sentence mark, J ideographic sentence mark, Q closing mark, W space.
CLASSES = "OLDSXIAPCNMJQW"


@dataclass(frozen=True, slots=True)
class CodePoints:
    """The table as arrays: ``block`` u16[4352], ``entry`` u32, ``sequence`` u32."""

    block: array[int]
    entry: array[int]
    sequence: array[int]
    digest: str

    def class_of(self, code_point: int) -> str:
        """Return the class letter of a code point."""
        return CLASSES[self._entry(code_point) & 15]

    def normal_form(self, code_point: int) -> str:
        """Return what a code point becomes; may be empty."""
        entry = self._entry(code_point)
        length, value = (entry >> 4) & 31, entry >> 9
        if length == 0:
            return ""
        if length == 1:
            return chr(value)
        return "".join(map(chr, self.sequence[value : value + length]))

    def _entry(self, code_point: int) -> int:
        return self.entry[(self.block[code_point >> 8] << 8) | (code_point & 255)]


def pack(block: array[int], entry: array[int], sequence: array[int]) -> bytes:
    """Return the table's file content."""
    arrays = [array("I", [len(entry) >> 8, len(sequence)]), block, entry, sequence]
    return MAGIC + zlib.compress(b"".join(_little(a).tobytes() for a in arrays), 9)


@cache
def load() -> CodePoints:
    """Read the shipped table (once per process; 0.3 MB)."""
    stored = resources.files("dedup.text").joinpath("codepoints.bin").read_bytes()
    if not stored.startswith(MAGIC):
        raise ImportError("dedup/text/codepoints.bin is damaged: reinstall dedup")
    raw = zlib.decompress(stored[len(MAGIC) :])
    header = _read("I", raw[:8])
    end_of_block = 8 + 2 * BLOCKS
    end_of_entry = end_of_block + 4 * 256 * header[0]
    return CodePoints(
        _read("H", raw[8:end_of_block]),
        _read("I", raw[end_of_block:end_of_entry]),
        _read("I", raw[end_of_entry:]),
        hashlib.sha256(raw).hexdigest(),
    )


def _read(code: str, raw: bytes) -> array[int]:
    values = array(code)
    values.frombytes(raw)
    return _little(values)


def _little(values: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return values
    swapped = values[:]
    swapped.byteswap()
    return swapped
