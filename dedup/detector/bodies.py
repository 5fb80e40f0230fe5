"""Hashed tokens to bodies: each site's boilerplate taken out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate, concatenated_ranges
from dedup.detector.corpus import Corpus
from dedup.fingerprint import Recipe
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.evidence import BodyBatch

__all__ = ["Bodies", "cut_corpus"]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of n articles.

    Attributes
    ----------
    batch : BodyBatch
    weights, text_weights : int64 of shape (n,)
        Half-words of the body and of the whole text.
    has_body : bool of shape (n,)
    """

    batch: "BodyBatch"
    weights: NDArray[np.int64]
    text_weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]


def cut_corpus(corpus: Corpus, boilerplate: Boilerplate, recipe: Recipe) -> Bodies:
    """Take the boilerplate out of every article, by site."""
    from dedup.kernels.bodies import cut_bodies, mark_formulas
    from dedup.kernels.units import unit_hashes_batch

    members = _by_site(corpus.sites)
    is_chrome = _chrome_units(corpus, boilerplate, unit_hashes_batch(corpus.batch), members)
    bodies, weights, has_body = cut_bodies(corpus.batch, is_chrome, MIN_BODY_WEIGHT)
    multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)
    for site, articles in members.items():
        learned = boilerplate.of(site).shingles
        if len(learned):
            mark_formulas(
                bodies.tokens,
                bodies.offsets,
                articles[has_body[articles]],
                multipliers,
                learned,
                bodies.is_formula,
            )
    return Bodies(bodies, weights, _text_weights(corpus), has_body)


def _by_site(sites: list[str | None]) -> dict[str | None, NDArray[np.int64]]:
    members: dict[str | None, list[int]] = {}
    for number, site in enumerate(sites):
        members.setdefault(site, []).append(number)
    return {site: np.array(articles, np.int64) for site, articles in members.items()}


def _chrome_units(
    corpus: Corpus,
    boilerplate: Boilerplate,
    hashes: Hashes,
    members: dict[str | None, NDArray[np.int64]],
) -> NDArray[np.bool_]:
    offsets = corpus.batch.unit_offsets
    is_chrome = np.zeros(len(hashes), np.bool_)
    for site, articles in members.items():
        learned = boilerplate.of(site)
        if len(learned.units):
            units = concatenated_ranges(offsets[articles], offsets[articles + 1])
            is_chrome[units] = learned.has_units(hashes[units])
        if learned.needs_cues:
            for article in articles:
                is_chrome[offsets[article] : offsets[article + 1]] |= corpus.cues[int(article)]
    return is_chrome


def _text_weights(corpus: Corpus) -> NDArray[np.int64]:
    from dedup.match.body import weights

    sums = np.concatenate(([0], np.cumsum(weights(corpus.batch.tokens))))
    offsets = corpus.batch.token_offsets
    total: NDArray[np.int64] = sums[offsets[1:]] - sums[offsets[:-1]]
    return total
