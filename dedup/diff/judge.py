"""What a is to b: asked of ``match``, so that no diff has a second opinion."""

from dedup.article import Article
from dedup.diff.source import Source
from dedup.match import Match, Policy, body_without, days_apart, judge_pair, measure

__all__ = ["judge"]


def judge(a: Article, b: Article, source_a: Source, source_b: Source) -> Match:
    """Return what ``match.compare(a, b)`` returns, without reading the texts again."""
    bodies = [body_without(source.judged, source.tokens) for source in (source_a, source_b)]
    return judge_pair(a.id, b.id, measure(*bodies), Policy(), days_apart(a, b))
