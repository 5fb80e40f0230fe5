"""What a is to b: one verdict, asked of ``match`` in this one place."""

from dataclasses import dataclass

from dedup.article import Article
from dedup.diff.source import Source

__all__ = ["Verdict", "judge"]

_SHINGLE = 5
_COPY = 0.8
_INSIDE = 0.5
_SHARED = 0.1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The relation of a to b and how much of each body is in the other."""

    relation: str
    containment_ab: float
    containment_ba: float


def judge(a: Article, b: Article, source_a: Source, source_b: Source) -> Verdict:
    """Return the relation of two articles, judged without chrome."""
    del a, b  # what match.compare will be given
    words_a, words_b = _body(source_a), _body(source_b)
    shingles_a, shingles_b = _shingles(words_a), _shingles(words_b)
    shared = len(shingles_a & shingles_b)
    ab = shared / len(shingles_a) if shingles_a else 0.0
    ba = shared / len(shingles_b) if shingles_b else 0.0
    if words_a == words_b:
        return Verdict("identical", 1.0, 1.0)
    if min(ab, ba) >= _COPY:
        relation = "copy"
    elif ab >= _INSIDE and ab >= 1.5 * ba:
        relation = "excerpt"
    elif ba >= _INSIDE and ba >= 1.5 * ab:
        relation = "expansion"
    elif max(ab, ba) >= _INSIDE:
        relation = "revision"
    else:
        relation = "overlap" if max(ab, ba) >= _SHARED else "distinct"
    return Verdict(relation, ab, ba)


def _body(source: Source) -> list[str]:
    return [
        word
        for sentence, reason in zip(source.sentences, source.chrome, strict=True)
        if reason is None
        for word in sentence.words
    ]


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    if len(words) < _SHINGLE:
        return {tuple(words)} if words else set()
    return set(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))
