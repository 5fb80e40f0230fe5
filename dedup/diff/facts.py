"""Call out the edits an editor looks for: numbers, names and quotations."""

import re
from collections.abc import Sequence

from dedup.diff.result import EditKind, Span, WordEdit

__all__ = ["call_out", "find_kinds", "name_facts"]

_QUOTED = re.compile(r"“[^”]*”?|«[^»]*»?|„[^“”]*[“”]?|「[^」]*」?|『[^』]*』?|\"[^\"]*\"?")
_CAPITALISED = re.compile(r"(?<![\w’'.])[^\W\d_a-z]\w*")
_SHORT_RUN = 40  # letters; about six words
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def call_out(text_a: str, text_b: str, words: tuple[WordEdit, ...]) -> tuple[WordEdit, ...]:
    """Say of each wording edit whether it changes a number, a name or a quotation.

    Parameters
    ----------
    text_a, text_b : str
    words : tuple[WordEdit, ...]
        The edits of one segment.
    """
    spans = [(word.a, word.b) for word in words]
    kinds = find_kinds(text_a, text_b, spans, [word.kind for word in words])
    return tuple(
        word if word.kind is kind else WordEdit(word.op, word.a, word.b, kind)
        for word, kind in zip(words, kinds, strict=True)
    )


def find_kinds(
    text_a: str,
    text_b: str,
    spans: Sequence[tuple[Span | None, Span | None]],
    kinds: Sequence[EditKind | None],
) -> list[EditKind | None]:
    """Return the kinds of a segment's edits, with what those of wording change."""
    found = list(kinds)
    if EditKind.WORDING not in found:
        return found
    quoted_a = _quoted(text_a, [a for a, _ in spans if a])
    quoted_b = _quoted(text_b, [b for _, b in spans if b])
    for at, (a, b) in enumerate(spans):
        if kinds[at] is EditKind.WORDING:
            kind = _kind(
                text_a[slice(*a)] if a else "",
                text_b[slice(*b)] if b else "",
                is_first=at == 0,
            )
            if kind is not EditKind.NUMBER and (_is_inside(a, quoted_a) or _is_inside(b, quoted_b)):
                kind = EditKind.QUOTATION
            found[at] = kind
    return found


def name_facts(a: str, b: str, kind: EditKind) -> tuple[str, str]:
    """Return two changed runs for a summary: whole if short, else the facts of one alone."""
    if max(len(a), len(b)) <= _SHORT_RUN or kind == EditKind.QUOTATION:
        return a, b
    facts = _NUMBER if kind == EditKind.NUMBER else _CAPITALISED
    in_a, in_b = facts.findall(a), facts.findall(b)
    only_a = dict.fromkeys(fact for fact in in_a if fact not in in_b)
    only_b = dict.fromkeys(fact for fact in in_b if fact not in in_a)
    return ", ".join(only_a), ", ".join(only_b)


def _kind(a: str, b: str, *, is_first: bool) -> EditKind:
    """Classify a change by what the two runs hold."""
    if not a or not b:
        return EditKind.WORDING
    numbers_a, numbers_b = _NUMBER.findall(a), _NUMBER.findall(b)
    if numbers_a and numbers_b and sorted(numbers_a) != sorted(numbers_b):
        return EditKind.NUMBER
    if numbers_a or numbers_b or is_first:
        return EditKind.WORDING
    names_a, names_b = _names(a), _names(b)
    is_renamed = names_a and names_b and names_a != names_b
    return EditKind.NAME if is_renamed else EditKind.WORDING


def _names(text: str) -> set[str]:
    return {name.casefold() for name in _CAPITALISED.findall(text) if name[:1].isupper()}


def _quoted(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if not spans:
        return []
    start, end = spans[0][0], spans[-1][1]
    return [
        (start + found.start(), start + found.end()) for found in _QUOTED.finditer(text[start:end])
    ]


def _is_inside(span: tuple[int, int] | None, quoted: list[tuple[int, int]]) -> bool:
    if span is None:
        return False
    middle = (span[0] + span[1]) // 2
    return any(start < middle < end for start, end in quoted)
