"""What the page's scripts need to sort, search and tighten: columns, not texts."""

from collections.abc import Iterable, Mapping, Sequence

from dedup.batch import Deduplication
from dedup.diff import Op
from dedup.match import Match, Relation
from dedup.reports.forest import MEASURES, bins, spanning_links
from dedup.reports.pages import Change
from dedup.reports.review import LABELS
from dedup.reports.survey import ClusterView, Survey
from dedup.reports.words import clip, cluster_route

__all__ = [
    "KINDS", "NO_PREVIEW", "columns_of", "index_of", "kinds_of", "listing", "no_preview", "what_if",
]  # fmt: skip

#: What can have changed in a cluster, in the order of the filter's choices.
KINDS = ("number", "name", "quotation", "edited", "moved", "added", "dropped", "abridged")

#: Links that hold clusters together, for the threshold; more would fill the page.
MOST_LINKS = 150_000
#: What :func:`what_if` returns where a page has no preview.
NO_PREVIEW: Mapping[str, object] = {"links": None, "counts": None, "homes": [], "names": []}


def listing(
    survey: Survey,
    listed: Sequence[ClusterView],
    known: Mapping[tuple[str, str], Change],
    rooms: Mapping[str, str],
    blocks: Mapping[str, str],
    queue: Sequence[Mapping[str, object]],
    tightened: Mapping[str, object],
) -> dict[str, object]:
    """Return the index of the page.

    Parameters
    ----------
    rooms, blocks : Mapping[str, str]
        By cluster, the block of its page and that of its diffs.
    queue : Sequence[Mapping[str, object]]
        The review's pairs.
    tightened : Mapping[str, object]
        From :func:`what_if`.
    """
    return {
        **index_of(survey, queue, tightened),
        "clusters": columns_of(survey, listed, known, rooms, blocks),
    }


def columns_of(
    survey: Survey,
    listed: Sequence[ClusterView],
    known: Mapping[tuple[str, str], Change],
    rooms: Mapping[str, str],
    blocks: Mapping[str, str],
) -> dict[str, list[object]]:
    """Return the list of clusters: a value for each in every column."""
    outlets = {row.name: number for number, row in enumerate(survey.sources)}
    return {
        "route": [cluster_route(view.cluster.id) for view in listed],
        "title": [clip(_name(view), 160) for view in listed],
        "size": [view.size for view in listed],
        "outlets": [[outlets[name] for name in view.sources] for view in listed],
        "lag": [None if view.lag_minutes is None else round(view.lag_minutes)
                for view in listed],
        "weakest": [round(view.cluster.weakest.strength, 4) for view in listed],
        "kinds": [[KINDS.index(kind) for kind in kinds_of(view, known)] for view in listed],
        "words": [" ".join(_further_titles(view)) for view in listed],
        "room": [rooms[view.cluster.id] for view in listed],
        "pairs": [blocks.get(view.cluster.id) for view in listed],
    }  # fmt: skip


def index_of(
    survey: Survey, queue: Sequence[Mapping[str, object]], tightened: Mapping[str, object]
) -> dict[str, object]:
    """Return what a page's scripts need besides the list of clusters."""
    result = survey.result
    return {
        "run": result.recipe.digest,
        "linkage": result.linkage,
        "sources": [clip(row.name, 80) for row in survey.sources],
        "kinds": KINDS,
        **tightened,
        "review": list(queue),
        "labels": [[one.name, one.key, one.is_duplicate, one.meaning] for one in LABELS],
    }


def kinds_of(view: ClusterView, known: Mapping[tuple[str, str], Change]) -> list[str]:
    """Return what changed in any copy; of copies not compared, what their evidence shows."""
    found: set[str] = set()
    for copy in view.copies:
        change = known.get((view.kept.article.id, copy.article.id))
        if change is not None:
            found.update(change.kinds)
        elif copy.match is not None:
            found.update(_kinds_by_evidence(copy.match))
        if copy.match is not None and copy.match.relation is Relation.EXPANSION:
            found.add("abridged")
    return [kind for kind in KINDS if kind in found]


def _kinds_by_evidence(match: Match) -> Iterable[str]:
    evidence = match.evidence
    if evidence.shared_numbers < min(evidence.numbers_a, evidence.numbers_b):
        yield "number"  # each has a number that the other lacks
    if match.relation is Relation.EXPANSION:
        yield Op.DROPPED.value
    if match.relation is Relation.EXCERPT:
        yield Op.ADDED.value


def _name(view: ClusterView) -> str:
    return view.kept.article.title or view.kept.article.id


def _further_titles(view: ClusterView) -> list[str]:
    """Return what a search finds besides the kept title: other titles and all ids."""
    articles = [view.kept.article, *(copy.article for copy in view.copies)]
    titles = dict.fromkeys(clip(article.title, 160) for article in articles if article.title)
    titles.pop(clip(_name(view), 160), None)
    return [*titles, *(clip(article.id, 80) for article in articles)]


def no_preview(result: Deduplication) -> str | None:
    """Say why the page cannot preview a tighter threshold, if it cannot."""
    if result.linkage != "components":
        return (
            "There is no preview of a tighter threshold: with --linkage representative it would "
            "group the articles anew. Run again with --resemblance."
        )
    if len(result.dropped) > MOST_LINKS:
        return (
            "There is no preview of a tighter threshold: what it needs of more than "
            f"{MOST_LINKS:,} copies would fill the page. Run again with --resemblance."
        )
    return None


def what_if(survey: Survey) -> Mapping[str, object]:
    """Return what a tighter threshold needs: counts by hundredth, and the links that hold."""
    result = survey.result
    if no_preview(result) is not None:
        return NO_PREVIEW
    numbers: dict[str, int] = {}
    homes: list[int] = []
    for place, view in enumerate(survey.clusters):
        for one in view.cluster.members:
            numbers[one] = len(numbers)
            homes.append(place)
    duplicates = result.duplicates
    links = {
        name: spanning_links(duplicates, numbers, measure) for name, measure in MEASURES.items()
    }
    counts = {
        name: [one.total for one in bins(duplicates, measure, width=1)]
        for name, measure in MEASURES.items()
    }
    return {"links": links, "counts": counts, "homes": homes,
            "names": [cluster_route(view.cluster.id) for view in survey.clusters]}  # fmt: skip
