"""Articles to hashed tokens: each text is read once and not kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.boilerplate import cue_chrome
from dedup.boilerplate.learned import ENOUGH_ARTICLES, Boilerplate, learn_from_units
from dedup.detector.stores import TokenStore
from dedup.detector.workers import map_in_order
from dedup.errors import ArgumentError
from dedup.fingerprint import Recipe
from dedup.text import tokenize

if TYPE_CHECKING:
    from dedup.kernels.tokenise import TokenBatch
    from dedup.kernels.units import UnitBatch

__all__ = ["Corpus", "Progress", "collect"]

#: Called with the stage's name, what is done and (if known) of how many.
Progress = Callable[[str, int, int | None], None]

CHUNK_ARTICLES = 1024


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a run keeps of its n articles: everything but their texts.

    Attributes
    ----------
    articles : list[Article]
        Without text and extra.
    sites : list[str | None]
        Whose page each article is.
    tokens : TokenStore
        Their hashed tokens, on disk.
    units : UnitBatch
        Their units.
    cues : dict[int, NDArray[np.bool_]]
        Units that are chrome by cues, for articles of sites that had too few
        articles to learn from when it came.
    """

    articles: list[Article]
    sites: list[str | None]
    tokens: TokenStore
    units: "UnitBatch"
    cues: dict[int, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.articles)

    @property
    def batch(self) -> "TokenBatch":
        """All hashed tokens in memory."""
        return self.tokens.read(0, len(self))

    def learn(self, recipe: Recipe) -> Boilerplate:
        """Learn what each site repeats."""
        return learn_from_units(
            self.units,
            self.tokens.unit_offsets,
            self.sites,
            self.tokens.texts,
            shingle_size=recipe.shingle_size,
            seed=recipe.seed,
        )


def collect(
    articles: Iterable[Article],
    *,
    seed: int = 0,
    boilerplate: Boilerplate | None = None,
    folder: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """Read articles and hash their tokens.

    Parameters
    ----------
    seed : int
        Of the recipe.
    boilerplate : Boilerplate | None
        What is known of the sites already, if they are not to be learned from
        these articles.
    folder : Path | None
        Where hashed tokens are kept on disk: about 1.4 times the text's size.
    jobs : int
        Chunks to hash at once; the result is the same.

    Raises
    ------
    ArgumentError
        Two articles have the same id.
    """
    from dedup.kernels.tokenise import tokenise_texts
    from dedup.kernels.units import join_unit_batches, units_of_batch

    kept: list[Article] = []
    sites: list[str | None] = []
    ids: set[str] = set()
    cues = _Cues(boilerplate)
    store = TokenStore(folder)
    units = []

    def hashed(chunk: list[Article]) -> "tuple[list[Article], TokenBatch, UnitBatch]":
        batch = tokenise_texts([article.text for article in chunk], seed)
        return chunk, batch, units_of_batch(batch)

    for chunk, batch, chunk_units in map_in_order(hashed, _chunks(articles), jobs):
        for article in chunk:
            if article.id in ids:
                raise ArgumentError(f"two articles have the id {article.id!r}: ids must differ")
            ids.add(article.id)
        sites_here = [article.site for article in chunk]
        cues.read(chunk, sites_here, chunk_units.digests, len(kept))
        store.append(batch)
        units.append(chunk_units)
        sites.extend(sites_here)
        kept.extend(_without_text(article) for article in chunk)
        if progress:
            progress("read", len(kept), None)
    return Corpus(kept, sites, store, join_unit_batches(units), cues.flags)


def _chunks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    stream = iter(articles)
    while chunk := list(islice(stream, CHUNK_ARTICLES)):
        yield chunk


class _Cues:
    """Chrome by cues, while a site has too few different texts to learn from.

    Where boilerplate was learned elsewhere: for all articles of the sites it
    knows too little of.
    """

    def __init__(self, boilerplate: Boilerplate | None = None) -> None:
        self._boilerplate = boilerplate
        self.flags: dict[int, NDArray[np.bool_]] = {}
        self._digests: dict[str | None, set[int]] = {}
        self._last: tuple[str, object, NDArray[np.bool_]] = ("", None, np.empty(0, np.bool_))

    def read(
        self,
        chunk: Sequence[Article],
        sites: Sequence[str | None],
        digests: NDArray[np.uint64],
        first: int,
    ) -> None:
        for number, (article, site) in enumerate(zip(chunk, sites, strict=True)):
            if self._needs_cues(site, int(digests[number])):
                self.flags[first + number] = self._flags(article)

    def _needs_cues(self, site: str | None, digest: int) -> bool:
        if self._boilerplate is not None:
            return self._boilerplate.of(site).needs_cues
        seen = self._digests.setdefault(site, set())
        is_early = len(seen) < ENOUGH_ARTICLES
        if is_early:
            seen.add(digest)
        return is_early

    def _flags(self, article: Article) -> NDArray[np.bool_]:
        text, blocks = article.text, article.extra.get("blocks")
        # Thousands of identical texts come in a row.
        if text != self._last[0] or blocks != self._last[1]:
            reasons = cue_chrome(text, tokenize(text), blocks)
            self._last = (text, blocks, np.array([r is not None for r in reasons], np.bool_))
        return self._last[2]


def _without_text(article: Article) -> Article:
    return Article(
        article.id,
        "",
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
    )
