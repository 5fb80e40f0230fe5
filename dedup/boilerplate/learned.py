"""What a site repeats: units and shingles that several different stories share.

A unit (or a shingle) is boilerplate of a site when at least ``MIN_STORIES``
different stories of that site have it. Two articles are different stories when
each has text of its own and that text is not small beside the rare text they
share. So a story with hundreds of true copies stays a story, although its every
sentence is repeated hundreds of times.

Shingles catch what units miss: chrome that differs by a name or a word.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.repeats import DistinctRule
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["Boilerplate", "SiteBoilerplate", "learn_boilerplate", "learn_from_units"]

#: Articles that name no site are taken for one site's: a folder of saved pages.
NO_SITE = ""
#: A thing is repeated when this many different stories of a site have it.
MIN_STORIES = 3
#: From so many articles on a site's chrome is known from what it repeats.
ENOUGH_ARTICLES = 8
#: Articles looked at before a thing that many have is left as not repeated.
SAMPLED_ARTICLES = 64
#: Two stories differ when each has this many half-words that the other lacks.
MIN_OWN_WEIGHT = 60
#: Text that more articles of the site have than this is not rare: at least so
#: many articles, and at least this share of the site's.
RARE_ARTICLES, RARE_SHARE = 8, 0.5
#: A short unit that more articles have than this is nobody's own text: headlines
#: of a list that turns stand on many pages. A long one is prose: a story's own,
#: however many copies of it there are.
MAX_OWN_ARTICLES, MIN_PROSE_WEIGHT = 4, 40
#: Shingles are learned from so many articles of a site, chosen by their content's hash;
#: of the articles that name no site from more, as these may be of many.
SHINGLED_ARTICLES, SHINGLED_WITHOUT_SITE = 512, 1024

#: Hashes, weights, where each text's start, and numbers of texts.
UnitsOfTexts = tuple[Hashes, NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]
#: Tokens, where each text's start and the last one's end, and numbers of texts.
TokensOfTexts = tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]
#: A site and the numbers of its articles.
_Site = tuple[str, NDArray[np.int64]]
_NONE: Hashes = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class SiteBoilerplate:
    """What one site repeats.

    Attributes
    ----------
    articles : int
        Articles (with different texts) that it was learned from.
    units, shingles : uint64
        Hashes, sorted.
    """

    articles: int = 0
    units: Hashes = field(default_factory=lambda: _NONE)
    shingles: Hashes = field(default_factory=lambda: _NONE)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SiteBoilerplate):
            return NotImplemented
        return (
            self.articles == other.articles
            and np.array_equal(self.units, other.units)
            and np.array_equal(self.shingles, other.shingles)
        )

    def __hash__(self) -> int:
        return hash((self.articles, self.units.tobytes(), self.shingles.tobytes()))

    @property
    def needs_cues(self) -> bool:
        """Too few articles to learn from: chrome is known by prose cues alone."""
        return self.articles < ENOUGH_ARTICLES

    def has_units(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Say of each unit hash whether it is boilerplate."""
        return np.isin(hashes, self.units)

    def has_shingles(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Say of each shingle hash whether it is boilerplate."""
        return np.isin(hashes, self.shingles)


_NO_BOILERPLATE = SiteBoilerplate()


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What each site repeats; an unknown site repeats nothing.

    The key ``""`` is what articles without a site repeat.
    """

    sites: Mapping[str, SiteBoilerplate] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, site: str | None) -> SiteBoilerplate:
        """Return the boilerplate of a site; ``None`` is the articles without one."""
        return self.sites.get(site or NO_SITE, _NO_BOILERPLATE)

    @property
    def digest(self) -> str:
        """The state's name: equal for equal boilerplate, 16 hexadecimal digits."""
        state = hashlib.sha256()
        for site in sorted(self.sites):
            learned = self.sites[site]
            sizes = f"{learned.articles}\0{len(learned.units)}\0{len(learned.shingles)}"
            state.update(f"{site}\0{sizes}\0".encode("utf-8", "surrogatepass"))
            state.update(learned.units.astype("<u8").tobytes())
            state.update(learned.shingles.astype("<u8").tobytes())
        return state.hexdigest()[:16]


def learn_boilerplate(
    batch: "TokenBatch",
    sites: Sequence[str | None],
    *,
    shingle_size: int = 5,
    seed: int = 0,
    threads: Executor | None = None,
) -> Boilerplate:
    """Learn what each site repeats.

    Parameters
    ----------
    batch : TokenBatch
        n hashed articles.
    sites : sequence of n
        ``Article.site`` of each.
    threads : Executor | None
        Of which one works on shingles meanwhile.
    """
    from dedup.kernels.units import units_of_batch

    units = units_of_batch(batch)
    return learn_from_units(
        lambda members: (units.hashes, units.weights, batch.unit_offsets, members),
        units.digests,
        sites,
        lambda members: (batch.tokens, batch.token_offsets, members),
        shingle_size=shingle_size,
        seed=seed,
        threads=threads,
    )


def learn_from_units(
    units: Callable[[NDArray[np.int64]], UnitsOfTexts],
    digests: Hashes,
    sites: Sequence[str | None],
    texts: Callable[[NDArray[np.int64]], TokensOfTexts],
    *,
    shingle_size: int = 5,
    seed: int = 0,
    each: Callable[..., Iterable[Any]] = map,
    threads: Executor | None = None,
) -> Boilerplate:
    """Learn what each site repeats from the units of its articles.

    The order of the articles does not matter. Time and memory are linear in the
    units, and in the shingles of ``SHINGLED_ARTICLES`` of one site.

    Parameters
    ----------
    units : callable
        Returns hashes and weights of the units of the articles with the numbers given,
        where each article's start, and the articles' numbers there.
    digests : uint64 of shape (n,)
        Articles with the same tokens have the same.
    sites : sequence of n
        ``Article.site`` of each.
    texts : callable
        Returns the tokens of the articles with the numbers given, where each
        article's start and the last one's end, and the articles' numbers there.
    each : callable
        As `map`; it may work on several sites at once.
    threads : Executor | None
        Of which one works on the shingles of a site meanwhile.
    """
    from dedup.kernels.repeats import distinct_units, repeated_hashes

    multipliers = shingle_multipliers(shingle_size, seed)

    def learned(one: _Site) -> tuple[str, SiteBoilerplate]:
        site, members = one
        shingled = members[: SHINGLED_ARTICLES if site else SHINGLED_WITHOUT_SITE]

        def find_shingles() -> tuple[Hashes, NDArray[np.uint32]]:
            return _shingles(*texts(shingled), multipliers)

        later = threads.submit(find_shingles) if threads else None
        rule = _rule(len(members))
        own = distinct_units(*units(members), rule)
        repeated = repeated_hashes(own.shared, own.articles, own, rule)
        shingles = repeated_hashes(
            *(later.result() if later else find_shingles()), own, rule, threads
        )
        return site, SiteBoilerplate(len(members), repeated, shingles)

    found = dict(each(learned, _members(sites, digests)))
    return Boilerplate(MappingProxyType({site: found[site] for site in sorted(found)}))


def _members(sites: Sequence[str | None], digests: Hashes) -> Iterator[_Site]:
    """Yield each site's articles by digest, of equal texts one, if enough for a repeat.

    The largest first: who works on several at once is not to wait for it in the end.
    """
    numbers: dict[str, int] = {}
    codes = np.array(
        [numbers.setdefault(site or NO_SITE, len(numbers)) for site in sites], np.int64
    )
    by_site = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
    for site in sorted(numbers, key=lambda site: (-len(by_site[numbers[site]]), site)):
        indices = by_site[numbers[site]]
        _, first = np.unique(digests[indices], return_index=True)
        if len(first) >= MIN_STORIES:
            yield site, indices[first]


def _rule(articles: int) -> "DistinctRule":
    from dedup.kernels.repeats import DistinctRule

    rare = max(RARE_ARTICLES, int(RARE_SHARE * articles))
    return DistinctRule(
        MIN_STORIES, SAMPLED_ARTICLES, MIN_OWN_WEIGHT, MAX_OWN_ARTICLES, MIN_PROSE_WEIGHT, rare
    )


def _shingles(
    tokens: Hashes, offsets: NDArray[np.int64], members: NDArray[np.int64], multipliers: Hashes
) -> tuple[Hashes, NDArray[np.uint32]]:
    """Return the shingles that may be repeated, sorted, and the articles that have them."""
    from dedup.kernels.repeats import ordered_hashes
    from dedup.kernels.shingling import shingle_batch

    return ordered_hashes(*shingle_batch(tokens, offsets, multipliers, members), MIN_STORIES)
