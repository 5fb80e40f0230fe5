"""The diff in plain Python, which says what the compiled loops repeat.

It serves where nothing is compiled, and what the loops leave to it.
"""

from dataclasses import replace

from dedup.article import Article
from dedup.boilerplate.learned import Boilerplate
from dedup.diff.align import align
from dedup.diff.compose import MERGED, SPLIT, compose, in_order
from dedup.diff.parting import find_clauses
from dedup.diff.result import Found, Op, Segment, WordEdit, WordOp
from dedup.diff.sentences import guess_language
from dedup.diff.source import Source, read_source
from dedup.diff.title import find_chrome_and_title
from dedup.match import body_without, measure
from dedup.text import tokenize

__all__ = ["compare_plainly"]

_OTHER_SIDE = {Op.ADDED: Op.DROPPED, Op.DROPPED: Op.ADDED}
_OTHER_NOTE = {MERGED: SPLIT, SPLIT: MERGED}
_OTHER_WORD_SIDE = {WordOp.ADDED: WordOp.DROPPED, WordOp.DROPPED: WordOp.ADDED}


def compare_plainly(
    articles: tuple[Article, Article], boilerplate: Boilerplate | None, *, is_swapped: bool
) -> Found:
    """Return the segments of two articles, what was bounded, and what they share.

    Parameters
    ----------
    boilerplate : Boilerplate | None
        What the sites repeat.
    is_swapped : bool
        Whether ties are broken as if the second article were the first.
    """
    texts = [article.text for article in articles]
    tokens = [tokenize(text) for text in texts]
    language = guess_language(*(own.words for own in tokens))
    chromes = [
        find_chrome_and_title(article, own, boilerplate)
        for article, own in zip(articles, tokens, strict=True)
    ]
    a, b = (
        read_source(text, own, language, chrome)
        for text, own, chrome in zip(texts, tokens, chromes, strict=True)
    )
    segments, limits = _diff(b, a) if is_swapped else _diff(a, b)
    if is_swapped:
        segments = in_order([_swap(segment) for segment in segments])
    return _number_groups(segments), limits, measure(*map(body_without, chromes, tokens))


def _diff(a: Source, b: Source) -> tuple[list[Segment], tuple[str, ...]]:
    found = align(a.sentences, b.sentences, a.ranks, b.ranks)
    in_a, in_b = find_clauses(found)
    if in_a or in_b:
        a, b = a.parted(in_a), b.parted(in_b)
        found = align(a.sentences, b.sentences, a.ranks, b.ranks)
    return compose(a, b, found), tuple(found.limits)


def _swap(segment: Segment) -> Segment:
    op = _OTHER_SIDE.get(segment.op, segment.op)
    words = tuple(_swap_words(word) for word in segment.words)
    note = _OTHER_NOTE.get(segment.note or "", segment.note)
    return Segment(op, segment.b, segment.a, words, segment.group, note)


def _swap_words(word: WordEdit) -> WordEdit:
    return WordEdit(_OTHER_WORD_SIDE.get(word.op, word.op), word.b, word.a, word.kind)


def _number_groups(segments: list[Segment]) -> tuple[Segment, ...]:
    numbers: dict[int, int] = {}
    return tuple(
        segment
        if segment.group is None
        else replace(segment, group=numbers.setdefault(segment.group, len(numbers) + 1))
        for segment in segments
    )
