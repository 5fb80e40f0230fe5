"""``diff()``: two texts in, a :class:`~dedup.diff.result.Diff` out."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.article import Article
from dedup.boilerplate.learned import Boilerplate
from dedup.diff.align import align
from dedup.diff.compose import MERGED, SPLIT, compose, in_order
from dedup.diff.judge import judge
from dedup.diff.parting import find_clauses
from dedup.diff.result import Diff, Op, Segment, WordEdit, WordOp
from dedup.diff.sentences import guess_language
from dedup.diff.source import Source, read_source
from dedup.diff.title import find_chrome_and_title
from dedup.text import tokenize

if TYPE_CHECKING:
    from dedup.kernels.reading import ReadTexts

__all__ = ["diff"]

_OTHER_SIDE = {Op.ADDED: Op.DROPPED, Op.DROPPED: Op.ADDED}
_OTHER_NOTE = {MERGED: SPLIT, SPLIT: MERGED}
_OTHER_WORD_SIDE = {WordOp.ADDED: WordOp.DROPPED, WordOp.DROPPED: WordOp.ADDED}


def diff(a: Article | str, b: Article | str, *, boilerplate: Boilerplate | None = None) -> Diff:
    """Show what b kept, edited, moved, added and dropped of a.

    Parameters
    ----------
    a, b : Article or str
    boilerplate : Boilerplate | None
        What the articles' sites repeat, where a batch or an index has learned
        it; without, chrome is told by cues alone.

    Returns
    -------
    Diff
        ``diff(b, a)`` is the same with the two sides, and added and dropped,
        exchanged.

    Notes
    -----
    Near linear in the words of both texts when most of them are shared.

    Examples
    --------
    >>> d = diff("This one stays. Two went away.", "This one stays. Three came new.")
    >>> [segment.op.value for segment in d.segments]
    ['kept', 'dropped', 'added']
    """
    article_a = a if isinstance(a, Article) else Article("a", a)
    article_b = b if isinstance(b, Article) else Article("b", b)
    read = _read_compiled(article_a.text, article_b.text)
    source_a, source_b = _read(article_a, article_b, boilerplate, read)
    # Ties are broken in one order of the two texts, whichever is called a, so
    # that diff(b, a) has the same moves.
    if _rank(article_b.text) < _rank(article_a.text):
        segments, limits = _diff(source_b, source_a)
        segments = in_order([_swap(segment) for segment in segments])
    else:
        segments, limits = _diff(source_a, source_b)
    verdict = judge(article_a, article_b, source_a, source_b, read)
    return Diff(
        article_a.text,
        article_b.text,
        _number_groups(segments),
        str(verdict.relation),
        verdict.containment_ab,
        verdict.containment_ba,
        (article_a.title, article_b.title),
        (article_a.published, article_b.published),
        limits,
    )


def _rank(text: str) -> tuple[int, str]:
    return len(text), text


def _read_compiled(*texts: str) -> "ReadTexts | None":
    """Read by the compiled loops, if no call waits for their compilation."""
    from dedup.kernels.compiled import is_ready

    if not is_ready():
        return None
    from dedup.kernels.reading import read_texts

    return read_texts(texts)


def _read(
    a: Article, b: Article, boilerplate: Boilerplate | None, read: "ReadTexts | None"
) -> tuple[Source, Source]:
    tokens_a, tokens_b = tokenize(a.text), tokenize(b.text)
    language = guess_language(tokens_a.words, tokens_b.words)
    hashes = [None, None] if read is None else [read.batch.tokens_of(i) for i in (0, 1)]
    chrome_a = find_chrome_and_title(a, tokens_a, boilerplate, hashes[0])
    chrome_b = find_chrome_and_title(b, tokens_b, boilerplate, hashes[1])
    return (
        read_source(a.text, tokens_a, language, chrome_a),
        read_source(b.text, tokens_b, language, chrome_b),
    )


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
