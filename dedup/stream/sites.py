"""What an index has learned of sites, ready for look-ups; and when it learns more."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.boilerplate.learned import SiteBoilerplate
from dedup.index import Index, SiteState
from dedup.index.learned import SiteCounts
from dedup.index.names import site_key

if TYPE_CHECKING:
    from dedup.kernels.hashsets import HashSets

__all__ = [
    "WINDOW",
    "KnownSite",
    "Sites",
    "is_time_to_learn",
    "known_site",
    "until_learning",
]

#: A site's boilerplate is learned from its newest articles, at most so many.
WINDOW = 1024
#: It is learned at every article up to the first number (from the least that can
#: repeat anything on), then whenever a site has grown by a tenth; by half once it is
#: known well, and later by so many.
LEARN_ALWAYS_FROM, LEARN_ALWAYS_TO = 3, 8
GROWTH, KNOWN_WELL, LATER_GROWTH = 1.1, 64, 1.5
LEARN_EVERY = 1024


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site's boilerplate, ready for look-ups.

    Attributes
    ----------
    needs_cues : bool
        Too few articles were seen: chrome is told by cues.
    repeated : HashSets
        The units and the shingles that the site repeats.
    digest : str
        Names this state of the site's boilerplate.
    learned_at : int
        How many articles of the site the index had seen when it learned.
    key : int
        Under which its articles are posted.
    """

    needs_cues: bool
    repeated: "HashSets"
    digest: str
    learned_at: int
    key: int


class Sites:
    """Sites as the index knows them, kept until the index learns more."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[str, tuple[int, KnownSite]] = {}

    @property
    def version(self) -> int:
        """Changes whenever what is known of a site does."""
        return self._index.version

    def forget(self) -> None:
        """Look all sites up again: what a transaction learned was taken back."""
        self._known.clear()

    def of(self, name: str) -> KnownSite:
        """Return what is known of a site; within a snapshot or a transaction."""
        version = self._index.version
        entry = self._known.get(name)
        if entry is not None and entry[0] == version:
            return entry[1]
        learned_at = self._index.counts(name).learned_at
        if entry is None or entry[1].learned_at != learned_at:
            entry = version, known_site(self._index.site(name) or SiteState(name), learned_at)
        self._known[name] = version, entry[1]
        return entry[1]


def known_site(state: SiteState, learned_at: int) -> KnownSite:
    """Make a site's boilerplate ready for look-ups."""
    from dedup.kernels.hashsets import hash_sets

    digest = hashlib.sha256(f"{state.learned_from}\0{len(state.units)}\0".encode())
    digest.update(state.units.tobytes())
    digest.update(state.shingles.tobytes())
    return KnownSite(
        SiteBoilerplate(state.learned_from).needs_cues,
        hash_sets((state.units, state.shingles)),
        digest.hexdigest()[:16],
        learned_at,
        site_key(state.name),
    )


def is_time_to_learn(counts: SiteCounts) -> bool:
    """Say whether a site has grown enough to learn its boilerplate again."""
    articles, learned_at = counts
    if articles <= LEARN_ALWAYS_TO:
        return articles >= LEARN_ALWAYS_FROM
    growth = GROWTH if learned_at < KNOWN_WELL else LATER_GROWTH
    return articles >= min(learned_at * growth, learned_at + LEARN_EVERY)


def until_learning(index: Index, sites: Sequence[str]) -> int:
    """Return how many articles can come before a site is learned again, and that one.

    Parameters
    ----------
    sites : sequence of str
        Of articles to come.
    """
    if not index.settings.learns:
        return len(sites)
    seen: dict[str, SiteCounts] = {}
    for place, site in enumerate(sites):
        articles, learned_at = seen.get(site) or index.counts(site)
        seen[site] = counts = SiteCounts(articles + 1, learned_at)
        if is_time_to_learn(counts):
            return place + 1
    return len(sites)
