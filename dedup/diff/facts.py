"""Call out the edits an editor looks for: numbers, names and quotations."""

import re
from dataclasses import replace

from dedup.diff.result import EditKind, WordEdit

__all__ = ["call_out", "name_facts"]

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
    if all(word.kind != EditKind.WORDING for word in words):
        return words
    quoted_a = _quoted(text_a, [word.a for word in words if word.a])
    quoted_b = _quoted(text_b, [word.b for word in words if word.b])
    called = []
    is_first = True
    for word in words:
        if word.kind == EditKind.WORDING:
            inside = _is_inside(word.a, quoted_a) or _is_inside(word.b, quoted_b)
            kind = _kind(
                text_a[slice(*word.a)] if word.a else "",
                text_b[slice(*word.b)] if word.b else "",
                is_first=is_first,
            )
            if kind != EditKind.NUMBER and inside:
                kind = EditKind.QUOTATION
            word = replace(word, kind=kind)
        called.append(word)
        is_first = False
    return tuple(called)


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
