"""Write ``codepoints.bin``: ``python -m dedup.text.build``.

Run only to move the package to another Unicode version: every stored
fingerprint then needs making again, as the recipe's digest says.
"""

from __future__ import annotations

import sys
import unicodedata
from array import array
from pathlib import Path

from dedup.text.table import CLASSES, pack

__all__ = ["classify", "normal_form"]

#: Combining marks below this class carry meaning (nukta 7, kana voicing 8,
#: virama 9); those from it on are accents, vowel points and tone marks.
_FIRST_ACCENT_CLASS = 10
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\uff07\u00b4`\u2032"
_LINE_BREAKS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_SENTENCE_MARKS = "!?\u2026\u203c\u203d\u2047\u2048\u2049\u061f\u06d4\u0964\u0965\u037e"
_IDEOGRAPHIC_MARKS = "\u3002\uff01\uff1f\uff61\ufe12\ufe15\ufe16"
#: Scripts written without spaces: each character is a token.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # CJK radicals
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3031, 0x30FF),  # kana
    (0x3100, 0x312F),  # bopomofo
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF),  # Yi
    (0xF900, 0xFAFF),
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x3FFFF),
)


def normal_form(char: str) -> str:
    """Compatibility-decompose, casefold and drop the accents of one code point."""
    if "\uac00" <= char <= "\ud7a3":  # Hangul syllables stay whole
        return char
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(c for c in folded if unicodedata.combining(c) < _FIRST_ACCENT_CLASS)


def classify(char: str) -> tuple[str, str]:
    """Return the class letter and the normal form of one code point."""
    category = unicodedata.category(char)
    for letter, members in (
        ("N", _LINE_BREAKS),
        ("A", _APOSTROPHES),
        ("J", _IDEOGRAPHIC_MARKS),
        ("M", _SENTENCE_MARKS),
    ):
        if char in members:
            return letter, ""
    form = normal_form(char)
    if form in ("%", "\u066a"):
        return "S", "percent"
    if form == ".":
        return "P", "."
    if form == ",":
        return "C", ""
    if category == "Zs" or char == "\t":
        return "W", ""
    if category in ("Pe", "Pf") or char == '"':
        return "Q", ""
    if category in ("Cf", "Mn", "Me") and not form.strip():
        return "I", ""
    if category == "Cf":
        return "I", ""
    return _classify_word(form)


def _classify_word(form: str) -> tuple[str, str]:
    if "\u2044" in form:  # a vulgar fraction: 2\u00bd is not 212
        return "S", form
    kept = "".join(c for c in form if unicodedata.category(c)[0] in "LNM")
    if not kept:
        return "O", ""
    is_unspaced = any(low <= ord(kept[0]) <= high for low, high in _UNSPACED)
    if unicodedata.category(kept[0])[0] == "M":
        return ("X" if is_unspaced or kept[0] in "\u3099\u309a" else "L"), kept
    if is_unspaced:
        return "S", kept
    if all(c.isdecimal() for c in kept):
        return "D", "".join(str(unicodedata.decimal(c)) for c in kept)
    return "L", kept


def main() -> None:
    """Write the table beside this file."""
    block, entry, sequence = array("H"), array("I"), array("I")
    blocks: dict[tuple[int, ...], int] = {}
    starts: dict[str, int] = {}
    for first in range(0, 0x110000, 256):
        row = []
        for code_point in range(first, first + 256):
            letter, form = classify(chr(code_point))
            value = ord(form) if len(form) == 1 else 0
            if len(form) > 1:
                if form not in starts:
                    starts[form] = len(sequence)
                    sequence.extend(map(ord, form))
                value = starts[form]
            row.append(CLASSES.index(letter) | min(len(form), 31) << 4 | value << 9)
        key = tuple(row)
        if key not in blocks:
            blocks[key] = len(blocks)
            entry.extend(row)
        block.append(blocks[key])
    content = pack(block, entry, sequence)
    Path(__file__).with_name("codepoints.bin").write_bytes(content)
    print(
        f"Unicode {unicodedata.unidata_version}: {len(blocks)} blocks, "
        f"{len(sequence)} sequence code points, {len(content)} bytes",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
