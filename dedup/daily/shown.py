"""A day's run as a report shows it: the new articles, and those of the archive beside them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.cluster import Cluster, Member, Members, dropped_of
from dedup.daily.result import Continuation, ContinuedCluster, joined
from dedup.detector import Corpus, Scratch, collect
from dedup.detector.bodies import BodyCutter

__all__ = ["Shown", "shown"]


@dataclass(frozen=True, kw_only=True)
class Shown(Deduplication):
    """What :func:`shown` makes; ``members`` are new articles and those of the archive.

    Attributes
    ----------
    continued : tuple[ContinuedCluster, ...]
        The day's clusters.
    """

    continued: tuple[ContinuedCluster, ...]

    @property
    def is_whole(self) -> bool:
        """The archive has more articles."""
        return False

    @cached_property
    def clusters(self) -> tuple[ContinuedCluster, ...]:
        """The day's clusters, largest first."""
        return self.continued

    @cached_property
    def dropped(self) -> Mapping[str, Cluster]:
        """The articles that these do not keep, each with its cluster."""
        return dropped_of(self.continued, self.members)


def shown(
    found: Continuation, archived: Iterable[Article], scratch: Scratch | None = None
) -> Shown:
    """Return a day's run with the articles of the archive that are in a pair as members.

    Parameters
    ----------
    archived : Iterable[Article]
        These, with their texts, under the names that they have in the run; read once.
    scratch : Scratch | None
        Where their hashed tokens wait.
    """
    corpus = collect(
        archived, seed=found.recipe.seed, boilerplate=found.boilerplate, scratch=scratch
    )
    with closing(corpus):
        beside = list(_members(corpus, found, len(found.members)))
    note = (
        f"{len(beside):,} articles of the archive are shown beside the {len(found.members):,} new "
        "ones: those that are in a pair with one, or in its cluster"
    )
    return Shown(
        joined(found.matches, found.archived_matches),
        Members.of([*found.members.values(), *beside]),
        found.boilerplate,
        found.recipe,
        found.policy,
        found.keep,
        found.linkage,
        replace(found.tally, articles=len(found.members) + len(beside)),
        (*found.notes, note),
        continued=found.clusters,
    )


def _members(corpus: Corpus, found: Continuation, first: int) -> Iterator[Member]:
    cutter = BodyCutter(corpus, found.boilerplate, found.recipe)
    for start, end in corpus.tokens.ranges():
        cuts = cutter.cut(start, end).cuts
        columns = (cuts.has_body.tolist(), cuts.weights.tolist(), cuts.text_weights.tolist())
        for number, (has_body, weight, text_weight) in enumerate(zip(*columns, strict=True), start):
            body_words = weight / 2 if has_body else 0.0
            yield Member(corpus.articles[number], first + number, body_words, text_weight / 2)
