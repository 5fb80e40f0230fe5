"""Hashed tokens to bodies: each site's boilerplate taken out."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate, concatenated_ranges
from dedup.detector.corpus import Corpus
from dedup.fingerprint import Recipe
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.bodies import CutBatch
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["BodyChunk", "cut_chunk"]


@dataclass(frozen=True, slots=True)
class BodyChunk:
    """The bodies of the articles from ``first`` on.

    Attributes
    ----------
    first : int
        Number of the first article.
    cut : CutBatch
        Bodies, what they weigh, and which texts have one.
    is_chrome : bool
        Which units of the texts were left out.
    text_weights : int64 of shape (n,)
        Half-words of each whole text.
    """

    first: int
    cut: "CutBatch"
    is_chrome: NDArray[np.bool_]
    text_weights: NDArray[np.int64]


def cut_chunk(
    corpus: Corpus, boilerplate: Boilerplate, recipe: Recipe, first: int, batch: "TokenBatch"
) -> BodyChunk:
    """Take the boilerplate out of the articles from ``first`` on, by site."""
    from dedup.kernels.bodies import cut_bodies, mark_formulas

    multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)
    members = _by_site(corpus.sites[first : first + len(batch)])
    is_chrome = _chrome_units(corpus, boilerplate, first, batch, members)
    cut = cut_bodies(batch, is_chrome, MIN_BODY_WEIGHT)
    for site, articles in members.items():
        learned = boilerplate.of(site).shingles
        if len(learned):
            mark_formulas(
                cut.bodies.tokens,
                cut.bodies.offsets,
                articles[cut.has_body[articles]],
                multipliers,
                learned,
                cut.bodies.is_formula,
            )
    return BodyChunk(first, cut, is_chrome, _text_weights(corpus, first, batch))


def _by_site(sites: list[str | None]) -> dict[str | None, NDArray[np.int64]]:
    members: dict[str | None, list[int]] = defaultdict(list)
    for number, site in enumerate(sites):
        members[site].append(number)
    return {site: np.array(articles, np.int64) for site, articles in members.items()}


def _chrome_units(
    corpus: Corpus,
    boilerplate: Boilerplate,
    first: int,
    batch: "TokenBatch",
    members: dict[str | None, NDArray[np.int64]],
) -> NDArray[np.bool_]:
    """Say of each unit of a chunk whether it is chrome."""
    offsets = batch.unit_offsets
    start = int(corpus.tokens.unit_offsets[first])
    hashes = corpus.units.hashes.read(start, start + len(batch.units))
    is_chrome = np.zeros(len(hashes), np.bool_)
    for site, articles in members.items():
        learned = boilerplate.of(site)
        if len(learned.units):
            units = concatenated_ranges(offsets[articles], offsets[articles + 1])
            is_chrome[units] = learned.has_units(hashes[units])
        if learned.needs_cues:
            for article in articles.tolist():
                flags = corpus.cues[first + article]
                is_chrome[offsets[article] : offsets[article + 1]] |= flags
    return is_chrome


def _text_weights(corpus: Corpus, first: int, batch: "TokenBatch") -> NDArray[np.int64]:
    start = int(corpus.tokens.unit_offsets[first])
    weights = corpus.units.weights.read(start, start + len(batch.units))
    sums = np.concatenate(([0], np.cumsum(weights, dtype=np.int64)))
    total: NDArray[np.int64] = sums[batch.unit_offsets[1:]] - sums[batch.unit_offsets[:-1]]
    return total
