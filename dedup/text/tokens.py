"""Tokens and units with spans into the original text: the plain Python reference.

The rules work on classes of code points (see :mod:`dedup.text.table`), so that
the compiled kernel can repeat them bit for bit.

Tokens:

- an ideograph, a kana, a Thai letter, a percent sign is a token by itself;
- a word is a run of letters and digits; accents, joiners and apostrophes inside
  it disappear, as does a comma that groups thousands; a full stop between two
  digits stays (``1.5``);
- single letters with a full stop between them are one token (``U.S.`` = ``US``).

Units, for boilerplate: cut at line breaks, at ideographic sentence marks, and at
sentence marks (with closing quotes) before white space; a single full stop cuts
only after a token of three or more code points (not after ``U.S.`` or ``Mr.``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from dedup.text.table import load

__all__ = ["Tokens", "normalize", "tokenize"]

#: A single full stop ends a unit only after a token at least this long.
MIN_WORD_BEFORE_STOP = 3

#: A word of letters and digits alone; what may join it to more must not follow.
_PLAIN = r"[LD]++(?![XIAPC])"
_SINGLE = r"S[XI]*+"
_ACRONYM = r"L[XI]*+(?:PL[XI]*+(?![LD]))++"
_WORD = r"[LD][XI]*+(?:[LD][XI]*+|A(?=[LD])|(?<=D)P(?=D)|(?<=D)C(?=DDD(?!D)))*+"
_HARD_CUT = r"N+|J[JMPQA]*+|[MP]*M[MP]*[QA]*+(?=[WN]|\Z)|PP+[QA]*+(?=[WN]|\Z)"
_STOP = r"P[QA]*+(?=[WN]|\Z)"
_SCAN = re.compile(f"({_PLAIN})|({_ACRONYM})|({_WORD}|{_SINGLE})|({_STOP})|({_HARD_CUT})")
_IS_PLAIN, _IS_ACRONYM, _IS_TOKEN, _IS_STOP = 1, 2, 3, 4
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens and units of one text.

    Attributes
    ----------
    words : list[str]
        Normal forms, n of them.
    starts, ends : list[int]
        Code-point spans of the tokens in the original text; n each.
    units : list[int]
        Index of the first token of each unit, increasing; empty for no tokens.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    units: list[int]

    def __len__(self) -> int:
        return len(self.words)

    def unit_ranges(self) -> Iterator[tuple[int, int]]:
        """Yield (first token, one past the last token) of each unit."""
        return pairwise([*self.units, len(self.words)])


class _Classes(dict[int, str]):
    def __missing__(self, code_point: int) -> str:
        letter = load().class_of(code_point)
        self[code_point] = letter
        return letter


class _Forms(dict[int, str]):
    def __missing__(self, code_point: int) -> str:
        form = load().normal_form(code_point)
        self[code_point] = form
        return form


_CLASS_OF = _Classes()
_FORM_OF = _Forms()


def tokenize(text: str) -> Tokens:
    """Cut a text into tokens and units.

    Examples
    --------
    >>> tokens = tokenize("The U.S. didn’t pay $1,000. Why?")
    >>> tokens.words
    ['the', 'us', 'didnt', 'pay', '1000', 'why']
    >>> tokens.units
    [0, 5]
    """
    classes = _classes(text)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    units: list[int] = []
    is_cut = True
    for found in _SCAN.finditer(classes):
        kind = found.lastindex or 0
        if kind >= _IS_STOP:
            is_hard = kind > _IS_STOP
            is_cut |= is_hard or bool(words and len(words[-1]) >= MIN_WORD_BEFORE_STOP)
            continue
        start, end = found.span()
        word = text[start:end]
        if kind == _IS_PLAIN and word.isascii():
            word = word.lower()
        else:
            word = word.translate(_FORM_OF)
            if kind == _IS_ACRONYM:
                word = word.replace(".", "")
        if is_cut:
            units.append(len(words))
            is_cut = False
        words.append(word)
        starts.append(start)
        ends.append(end)
    return Tokens(words, starts, ends, units)


def _classes(text: str) -> str:
    """Return the class of each code point, by a table of bytes where they are ASCII."""
    classes = text.encode("ascii", "replace").translate(_ascii_classes()).decode()
    if text.isascii():
        return classes
    parts: list[str] = []
    done = 0
    for found in _NOT_ASCII.finditer(text):
        parts += classes[done : found.start()], found[0].translate(_CLASS_OF)
        done = found.end()
    return "".join([*parts, classes[done:]])


@cache
def _ascii_classes() -> bytes:
    return "".join(_CLASS_OF[byte] for byte in range(128)).encode().ljust(256, b"O")


def normalize(text: str) -> str:
    """Return the normal form: the tokens' normal forms joined by spaces.

    Examples
    --------
    >>> normalize("Ｕ.Ｓ. CAFÉS, “5%”")
    'us cafes 5 percent'
    """
    return " ".join(tokenize(text).words)
