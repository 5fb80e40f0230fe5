"""What a is to b: asked of ``match``, so that no diff has a second opinion."""

from typing import TYPE_CHECKING

from dedup.article import Article
from dedup.diff.source import Source
from dedup.match import Match, Policy, body_without, days_apart, judge_pair, measure

if TYPE_CHECKING:
    from dedup.kernels.reading import ReadTexts

__all__ = ["judge"]


def judge(
    a: Article, b: Article, source_a: Source, source_b: Source, read: "ReadTexts | None"
) -> Match:
    """Return what ``match.compare(a, b)`` returns, without reading the texts again."""
    if read is None:
        evidence = measure(*(body_without(x.judged, x.tokens) for x in (source_a, source_b)))
    else:
        from dedup.match.texts import measure_texts

        evidence = measure_texts(read.batch, (source_a.judged, source_b.judged))
    return judge_pair(a.id, b.id, evidence, Policy(), days_apart(a, b))
