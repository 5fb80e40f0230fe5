"""What an index has learned of sites, ready for look-ups; and when it learns more."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import SiteBoilerplate, learn_boilerplate
from dedup.fingerprint import Recipe
from dedup.index import Index, SiteState, StoredArticle
from dedup.index.learned import SiteCounts
from dedup.index.names import site_key
from dedup.shingles import Hashes

if TYPE_CHECKING:
    from dedup.kernels.hashsets import HashSets
    from dedup.kernels.tokenise import TokenBatch

__all__ = [
    "WINDOW",
    "KnownSite",
    "Sites",
    "is_time_to_learn",
    "known_site",
    "learn_site",
    "until_learning",
    "words_of",
]

#: A site's boilerplate is learned from its newest articles, at most so many.
WINDOW = 1024
#: It is learned at every article up to the first number (from the least that can
#: repeat anything on), then whenever a site has grown by a tenth; by half once it is
#: known well, and later by so many.
LEARN_ALWAYS_FROM, LEARN_ALWAYS_TO = 3, 8
GROWTH, KNOWN_WELL, LATER_GROWTH = 1.1, 64, 1.5
LEARN_EVERY = 1024
#: To wake a thread takes longer than what it does for fewer articles.
_WORTH_A_THREAD = 32


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


def learn_site(
    index: Index, name: str, articles: int, recipe: Recipe, threads: Executor | None = None
) -> SiteState:
    """Learn a site's boilerplate from its newest articles, with the help of a thread.

    As :func:`~dedup.boilerplate.learned.learn_boilerplate` does from the same articles.
    Once a site has more than ``WINDOW`` articles, what it repeated before stays known.
    """
    rows = index.rows(index.numbers_of(site_key(name), WINDOW), is_once=True)
    learned = learn_boilerplate(
        words_of(rows),
        [name or None] * len(rows),
        shingle_size=recipe.shingle_size,
        seed=recipe.seed,
        threads=threads if len(rows) >= _WORTH_A_THREAD else None,
    ).of(name)
    units, shingles = learned.units, learned.shingles
    if articles > WINDOW and (old := index.site(name)) is not None:
        units, shingles = _united(old.units, units), _united(old.shingles, shingles)
    return SiteState(name, learned.articles, units, shingles)


def words_of(rows: Sequence[StoredArticle]) -> "TokenBatch":
    """Return the words of stored articles, one after another."""
    from dedup.kernels.tokenise import TokenBatch

    words = [row.words for row in rows]
    return TokenBatch(
        np.frombuffer(b"".join(tokens for tokens, _ in words), np.uint64),
        _offsets([len(tokens) // 8 for tokens, _ in words]),
        np.frombuffer(b"".join(units for _, units in words), np.uint32),
        _offsets([len(units) // 4 for _, units in words]),
    )


def _united(known: Hashes, learned: Hashes) -> Hashes:
    """Return two sorted sets as one; linear, as few are added to many."""
    places = np.searchsorted(known, learned)
    is_new = np.ones(len(learned), np.bool_)
    inside = places < len(known)
    is_new[inside] = known[places[inside]] != learned[inside]
    return np.insert(known, places[is_new], learned[is_new])


def _offsets(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
