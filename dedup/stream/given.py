"""Boilerplate that an index is given, instead of learning its own."""

from dedup.boilerplate.learned import Boilerplate
from dedup.index import Index, SiteState
from dedup.index.learned import SiteCounts

__all__ = ["give_boilerplate"]


def give_boilerplate(index: Index, boilerplate: Boilerplate) -> None:
    """Keep the boilerplate of another run in an empty index."""

    def keep() -> None:
        for name, learned in sorted(boilerplate.sites.items()):
            state = SiteState(name, learned.articles, learned.units, learned.shingles)
            index.save_site(state)
            index.save_counts(name, SiteCounts(0, learned.articles))

    index.transact(keep)
