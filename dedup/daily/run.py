"""The day's run: new articles among themselves, and with an archive."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from types import MappingProxyType

from dedup.article import Article
from dedup.batch import check_room, facts_of, members_of, tally_of
from dedup.boilerplate.learned import Boilerplate
from dedup.cluster import check_keep, check_linkage
from dedup.daily.names import name_articles
from dedup.daily.pairs import join_pairs
from dedup.daily.result import Archived, Continuation
from dedup.daily.search import Search
from dedup.daily.sites import DaySites, archived_boilerplate, learn_sites
from dedup.daily.stages import kept_search
from dedup.detector import (
    Progress,
    RunFolder,
    Scratch,
    compare_bodies,
    kept_boilerplate,
    read_corpus,
)
from dedup.errors import ArgumentError
from dedup.index import Index
from dedup.match import Policy

__all__ = ["deduplicate_against"]


def deduplicate_against(
    articles: Iterable[Article],
    index: Index,
    *,
    policy: Policy | None = None,
    keep: str = "earliest",
    linkage: str = "components",
    learns: bool | None = None,
    scratch: Scratch | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Continuation:
    """Find the duplicates of new articles, among themselves and in an archive.

    The archive stays as it is. The pairs, and the clusters that new articles are in,
    are those of one run over archive and new articles with the boilerplate that the
    archive knows; where it knows too little of a site, the boilerplate is learned
    from its articles there and the new ones. The order of the new articles does not
    matter, unless ``keep="first"``.

    A cluster is called by its oldest article: of the archive's that came first, of new
    ones by the least id. So it keeps its id, whatever joins it. Where new articles
    join clusters of the archive, the oldest one's id stays.

    Time is linear in the new articles, their candidates and the clusters that they join,
    and grows with the archive only as look-ups do; memory is for the articles in pairs.

    Parameters
    ----------
    articles : Iterable[Article]
        With different ids; read once.
    index : Index
        The archive; its recipe is the run's.
    policy, scratch, jobs, progress
        As for :func:`~dedup.batch.deduplicate`.
    keep : str
        Which of the new articles to keep where the archive has none of a cluster.
    linkage : str
        As for :func:`~dedup.batch.deduplicate`.
    learns : bool | None
        Whether boilerplate is learned where the archive knows too little; by default
        unless the index was given its boilerplate.

    Raises
    ------
    ArgumentError
        Two new articles have the same id, or an option is out of its range.

    Examples
    --------
    >>> from dedup.index import open_index
    >>> from dedup.stream import DuplicateFilter
    >>> text = "The town council voted on Monday to close the old bridge for repairs. " * 3
    >>> with open_index("memory:") as index:
    ...     verdict = DuplicateFilter(index).admit(Article("monday", text))
    ...     found = deduplicate_against([Article("a", text), Article("b", "Weather.")], index)
    >>> [(cluster.id, cluster.members) for cluster in found.clusters]
    [('monday', ('monday', 'a'))]
    >>> found.kept
    ('b',)
    """
    check_linkage(linkage)  # a wrong word is said before the reading starts
    check_keep(keep)
    policy, recipe = policy or Policy(), index.settings.recipe
    if jobs < 1:
        raise ArgumentError(f"jobs is {jobs}: use 1 or more")
    learns = index.settings.learns if learns is None else learns
    is_complete = linkage != "components"
    scratch = scratch or Scratch()
    with index.snapshot():
        if isinstance(scratch, RunFolder):
            state = f"{index.last_number:,} articles taken in, state {index.state}"
            boilerplate = "the archive's" + ", learned where that is too little" * learns
            asked = {**facts_of(policy, recipe), "boilerplate": boilerplate}
            scratch.begin({**asked, "articles seen before": state})
        known = archived_boilerplate(index)
        corpus = read_corpus(
            articles, scratch, seed=recipe.seed, boilerplate=known, jobs=jobs, progress=progress
        )
        with closing(corpus):

            def learned() -> Boilerplate:
                if progress:
                    progress("learn boilerplate", 0, len(corpus))
                return Boilerplate(MappingProxyType(learn_sites(index, known, corpus)))

            of_day = kept_boilerplate(learned, recipe, scratch).sites if learns else {}
            sites = DaySites(index, known, of_day)
            found = compare_bodies(
                corpus, policy, recipe, sites.boilerplate, scratch, jobs=jobs, progress=progress
            )
            search = Search(index, sites, policy, is_complete=is_complete)
            beside = kept_search(
                lambda: search.run(corpus, progress), scratch, is_complete=is_complete
            )
        ids = {number: one.article.id for number, one in beside.archived.items()}
        names = name_articles(index, ids, corpus.ids)
    matches, archived_matches = join_pairs(found.matches, beside.pairs, corpus.ids, names.archived)
    check_room(matches, linkage, scratch)
    tally = tally_of(found, policy)
    return Continuation(
        matches,
        members_of(corpus, found),
        found.boilerplate,
        recipe,
        policy,
        keep,
        linkage,
        replace(
            tally,
            candidates=tally.candidates + beside.measured,
            oversize_keys=tally.oversize_keys + beside.cut_keys,
        ),
        notes=corpus.notes,
        archived={
            names.archived[number]: Archived(
                one.article, number, names.lasting[number], one.added, one.is_accepted
            )
            for number, one in beside.archived.items()
        },
        archived_matches=archived_matches,
        coming_names=names.coming,
        unlisted=found.unlisted + beside.unlisted,
    )
