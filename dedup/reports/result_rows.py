"""Articles and clusters as JSON in a result file, and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from dedup.article import Article
from dedup.cluster import Cluster, Member
from dedup.match import Evidence, Match, Relation
from dedup.reports.survey import ClusterView, Copy

__all__ = ["article_to_row", "row_to_article", "row_to_member", "row_to_view", "view_to_row"]


def article_to_row(article: Article, member: Member) -> dict[str, object]:
    """Return an article without its text, with what choosing it needed to know."""
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "body_words": member.body_words,
        "text_words": member.text_words,
    }


def row_to_article(held: Mapping[str, Any], text: str) -> Article:
    """Return an article with a text."""
    when = held["published"]
    return Article(
        held["id"],
        text,
        title=held["title"],
        url=held["url"],
        source=held["source"],
        published=datetime.fromisoformat(when) if when else None,
    )


def row_to_member(held: Mapping[str, Any]) -> Member:
    """Return a member; its place in the input is not kept."""
    return Member(row_to_article(held, ""), 0, held["body_words"], held["text_words"])


def view_to_row(view: ClusterView) -> dict[str, object]:
    """Return a cluster by ids, with lags and evidence."""
    return {
        "id": view.cluster.id,
        "members": view.cluster.members,
        "archived": view.cluster.archived,
        "weakest": _match_to_row(view.cluster.weakest),
        "first": view.first.article.id,
        "sources": view.sources,
        "lag": view.lag_minutes,
        "copies": [_copy_to_row(copy) for copy in view.copies],
    }


def row_to_view(held: Mapping[str, Any], member: Callable[[str], Member]) -> ClusterView:
    """Return a cluster, its members looked up by id."""
    members = {one: member(one) for one in held["members"]}
    kept = held["members"][0]
    weakest = _row_to_match(held["weakest"])
    copies = tuple(
        Copy(members[one], match and _row_to_match(match), via and _row_to_match(via), lag)
        for one, match, via, lag in held["copies"]
    )
    return ClusterView(
        Cluster(held["id"], kept, tuple(held["members"]), weakest, tuple(held["archived"])),
        members[kept],
        members[held["first"]],
        copies,
        tuple(held["sources"]),
        held["lag"],
    )


def _copy_to_row(copy: Copy) -> list[object]:
    matches = (None if match is None else _match_to_row(match) for match in (copy.match, copy.via))
    return [copy.article.id, *matches, copy.lag_minutes]


def _match_to_row(match: Match) -> list[object]:
    flags = match.days_apart, match.is_duplicate, match.is_rerun
    return [match.a, match.b, str(match.relation), list(astuple(match.evidence)), *flags]


def _row_to_match(held: Sequence[Any]) -> Match:
    a, b, relation, evidence, days, is_duplicate, is_rerun = held
    return Match(a, b, Relation(relation), Evidence(*evidence), days, is_duplicate, is_rerun)
