"""What is known of sites on a day: from the archive, and from the day where that is too little."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from dedup.boilerplate.learned import NO_SITE, Boilerplate, SiteBoilerplate, learn_boilerplate
from dedup.detector import Corpus
from dedup.index import Index, SiteState
from dedup.index.names import site_key
from dedup.stream.learning import words_of
from dedup.stream.sites import WINDOW, KnownSite, Sites, known_site

__all__ = ["DaySites", "archived_boilerplate", "learn_sites"]


def archived_boilerplate(index: Index) -> Boilerplate:
    """Return what an archive knows of every site."""
    return Boilerplate(
        MappingProxyType(
            {
                state.name: SiteBoilerplate(state.learned_from, state.units, state.shingles)
                for state in index.sites()
            }
        )
    )


class DaySites(Sites):
    """Sites as they are known on a day.

    A site that the archive knows well is as the archive knows it. Of a site with too
    few articles there, the boilerplate is learned from those and the day's together.

    Parameters
    ----------
    archived : Boilerplate
        What the index knows.
    learned : Mapping[str, SiteBoilerplate]
        What :func:`learn_sites` learned.

    Attributes
    ----------
    boilerplate : Boilerplate
        Of the archive's sites and the day's.
    """

    def __init__(
        self, index: Index, archived: Boilerplate, learned: Mapping[str, SiteBoilerplate]
    ) -> None:
        super().__init__(index)
        self.boilerplate = Boilerplate(MappingProxyType({**archived.sites, **learned}))
        self._learned = {
            name: known_site(SiteState(name, one.articles, one.units, one.shingles), one.articles)
            for name, one in learned.items()
        }

    def of(self, name: str) -> KnownSite:
        """Return what is known of a site."""
        return self._learned.get(name) or super().of(name)


def learn_sites(index: Index, archived: Boilerplate, corpus: Corpus) -> dict[str, SiteBoilerplate]:
    """Learn what the sites of a day's articles repeat of which the archive knows too little."""
    from dedup.kernels.tokenise import join_batches

    recipe = index.settings.recipe
    day = corpus.learn(recipe)
    learned = {}
    for code, site in enumerate(corpus.sites.known):
        name = site or NO_SITE
        if not archived.of(name).needs_cues:
            continue
        rows = index.rows(index.numbers_of(site_key(name), WINDOW), is_once=True)
        if not rows:
            if name in day.sites:
                learned[name] = day.sites[name]
            continue
        own = corpus.tokens.gather(np.flatnonzero(corpus.sites.codes == code))
        batch = join_batches([words_of(rows), own])
        learned[name] = learn_boilerplate(
            batch, [site] * len(batch), shingle_size=recipe.shingle_size, seed=recipe.seed
        ).of(name)
    return learned
