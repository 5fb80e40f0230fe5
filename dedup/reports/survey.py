"""Who copied whom: a result seen by cluster, by source, by day and by flow."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from statistics import median

import numpy as np

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.cluster import Cluster, Member
from dedup.match import Match

__all__ = [
    "ClusterView", "Copy", "Day", "Flow", "SourceRow", "Survey", "days_of", "lag_minutes",
    "source_name", "survey", "turned",
]  # fmt: skip

NO_SOURCE = "(no source)"


@dataclass(frozen=True, slots=True)
class Copy:
    """A member of a cluster that is not kept.

    Attributes
    ----------
    member : Member
    match : Match | None
        Verified pair of the kept article (its ``a``) and this one; ``None`` where
        the two are connected through other members only.
    via : Match | None
        Then its strongest pair with another member, that one as ``a``.
    lag_minutes : float | None
        From the cluster's first publication to this one.
    """

    member: Member
    match: Match | None
    via: Match | None
    lag_minutes: float | None

    @property
    def article(self) -> Article:
        """The copy, without its text."""
        return self.member.article


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster as a reader looks at it.

    Attributes
    ----------
    cluster : Cluster
    kept : Member
    first : Member
        Published first; the kept one among equals, and where no date is known.
    copies : tuple[Copy, ...]
        In the order of publication, unknown dates last.
    sources : tuple[str, ...]
        Of all members, the kept one's first.
    lag_minutes : float | None
        From the first to the last publication.
    """

    cluster: Cluster
    kept: Member
    first: Member
    copies: tuple[Copy, ...]
    sources: tuple[str, ...]
    lag_minutes: float | None

    @property
    def size(self) -> int:
        """How many articles."""
        return len(self.cluster.members)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a source published: ``copies`` of them are not kept, ``carried`` came from others."""

    name: str
    articles: int
    copies: int
    carried: int


@dataclass(frozen=True, slots=True)
class Day:
    """Articles published on one day (UTC), and how many of them are copies."""

    day: date
    articles: int
    copies: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Copies that one source (``carrier``) has of another's articles.

    ``lags`` are minutes from first publication to copy, sorted, where both are dated.
    """

    origin: str
    carrier: str
    copies: int
    lags: tuple[float, ...]

    @property
    def median_minutes(self) -> float | None:
        """Half of the dated copies came sooner."""
        return median(self.lags) if self.lags else None


@dataclass(frozen=True, slots=True)
class Survey:
    """A result seen from all sides; nothing in it holds a text."""

    result: Deduplication
    clusters: tuple[ClusterView, ...]
    sources: tuple[SourceRow, ...]
    days: tuple[Day, ...]
    undated: int
    flows: tuple[Flow, ...]


def survey(result: Deduplication) -> Survey:
    """Look at a result from all sides; linear in its articles and matches."""
    nearest = _nearest(result)
    views = tuple(_view(cluster, result.members, nearest) for cluster in result.clusters)
    articles = [member.article for member in result.members.values()]
    copies = [result.members[one].article for one in result.dropped]
    flows = _flows(views)
    return Survey(
        result,
        views,
        _source_rows(articles, copies, flows),
        _days(articles, copies),
        sum(article.published is None for article in articles),
        flows,
    )


def days_of(result: Deduplication) -> tuple[Day, ...]:
    """Return the days on which articles were published."""
    articles = [member.article for member in result.members.values()]
    return _days(articles, [result.members[one].article for one in result.dropped])


def source_name(article: Article) -> str:
    """Return what a reader knows an article's outlet by."""
    return article.source or article.site or NO_SOURCE


def lag_minutes(first: Article, later: Article) -> float | None:
    """Return the minutes between two publications, where both are known."""
    if first.published is None or later.published is None:
        return None
    return (later.published - first.published).total_seconds() / 60


def turned(match: Match, a: str) -> Match:
    """Return a match seen from the article ``a``, which is one of the two."""
    if match.a == a:
        return match
    return replace(
        match,
        a=match.b,
        b=match.a,
        relation=match.relation.reverse,
        evidence=match.evidence.reversed(),
    )


def _nearest(result: Deduplication) -> Mapping[str, Match]:
    """Return each copy's pair with the article that its cluster keeps, or its strongest there."""
    links = result.duplicates
    names, a, b = links.named_ends()
    numbers = {name: number for number, name in enumerate(names)}
    kept = np.full(len(names), -1, np.int64)
    for cluster in result.clusters:
        kept[[numbers[one] for one in cluster.members]] = numbers[cluster.representative]
    copies, others = np.concatenate((a, b)), np.concatenate((b, a))
    pairs, strengths = np.tile(np.arange(len(links)), 2), np.tile(links.strengths, 2)
    is_inside = (kept[copies] == kept[others]) & (kept[copies] >= 0) & (kept[copies] != copies)
    copies, others, pairs, strengths = (
        column[is_inside] for column in (copies, others, pairs, strengths)
    )
    order = np.lexsort((others, -strengths, others != kept[copies], copies))
    found, first = np.unique(copies[order], return_index=True)
    chosen = links.select(pairs[order[first]])
    return {names[number]: match for number, match in zip(found.tolist(), chosen, strict=True)}


def _view(
    cluster: Cluster,
    members: Mapping[str, Member],
    nearest: Mapping[str, Match],
) -> ClusterView:
    inside = [members[one] for one in cluster.members]
    kept = inside[0]
    dated = [one for one in inside if one.article.published is not None]
    first = min(
        dated, key=lambda one: (_by_date(one)[:2], one is not kept, one.article.id), default=kept
    )
    copies = sorted(inside[1:], key=_by_date)
    lags = [lag for one in dated if (lag := lag_minutes(first.article, one.article)) is not None]
    return ClusterView(
        cluster,
        kept,
        first,
        tuple(_copy(one, kept, first, nearest[one.article.id]) for one in copies),
        tuple(dict.fromkeys(source_name(one.article) for one in (kept, *copies))),
        max(lags) if len(lags) > 1 else None,
    )


def _by_date(member: Member) -> tuple[bool, float, str]:
    published = member.article.published
    return published is None, published.timestamp() if published else 0.0, member.article.id


def _copy(member: Member, kept: Member, first: Member, nearest: Match) -> Copy:
    match = via = None
    if kept.article.id in (nearest.a, nearest.b):
        match = turned(nearest, kept.article.id)
    else:
        via = turned(nearest, nearest.b if nearest.a == member.article.id else nearest.a)
    return Copy(member, match, via, lag_minutes(first.article, member.article))


def _flows(views: Iterable[ClusterView]) -> tuple[Flow, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    lags: dict[tuple[str, str], list[float]] = defaultdict(list)
    for view in views:
        origin = source_name(view.first.article)
        for member in (view.kept.article, *(copy.article for copy in view.copies)):
            carrier = source_name(member)
            if carrier == origin:
                continue
            counts[origin, carrier] += 1
            lag = lag_minutes(view.first.article, member)
            if lag is not None:
                lags[origin, carrier].append(lag)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Flow(*pair, count, tuple(sorted(lags[pair]))) for pair, count in ranked)


def _source_rows(
    articles: Sequence[Article], copies: Sequence[Article], flows: Iterable[Flow]
) -> tuple[SourceRow, ...]:
    published = Counter(map(source_name, articles))
    dropped = Counter(map(source_name, copies))
    carried: Counter[str] = Counter()
    for flow in flows:
        carried[flow.carrier] += flow.copies
    ranked = sorted(published, key=lambda name: (-published[name], name))
    return tuple(SourceRow(one, published[one], dropped[one], carried[one]) for one in ranked)


def _days(articles: Iterable[Article], copies: Iterable[Article]) -> tuple[Day, ...]:
    published, dropped = _by_day(articles), _by_day(copies)
    return tuple(Day(day, published[day], dropped[day]) for day in sorted(published))


def _by_day(articles: Iterable[Article]) -> Counter[date]:
    return Counter(a.published.astimezone(UTC).date() for a in articles if a.published)
