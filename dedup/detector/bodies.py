"""Hashed tokens to bodies: each site's boilerplate taken out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate
from dedup.detector.arrays import Scratch
from dedup.detector.corpus import Corpus
from dedup.detector.stores import Offsets
from dedup.fingerprint import Recipe
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.bodies import CutBatch
    from dedup.kernels.evidence import BodyBatch
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["BodyChunk", "BodyCutter", "BodyStore"]


@dataclass(frozen=True, slots=True)
class BodyChunk:
    """The bodies of the articles from ``first`` on.

    Attributes
    ----------
    first : int
        Number of the first article.
    cut : CutBatch
        Bodies, what they weigh, and which texts have one.
    has_formula : bool of shape (n,)
        Whether some of the body is the site's formula, and not all of it.
    is_chrome : bool
        Which units of the texts were left out.
    text_weights : int64 of shape (n,)
        Half-words of each whole text.
    """

    first: int
    cut: "CutBatch"
    has_formula: NDArray[np.bool_]
    is_chrome: NDArray[np.bool_]
    text_weights: NDArray[np.int64]


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

    def cut(self, first: int, batch: "TokenBatch") -> BodyChunk:
        """Return the bodies of the articles from ``first`` on."""
        from dedup.kernels.bodies import cut_bodies

        is_chrome = self._chrome_units(first, batch)
        cut = cut_bodies(batch, is_chrome, MIN_BODY_WEIGHT)
        has_formula = self._mark(cut, slice(first, first + len(batch)), cut.has_body)
        return BodyChunk(first, cut, has_formula, is_chrome, self._text_weights(first, batch))

    def cut_again(
        self,
        numbers: NDArray[np.int64],
        batch: "TokenBatch",
        is_chrome: NDArray[np.bool_],
        has_formula: NDArray[np.bool_],
    ) -> "BodyBatch":
        """Return bodies that were cut before.

        Parameters
        ----------
        numbers : int64 of shape (n,)
            Of the articles; ``batch`` has their texts.
        is_chrome, has_formula
            As in their :class:`BodyChunk`.
        """
        from dedup.kernels.bodies import cut_bodies

        cut = cut_bodies(batch, is_chrome, MIN_BODY_WEIGHT)
        self._mark(cut, numbers, has_formula)
        return cut.bodies

    def _mark(
        self, cut: "CutBatch", articles: slice | NDArray[np.int64], chosen: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Mark what the chosen articles' sites repeat; say of each whether it has any."""
        from dedup.kernels.bodies import mark_formulas

        bodies = cut.bodies
        has_formula = np.zeros(len(chosen), np.bool_)
        mark_formulas(
            bodies.tokens, bodies.offsets, chosen, self._sites[articles], self._multipliers,
            *self._shingles, bodies.is_formula, has_formula,
        )  # fmt: skip
        return has_formula

    def _chrome_units(self, first: int, batch: "TokenBatch") -> NDArray[np.bool_]:
        """Say of each unit of a chunk whether it is chrome."""
        from dedup.kernels.bodies import mark_chrome

        corpus, offsets = self._corpus, batch.unit_offsets
        sites = self._sites[first : first + len(batch)]
        start = int(corpus.tokens.unit_offsets[first])
        hashes = corpus.units.hashes.read(start, start + len(batch.units))
        is_chrome = np.zeros(len(hashes), np.bool_)
        mark_chrome(hashes, offsets, sites, *self._units, is_chrome)
        for text in np.flatnonzero(self._needs_cues[sites]).tolist():
            is_chrome[offsets[text] : offsets[text + 1]] |= corpus.cues[first + text]
        return is_chrome

    def _text_weights(self, first: int, batch: "TokenBatch") -> NDArray[np.int64]:
        start = int(self._corpus.tokens.unit_offsets[first])
        weights = self._corpus.units.weights.read(start, start + len(batch.units))
        sums = np.concatenate(([0], np.cumsum(weights, dtype=np.int64)))
        total: NDArray[np.int64] = sums[batch.unit_offsets[1:]] - sums[batch.unit_offsets[:-1]]
        return total


class BodyStore:
    """The bodies of the articles of a corpus: of their tokens only what is left out."""

    def __init__(self, corpus: Corpus, cutter: BodyCutter, scratch: Scratch) -> None:
        self._texts, self._cutter = corpus.tokens, cutter
        self._is_chrome = scratch.column(np.bool_)
        self._has_formula = np.zeros(len(corpus), np.bool_)
        self._offsets = Offsets()

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each body starts; int64 of shape (n + 1,)."""
        return self._offsets.all

    def append(self, chunk: BodyChunk) -> None:
        """Add bodies at the end."""
        self._is_chrome.append(chunk.is_chrome)
        self._has_formula[chunk.first : chunk.first + len(chunk.has_formula)] = chunk.has_formula
        self._offsets.append(chunk.cut.bodies.offsets)

    def gather(self, numbers: NDArray[np.int64]) -> "BodyBatch":
        """Return some bodies, in the order given."""
        units = self._texts.unit_offsets
        starts = units[numbers]
        is_chrome = self._is_chrome.gather(starts, units[numbers + 1] - starts)
        texts = self._texts.gather(numbers)
        return self._cutter.cut_again(numbers, texts, is_chrome, self._has_formula[numbers])

    def close(self) -> None:
        """Give the disk space back."""
        self._is_chrome.close()
