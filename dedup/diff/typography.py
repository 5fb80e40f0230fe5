"""Say changes of house style once: ``U.S.→US ×10``."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dedup.diff.markup import without_markup
from dedup.diff.result import EditKind, Segment, WordEdit, WordOp

__all__ = ["StyleChange", "list_style_changes"]

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟«»″", '"'))
_STOPS = frozenset(".,;:")
_MIN_WORDING = 2


@dataclass(frozen=True, slots=True)
class StyleChange:
    """One way of setting text and the other, with how often."""

    a: str
    b: str
    count: int

    def __str__(self) -> str:
        return f"{self.a}→{self.b} ×{self.count}"


def list_style_changes(
    text_a: str, text_b: str, segments: Iterable[Segment]
) -> tuple[StyleChange, ...]:
    """Count changes of typography, and words replaced alike more than once.

    Returns
    -------
    tuple[StyleChange, ...]
        Most frequent first.
    """
    counts: Counter[tuple[str, str]] = Counter()
    wordings: Counter[tuple[str, str]] = Counter()
    for segment in segments:
        for word in segment.words:
            if word.op == WordOp.KEPT:
                continue
            a, b = _sides(text_a, text_b, word)
            if word.kind == EditKind.TYPOGRAPHY:
                counts.update(_reduce(a, b))
            elif word.kind == EditKind.WORDING and len(a.split()) == len(b.split()) == 1:
                wordings[a.strip(".,;:"), b.strip(".,;:")] += 1
    counts.update({pair: n for pair, n in wordings.items() if n >= _MIN_WORDING})
    styles = [(pair, count) for pair, count in counts.items() if all(pair)]
    ordered = sorted(styles, key=lambda item: (-item[1], item[0]))
    return tuple(StyleChange(a, b, count) for (a, b), count in ordered)


def _sides(text_a: str, text_b: str, word: WordEdit) -> tuple[str, str]:
    a = without_markup(text_a[slice(*word.a)]) if word.a else ""
    b = without_markup(text_b[slice(*word.b)]) if word.b else ""
    return a, b


def _reduce(a: str, b: str) -> list[tuple[str, str]]:
    """Return the marks that differ; whole words where more than marks does."""
    if a == b or a[:1].swapcase() + a[1:] == b:
        return []  # nothing, or a word that now begins a sentence
    if a.translate(_QUOTES) == b.translate(_QUOTES) and len(a) == len(b):
        return sorted({(x, y) for x, y in zip(a, b, strict=True) if x != y})
    while a and b and a[-1] == b[-1] and not a[-1].isalnum() and a[-1] != ".":
        a, b = a[:-1], b[:-1]
    while a and b and a[0] == b[0] and not a[0].isalnum():
        a, b = a[1:], b[1:]
    # where a clause ends, and what is quoted, is no matter of style
    if (a in _STOPS and b in _STOPS) or _has_marks_more(a, b) or _has_marks_more(b, a):
        return []
    return [(a, b)]


def _has_marks_more(a: str, b: str) -> bool:
    """Whether all that a has, and b has not, is marks before and behind it."""
    return b in a and not any(map(str.isalnum, a.replace(b, "", 1)))
