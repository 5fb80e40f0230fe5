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
from itertools import pairwise

from dedup.text.table import load

__all__ = ["Tokens", "normalize", "tokenize"]

#: A single full stop ends a unit only after a token at least this long.
MIN_WORD_BEFORE_STOP = 3

_SINGLE = r"S[XI]*+"
_ACRONYM = r"L[XI]*+(?:PL[XI]*+(?![LD]))++"
_WORD = r"[LD][XI]*+(?:[LD][XI]*+|A(?=[LD])|(?<=D)P(?=D)|(?<=D)C(?=DDD(?!D)))*+"
_HARD_CUT = r"N+|J[JMPQA]*+|[MP]*M[MP]*[QA]*+(?=[WN]|\Z)|PP+[QA]*+(?=[WN]|\Z)"
_STOP = r"P[QA]*+(?=[WN]|\Z)"
_SCAN = re.compile(
    f"(?P<single>{_SINGLE})|(?P<acronym>{_ACRONYM})|(?P<word>{_WORD})"
    f"|(?P<cut>{_HARD_CUT})|(?P<stop>{_STOP})"
)


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
    classes = text.translate(_CLASS_OF)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    units: list[int] = []
    is_cut = True
    for found in _SCAN.finditer(classes):
        kind = found.lastgroup
        if kind == "cut":
            is_cut = True
            continue
        if kind == "stop":
            if words and len(words[-1]) >= MIN_WORD_BEFORE_STOP:
                is_cut = True
            continue
        start, end = found.span()
        word = text[start:end].translate(_FORM_OF)
        if kind == "acronym":
            word = word.replace(".", "")
        if is_cut:
            units.append(len(words))
            is_cut = False
        words.append(word)
        starts.append(start)
        ends.append(end)
    return Tokens(words, starts, ends, units)


def normalize(text: str) -> str:
    """Return the normal form: the tokens' normal forms joined by spaces.

    Examples
    --------
    >>> normalize("Ｕ.Ｓ. CAFÉS, “5%”")
    'us cafes 5 percent'
    """
    return " ".join(tokenize(text).words)
