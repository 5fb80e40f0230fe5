"""Hashed tokens to bodies: each site's boilerplate taken out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate
from dedup.detector.corpus import Corpus
from dedup.detector.stores import Offsets
from dedup.fingerprint import Recipe
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.evidence import BodyBatch
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["BodyCutter", "BodyFacts", "BodyStore"]


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What is kept of the bodies of n articles, from ``first`` on.

    Attributes
    ----------
    first : int
        Number of the first article.
    offsets : int64 of shape (n + 1,)
        Where each body starts among their tokens.
    weights, text_weights : int64 of shape (n,)
        Half-words of each body and of each whole text.
    has_body : bool of shape (n,)
    has_formula : bool of shape (n,)
        Whether some of the body is the site's formula, and not all of it.
    """

    first: int
    offsets: NDArray[np.int64]
    weights: NDArray[np.int64]
    text_weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]
    has_formula: NDArray[np.bool_]


class BodyCutter:
    """Takes the boilerplate out of the articles of a corpus, by site."""

    def __init__(self, corpus: Corpus, boilerplate: Boilerplate, recipe: Recipe) -> None:
        from dedup.kernels.hashsets import hash_sets

        learned = [boilerplate.of(site) for site in corpus.sites.known]
        self._corpus = corpus
        self._sites = corpus.sites.codes
        self._units = hash_sets([its.units for its in learned])
        self._shingles = hash_sets([its.shingles for its in learned])
        self._needs_cues = np.array([its.needs_cues for its in learned], np.bool_)
        self._multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)

    def cut(self, first: int, end: int) -> "tuple[BodyBatch, BodyFacts]":
        """Return the bodies of the articles first to end."""
        from dedup.kernels.bodies import cut_bodies

        batch = self._corpus.tokens.read(first, end)
        start, last = self._corpus.tokens.unit_offsets[[first, end]].tolist()
        hashes = self._corpus.units.hashes.read(start, last)
        is_chrome = self._chrome_units(np.arange(first, end), batch, hashes)
        cut = cut_bodies(batch, is_chrome, MIN_BODY_WEIGHT)
        facts = BodyFacts(
            first,
            cut.bodies.offsets,
            cut.weights,
            self._text_weights(first, batch),
            cut.has_body,
            self._mark(cut.bodies, np.arange(first, end), cut.has_body),
        )
        return cut.bodies, facts

    def cut_again(self, numbers: NDArray[np.int64], has_formula: NDArray[np.bool_]) -> "BodyBatch":
        """Return bodies that were cut before.

        Parameters
        ----------
        numbers : int64 of shape (n,)
            Of the articles.
        has_formula : bool of shape (n,)
            As in their :class:`BodyFacts`.
        """
        from dedup.kernels.bodies import cut_bodies
        from dedup.kernels.units import unit_hashes_batch

        batch = self._corpus.tokens.gather(numbers)
        is_chrome = self._chrome_units(numbers, batch, unit_hashes_batch(batch))
        bodies = cut_bodies(batch, is_chrome, MIN_BODY_WEIGHT).bodies
        self._mark(bodies, numbers, has_formula)
        return bodies

    def _mark(
        self, bodies: "BodyBatch", articles: NDArray[np.int64], chosen: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Mark what the chosen articles' sites repeat; say of each whether it has any."""
        from dedup.kernels.bodies import mark_formulas

        has_formula = np.zeros(len(chosen), np.bool_)
        mark_formulas(
            bodies.tokens, bodies.offsets, chosen, self._sites[articles], self._multipliers,
            *self._shingles, bodies.is_formula, has_formula,
        )  # fmt: skip
        return has_formula

    def _chrome_units(
        self, numbers: NDArray[np.int64], batch: "TokenBatch", hashes: Hashes
    ) -> NDArray[np.bool_]:
        """Say of each unit of some articles whether it is chrome."""
        from dedup.kernels.bodies import mark_chrome

        offsets, sites = batch.unit_offsets, self._sites[numbers]
        is_chrome = np.zeros(len(hashes), np.bool_)
        mark_chrome(hashes, offsets, sites, *self._units, is_chrome)
        for text in np.flatnonzero(self._needs_cues[sites]).tolist():
            cues = self._corpus.cues[int(numbers[text])]
            is_chrome[offsets[text] : offsets[text + 1]] |= cues
        return is_chrome

    def _text_weights(self, first: int, batch: "TokenBatch") -> NDArray[np.int64]:
        start = int(self._corpus.tokens.unit_offsets[first])
        weights = self._corpus.units.weights.read(start, start + len(batch.units))
        sums = np.concatenate(([0], np.cumsum(weights, dtype=np.int64)))
        total: NDArray[np.int64] = sums[batch.unit_offsets[1:]] - sums[batch.unit_offsets[:-1]]
        return total


class BodyStore:
    """The bodies of n articles, cut again from their texts when they are asked for."""

    def __init__(self, cutter: BodyCutter, n: int) -> None:
        self._cutter = cutter
        self._has_formula = np.zeros(n, np.bool_)
        self._offsets = Offsets()

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each body starts; int64 of shape (n + 1,)."""
        return self._offsets.all

    def append(self, facts: BodyFacts) -> None:
        """Add bodies at the end."""
        self._has_formula[facts.first : facts.first + len(facts.has_formula)] = facts.has_formula
        self._offsets.append(facts.offsets)

    def gather(self, numbers: NDArray[np.int64]) -> "BodyBatch":
        """Return some bodies, in the order given."""
        return self._cutter.cut_again(numbers, self._has_formula[numbers])
