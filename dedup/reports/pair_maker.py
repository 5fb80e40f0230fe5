"""Compares the pairs of a report, each once."""

from collections.abc import Callable

from markupsafe import Markup

from dedup.article import Article
from dedup.match import Match
from dedup.reports.pages import Change, pair_fragment
from dedup.reports.pair_view import view_pair
from dedup.reports.survey import ClusterView, Survey
from dedup.reports.words import pair_route

__all__ = ["PairMaker", "kept_first"]

Progress = Callable[[str, int, int | None], None]


class PairMaker:
    """Compares pairs, and renders each once.

    Parameters
    ----------
    texts : Callable[[str], Article]
        Gives an article with its text, by id.
    known : dict[tuple[str, str], Change]
        Gets what is found of each pair.

    Attributes
    ----------
    rendered : dict[str, Markup]
        The pages of pairs, by route.
    """

    def __init__(
        self,
        survey: Survey,
        texts: Callable[[str], Article],
        known: dict[tuple[str, str], Change],
        progress: Progress | None,
    ) -> None:
        self.rendered: dict[str, Markup] = {}
        self._survey, self._texts, self._known = survey, texts, known
        self._progress = progress or (lambda _stage, _done, _total: None)
        self._made = 0
        self._of = {one: view for view in survey.clusters for one in view.cluster.members}

    def fragment(self, a: str, b: str) -> tuple[str, Markup]:
        """Return a pair's route and page."""
        route = pair_route(a, b)
        if route not in self.rendered:
            result = self._survey.result
            pair = view_pair(self._texts(a), self._texts(b), result)
            prefix = f"p{self._made}-"
            self.rendered[route] = pair_fragment(pair, result, prefix, self._cluster_of(a, b))
            self._known[a, b] = Change(pair.shares, pair.kinds)
            self._made += 1
            self._progress("report", self._made, None)
        return route, self.rendered[route]

    def forget(self, route: str, key: tuple[str, str]) -> None:
        """Take back a pair that did not fit."""
        self._known.pop(key, None)
        self.rendered.pop(route, None)

    def _cluster_of(self, a: str, b: str) -> ClusterView | None:
        view = self._of.get(b)
        return view if view is not None and view is self._of.get(a) else None


def kept_first(match: Match, survey: Survey) -> tuple[str, str]:
    """Return a pair's ids: the kept article first, else the one published first."""
    dropped = survey.result.dropped
    cluster = dropped.get(match.a)
    if cluster is None or match.b not in cluster.members:
        cluster = dropped.get(match.b)
    if cluster is not None and cluster.representative in (match.a, match.b):
        is_turned = cluster.representative == match.b
    else:
        one, other = (survey.result.members[x].article.published for x in (match.a, match.b))
        is_turned = one is not None and other is not None and other < one
    return (match.b, match.a) if is_turned else (match.a, match.b)
