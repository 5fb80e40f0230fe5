"""``diff()``: two texts in, a :class:`~dedup.diff.result.Diff` out."""

from dedup.article import Article
from dedup.boilerplate.learned import Boilerplate
from dedup.diff.plain import compare_plainly
from dedup.diff.result import Diff
from dedup.match import Policy, days_apart, judge_pair

__all__ = ["diff"]


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
    articles, texts = (article_a, article_b), (article_a.text, article_b.text)
    # Ties are broken in one order of the two texts, whichever is called a, so
    # that diff(b, a) has the same moves.
    is_swapped = _rank(texts[1]) < _rank(texts[0])
    found = None
    if _is_ready():
        from dedup.diff.compiled import compare_compiled

        found = compare_compiled(articles, boilerplate, is_swapped=is_swapped)
    segments, limits, evidence = found or compare_plainly(
        articles, boilerplate, is_swapped=is_swapped
    )
    verdict = judge_pair(article_a.id, article_b.id, evidence, Policy(), days_apart(*articles))
    return Diff(
        *texts,
        segments,
        str(verdict.relation),
        verdict.containment_ab,
        verdict.containment_ba,
        (article_a.title, article_b.title),
        (article_a.published, article_b.published),
        limits,
    )


def _rank(text: str) -> tuple[int, str]:
    return len(text), text


def _is_ready() -> bool:
    """Whether no call of a compiled loop waits for its compilation."""
    from dedup.kernels.compiled import is_ready

    return is_ready()
