"""Articles into an index, which learns what their sites repeat."""

from concurrent.futures import Executor

import numpy as np

from dedup.index import Index
from dedup.index.learned import SiteCounts
from dedup.index.names import twin_key
from dedup.index.stored import pack_article
from dedup.stream.bodies import Own, Reading
from dedup.stream.learning import learn_site
from dedup.stream.sites import Sites, is_time_to_learn

__all__ = ["Keeper"]


class Keeper:
    """Adds articles to an index, within its transactions.

    Parameters
    ----------
    threads : Executor | None
        Of which one helps to learn.
    """

    def __init__(self, index: Index, sites: Sites, threads: Executor | None = None) -> None:
        self._index = index
        self._sites = sites
        self._threads = threads

    def keep(
        self,
        reading: Reading,
        own: Own,
        text: bytes | None,
        *,
        same_as: int,
        is_accepted: bool,
        origin: int,
        added: int,
    ) -> int:
        """Add an article; learn its site's boilerplate again if it is time; return its number.

        Parameters
        ----------
        same_as, is_accepted, origin, added
            As of :class:`~dedup.index.StoredArticle`.
        """
        site = reading.site
        known = self._sites.of(site)
        row = pack_article(
            reading.article, site, tokens=reading.tokens, units=reading.units,
            cues=reading.needed_cues(known), chosen=own.chosen,
            is_accepted=is_accepted, origin=origin, same_as=same_as, added=added,
        )  # fmt: skip
        if same_as:
            names = np.array([*reading.names, twin_key(same_as)], np.uint64)
            return self._index.add(row, names, 0, text)
        words = [reading.words_key] if len(reading.tokens) else []
        keys = np.array([*reading.names, *words, known.key], np.uint64)
        number = self._index.add(row, np.concatenate((own.keys, keys)), own.chosen.samples, text)
        self._count(site)
        return number

    def _count(self, site: str) -> None:
        articles, learned_at = self._index.counts(site)
        counts = SiteCounts(articles + 1, learned_at)
        if self._index.settings.learns and is_time_to_learn(counts):
            recipe = self._index.settings.recipe
            state = learn_site(self._index, site, counts.articles, recipe, self._threads)
            self._index.save_site(state)
            counts = SiteCounts(counts.articles, counts.articles)
        self._index.save_counts(site, counts)
