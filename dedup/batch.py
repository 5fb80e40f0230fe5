"""Find the duplicates among articles: the whole batch job, as a library call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np

from dedup.article import Article
from dedup.boilerplate.learned import Boilerplate
from dedup.cluster import (
    ROW_KEYS,
    Cluster,
    Clusters,
    Dropped,
    Members,
    check_keep,
    check_linkage,
    connect,
    linkage_bytes,
)
from dedup.detector import (
    Corpus,
    Detection,
    Progress,
    RunFolder,
    Scratch,
    compare_bodies,
    learn_boilerplate,
    read_corpus,
)
from dedup.errors import ArgumentError
from dedup.fingerprint import Recipe
from dedup.match import Match, Matches, Policy

__all__ = [
    "Deduplication",
    "Tally",
    "check_room",
    "deduplicate",
    "facts_of",
    "members_of",
    "tally_of",
]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run met on its way; nothing is left out in silence.

    Attributes
    ----------
    articles : int
    no_body, too_short : int
        Articles without a body, and with a body too short to judge: these match
        their identical twin only.
    no_words : int
        Of those without a body the ones without a single word: these match nothing.
    candidates : int
        Pairs that were compared.
    oversize_keys : int
        Posting keys that too many different bodies shared for all pairs to be compared.
    unlisted_pairs : int
        Pairs of articles with bodies of which there are too many, word for word the
        same, to list them all: each is listed with the first of its kind.
    """

    articles: int
    no_body: int
    too_short: int
    candidates: int
    oversize_keys: int
    unlisted_pairs: int
    no_words: int = 0


@dataclass(frozen=True)
class Deduplication:
    """The result of :func:`deduplicate`.

    Attributes
    ----------
    matches : Matches
        Verified pairs, duplicates and overlaps, sorted by ids: a sequence of `Match`.
    members : Members
        Every article by id, in input order, without its text.
    boilerplate : Boilerplate
        What the sites were found to repeat.
    recipe, policy, keep, linkage
        As given.
    tally : Tally
        What the run met.
    notes : tuple[str, ...]
        What the reader said of its reading, a sentence each.
    """

    matches: Matches
    members: Members
    boilerplate: Boilerplate
    recipe: Recipe
    policy: Policy
    keep: str
    linkage: str
    tally: Tally
    notes: tuple[str, ...] = ()

    @property
    def cluster_keys(self) -> tuple[str, ...]:
        """The keys of a cluster's row, in their order."""
        return ROW_KEYS

    def cluster_rows(self) -> Iterator[dict[str, object]]:
        """Yield the rows of a clusters file: :meth:`Cluster.as_row` of each."""
        clusters = self.clusters
        if isinstance(clusters, Clusters):
            return clusters.rows()  # in less time
        return (cluster.as_row() for cluster in clusters)

    @property
    def is_whole(self) -> bool:
        """Every article that the run knew is a member."""
        return True

    @cached_property
    def _clusters(self) -> Clusters:
        return connect(self.matches, self.members, keep=self.keep, linkage=self.linkage)

    @property
    def clusters(self) -> Sequence[Cluster]:
        """Clusters of duplicates, largest first."""
        return self._clusters

    @property
    def duplicates(self) -> Matches:
        """The matches that the policy counts as duplicates."""
        return self.matches.select(self.matches.is_duplicate)

    @cached_property
    def dropped(self) -> Mapping[str, Cluster]:
        """The articles not to keep, each with its cluster."""
        return Dropped(self._clusters, self.members)

    def article(self, identity: str) -> Article:
        """Return an article that is in a pair, without its text."""
        return self.members[identity].article

    @property
    def kept(self) -> tuple[str, ...]:
        """Ids of representatives and singletons, in input order."""
        dropped = self.dropped
        return tuple(one for one in self.members if one not in dropped)

    def at(self, policy: Policy) -> "Deduplication":
        """Return the same pairs judged by another policy.

        Only what was found is judged again: a policy looser than the run's does
        not find more.
        """
        return replace(self, matches=self.matches.judged_by(policy), policy=policy)

    def least_similar(self, n: int = 10) -> tuple[Match, ...]:
        """Return the ``n`` weakest duplicates, weakest first: those to look at."""
        links = self.duplicates
        return tuple(links.least(links.strengths, n))


def deduplicate(
    articles: Iterable[Article],
    *,
    policy: Policy | None = None,
    recipe: Recipe | None = None,
    keep: str = "earliest",
    linkage: str = "components",
    boilerplate: Boilerplate | None = None,
    scratch: Scratch | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Deduplication:
    """Find the duplicates among articles.

    The result does not depend on the order of the articles, unless
    ``keep="first"``. Time is linear in the articles and in the candidate pairs;
    texts are not kept, their hashed tokens and posting keys are on disk while the
    run lasts.

    Parameters
    ----------
    articles : Iterable[Article]
        With different ids; read once.
    policy : Policy | None
        Where the lines between relations run; the default policy if none.
    recipe : Recipe | None
        How fingerprints are made.
    keep : str
        ``earliest``, ``longest``, ``cleanest``, ``first`` or ``prefer:SOURCE,...``.
    linkage : str
        ``components`` or ``representative``.
    boilerplate : Boilerplate | None
        Learned elsewhere; by default learned from the articles.
    scratch : Scratch | None
        Where hashed tokens and posting keys wait, about twice the texts' size; by
        default where temporary files go. A `RunFolder` keeps what each stage leaves:
        with the same arguments a run that was interrupted continues behind the last.
    jobs : int
        Threads besides the caller's; the result is the same for any number.
    progress : Progress | None
        Called with (stage, done, total or None).

    Raises
    ------
    ArgumentError
        Two articles have the same id, or an option is out of its range.

    Examples
    --------
    >>> text = "The town council voted on Monday to close the old bridge for repairs. " * 3
    >>> found = deduplicate([Article("a", text), Article("b", text), Article("c", "Weather.")])
    >>> [cluster.members for cluster in found.clusters]
    [('a', 'b')]
    """
    check_linkage(linkage)  # a wrong word is said before the reading starts
    check_keep(keep)
    policy, recipe = policy or Policy(), recipe or Recipe()
    if jobs < 1:
        raise ArgumentError(f"jobs is {jobs}: use 1 or more")
    scratch = scratch or Scratch()
    if isinstance(scratch, RunFolder):
        known = "learned" if boilerplate is None else boilerplate.digest
        scratch.begin({**facts_of(policy, recipe), "boilerplate": known})
    corpus = read_corpus(
        articles, scratch, seed=recipe.seed, boilerplate=boilerplate, jobs=jobs, progress=progress
    )
    with closing(corpus):
        if boilerplate is None:
            boilerplate = learn_boilerplate(corpus, recipe, scratch, jobs=jobs, progress=progress)
        found = compare_bodies(
            corpus, policy, recipe, boilerplate, scratch, jobs=jobs, progress=progress
        )
    check_room(found.matches, linkage, scratch)
    return Deduplication(
        found.matches,
        members_of(corpus, found),
        found.boilerplate,
        recipe,
        policy,
        keep,
        linkage,
        tally_of(found, policy),
        corpus.notes,
    )


def check_room(matches: Matches, linkage: str, scratch: Scratch) -> None:
    """Refuse a linkage that there is no room for.

    Raises
    ------
    MemoryBudgetError
        It needs more than the budget.
    """
    if scratch.budget and (more_bytes := linkage_bytes(matches, linkage)):
        instead = "use --linkage components, or split the feeds"
        scratch.budget.check(f"--linkage {linkage} needs", more_bytes, instead)


def facts_of(policy: Policy, recipe: Recipe) -> dict[str, str]:
    """Return what the stages of a run depend on besides its articles and their sites."""
    numbers = {**asdict(policy), "duplicates": sorted(map(str, policy.duplicates))}
    return {
        "recipe": recipe.digest,
        **{f"policy {name}": str(number) for name, number in numbers.items()},
    }


def members_of(corpus: Corpus, found: Detection) -> Members:
    """Return the articles of a run."""
    body_words = np.where(found.has_body, found.weights / 2, 0.0)
    articles = corpus.articles
    return Members(corpus.ids, articles, articles.moments, body_words, found.text_weights / 2)


def tally_of(found: Detection, policy: Policy) -> Tally:
    """Count what a run met."""
    has_body, weights = found.has_body, found.weights
    return Tally(
        articles=len(has_body),
        no_body=int((~has_body).sum()),
        too_short=int((has_body & (weights < 2 * policy.min_words)).sum()),
        candidates=found.candidates,
        oversize_keys=len(found.oversize),
        unlisted_pairs=found.unlisted,
        no_words=int((found.text_weights == 0).sum()),
    )
