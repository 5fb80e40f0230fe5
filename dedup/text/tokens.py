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
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from dedup.text.table import load

__all__ = ["Tokens", "normalize", "tokenize"]

#: A single full stop ends a unit only after a token at least this long.
MIN_WORD_BEFORE_STOP = 3

#: A word of letters and digits alone; what may join it to more must not follow.
_PLAIN = r"[LD]++(?![XIAPC])"
_SINGLE = r"S[XI]*+"
_ACRONYM = r"L[XI]*+(?:PL[XI]*+(?![LD]))++"
_WORD = r"[LD][XI]*+(?:[LD][XI]*+|A(?=[LD])|(?<=D)P(?=D)|(?<=D)C(?=DDD(?!D)))*+"
_SCAN = re.compile(f"({_PLAIN})|({_ACRONYM})|({_WORD}|{_SINGLE})")
_IS_PLAIN, _IS_ACRONYM = 1, 2
#: Line breaks, ideographic marks, and other marks before white space; the group
#: is a full stop alone.
_CUT = re.compile(
    r"[NJMP](?:(?<=N)N*+|(?<=J)[JMPQA]*+"
    r"|((?<=P)(?![MP])[QA]*+(?=[WN]|\Z))|(?<=[MP])[MP]*+[QA]*+(?=[WN]|\Z))"
)
#: What makes a token of more than one run of letters and digits.
_JOINER = re.compile(r"[APC](?<=[LD].)(?=[LD])")
#: Classes of code points that make tokens longer than what they join.
_EXTENDING = re.compile("[XI]")
#: A run of letters and digits, or a character that is a token by itself.
_RUN, _ALONE = 1, 2
_RUNS = b"".join(bytes([_RUN * (c in b"LD") or _ALONE * (c in b"S")]) for c in range(256))
#: Stands for what has no normal form of one ASCII character; no token holds it.
_NO_FORM = ord("?")
_SPACE = np.uint8(ord(" "))
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


#: Normal forms, starts and ends of tokens.
_Columns = tuple[list[str], list[int], list[int]]

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
    read = _scan if _EXTENDING.search(classes) else _read_runs
    words, starts, ends = read(text, classes)
    return Tokens(words, starts, ends, _cut_units(classes, words, starts))


def _cut_units(classes: str, words: list[str], starts: list[int]) -> list[int]:
    """Return the first token of each unit."""
    units = {0: None}
    at = 0
    for found in _CUT.finditer(classes):
        at = bisect_left(starts, found.start(), lo=at)
        if found.lastindex is None or (at and len(words[at - 1]) >= MIN_WORD_BEFORE_STOP):
            units[at] = None
    units.pop(len(words), None)
    return list(units)


def _scan(text: str, classes: str) -> _Columns:
    """Return the tokens, found one by one."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _SCAN.finditer(classes):
        start, end = found.span()
        words.append(_form(text[start:end], found.lastindex))
        starts.append(start)
        ends.append(end)
    return words, starts, ends


def _form(token: str, kind: int | None) -> str:
    if kind == _IS_PLAIN and token.isascii():
        return token.lower()
    word = token.translate(_FORM_OF)
    return word.replace(".", "") if kind == _IS_ACRONYM else word


def _read_runs(text: str, classes: str) -> _Columns:
    """Return what :func:`_scan` returns, where no code point extends a token.

    Nearly all tokens are runs of letters and digits: those are found at once, and
    only what a joiner stands in is scanned.
    """
    runs = np.frombuffer(b"\0" + classes.encode().translate(_RUNS) + b"\0", np.uint8)
    before, run, after = runs[:-2], runs[1:-1], runs[2:]
    is_alone = run == _ALONE
    first = np.flatnonzero(((run == _RUN) & (before != _RUN)) | is_alone)
    last = np.flatnonzero(((run == _RUN) & (after != _RUN)) | is_alone)
    starts, ends = first.tolist(), (last + 1).tolist()
    raw = text.encode("ascii", "replace").translate(_ascii_forms())
    forms = np.frombuffer(raw, np.uint8)
    if is_alone.any():
        plain = raw.decode()
        words = [plain[start:end] for start, end in zip(starts, ends, strict=True)]
    else:
        words = np.where(run, forms, _SPACE).tobytes().decode().split()
    odd = np.flatnonzero((forms == _NO_FORM) & (run > 0))
    for at in np.unique(np.searchsorted(first, odd, "right") - 1).tolist() if len(odd) else ():
        words[at] = text[starts[at] : ends[at]].translate(_FORM_OF)
    return _join_runs(text, classes, (words, starts, ends))


def _join_runs(text: str, classes: str, runs: _Columns) -> _Columns:
    """Make one token of runs that a joiner joins."""
    words, starts, ends = runs
    pieces: list[tuple[int, int, str, int]] = []
    done = 0
    for joiner in _JOINER.finditer(classes):
        first = bisect_left(ends, joiner.start())
        found = _SCAN.match(classes, starts[first]) if first >= done else None
        if found is not None and found.end() > ends[first]:
            word = _form(text[starts[first] : found.end()], found.lastindex)
            pieces.append((done, first, word, found.end()))
            done = bisect_left(ends, found.end(), lo=first) + 1
    joined: _Columns = ([], [], [])
    for low, first, word, end in pieces:
        joined[0].extend((*words[low:first], word))
        joined[1].extend(starts[low : first + 1])
        joined[2].extend((*ends[low:first], end))
    joined[0].extend(words[done:])
    joined[1].extend(starts[done:])
    joined[2].extend(ends[done:])
    return joined


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
def _ascii_forms() -> bytes:
    forms = [_FORM_OF[byte].encode() for byte in range(128)]
    return bytes(form[0] if len(form) == 1 else _NO_FORM for form in forms).ljust(256)


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
