"""Hashed tokens to bodies: each site's boilerplate taken out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import Boilerplate
from dedup.detector.arrays import Scratch
from dedup.detector.corpus import Corpus
from dedup.detector.stores import Offsets
from dedup.fingerprint import Recipe, permutations
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes, shingle_multipliers

if TYPE_CHECKING:
    from dedup.kernels.cuts import Cuts
    from dedup.kernels.evidence import BodyBatch
    from dedup.kernels.keying import KeyedBodies

__all__ = ["BodyCutter", "BodyStore", "CutTexts"]


@dataclass(frozen=True, slots=True)
class CutTexts:
    """Some n texts, and what of them are bodies.

    Attributes
    ----------
    first : int
        Number of the first article.
    records : uint64
        Of the texts, one behind another.
    starts : int64 of shape (n,)
        Where each starts.
    cuts : Cuts
    """

    first: int
    records: Hashes
    starts: NDArray[np.int64]
    cuts: "Cuts"

    def __len__(self) -> int:
        return len(self.starts)


class BodyCutter:
    """Takes the boilerplate out of the articles of a corpus, by site."""

    def __init__(self, corpus: Corpus, boilerplate: Boilerplate, recipe: Recipe) -> None:
        from dedup.kernels.hashsets import hash_sets

        learned = [boilerplate.of(site) for site in corpus.sites.known]
        self._corpus, self._recipe = corpus, recipe
        self._sites = corpus.sites.codes
        self._units = hash_sets([its.units for its in learned])
        self._shingles = hash_sets([its.shingles for its in learned])
        self._needs_cues = np.array([its.needs_cues for its in learned], np.bool_)

    def cut(self, first: int, end: int) -> CutTexts:
        """Say what stays of the articles first to end."""
        from dedup.kernels.cuts import cut_units
        from dedup.kernels.records import token_counts, unit_starts

        tokens, units = self._corpus.tokens, self._corpus.units
        records, offsets, unit_offsets = tokens.records_of(first, end)
        start, last = tokens.unit_offsets[[first, end]].tolist()
        is_chrome = self._chrome_units(first, unit_offsets, units.hashes.read(start, last))
        cuts = cut_units(
            unit_starts(records, offsets, unit_offsets),
            unit_offsets,
            token_counts(np.diff(offsets), np.diff(unit_offsets)),
            units.weights.read(start, last),
            is_chrome,
            MIN_BODY_WEIGHT,
        )
        return CutTexts(first, records, offsets[:-1], cuts)

    def key(self, texts: CutTexts) -> "KeyedBodies":
        """Return what the bodies of some texts are found by."""
        from dedup.kernels.keying import key_bodies

        recipe = self._recipe
        return key_bodies(
            texts.records,
            texts.starts,
            texts.cuts,
            self._sites[texts.first : texts.first + len(texts)],
            self._shingles,
            shingle_multipliers(recipe.shingle_size, recipe.seed),
            permutations(recipe),
            recipe.sample_limit,
            recipe.sample_floor,
        )

    def _chrome_units(
        self, first: int, offsets: NDArray[np.int64], hashes: Hashes
    ) -> NDArray[np.bool_]:
        """Say of each unit of some articles whether it is chrome."""
        from dedup.kernels.bodies import mark_chrome

        sites = self._sites[first : first + len(offsets) - 1]
        is_chrome = np.zeros(len(hashes), np.bool_)
        mark_chrome(hashes, offsets, sites, *self._units, is_chrome)
        for text in np.flatnonzero(self._needs_cues[sites]).tolist():
            is_chrome[offsets[text] : offsets[text + 1]] |= self._corpus.cues[first + text]
        return is_chrome


class BodyStore:
    """The bodies of n articles, copied again from their texts when they are asked for.

    About 50 bytes each besides the texts, on disk where memory is scarce.
    """

    def __init__(self, corpus: Corpus, scratch: Scratch) -> None:
        self._tokens = corpus.tokens
        self._has_body = np.zeros(len(corpus), np.bool_)
        self._offsets, self._spans, self._formulas = Offsets(), _Parts(scratch), _Parts(scratch)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each body starts; int64 of shape (n + 1,)."""
        return self._offsets.all

    def append(self, first: int, cuts: "Cuts", keyed: "KeyedBodies") -> None:
        """Add bodies at the end, from number ``first`` on."""
        self._has_body[first : first + len(cuts.has_body)] = cuts.has_body
        self._offsets.append(np.concatenate(([0], np.cumsum(cuts.lengths))))
        self._spans.append(cuts.spans.ravel(), 2 * cuts.span_offsets)
        self._formulas.append(keyed.formulas, keyed.formula_offsets)

    def gather(self, numbers: NDArray[np.int64]) -> "BodyBatch":
        """Return some bodies, in the order given."""
        from dedup.kernels.cuts import copy_bodies

        tokens, offsets, _ = self._tokens.texts(numbers)
        spans, span_offsets = self._spans.of(numbers)
        return copy_bodies(
            tokens,
            offsets[:-1],
            spans.reshape(-1, 2),
            span_offsets // 2,
            self._has_body[numbers],
            *self._formulas.of(numbers),
        )


class _Parts:
    """Numbers of n articles, some of each one behind another's."""

    def __init__(self, scratch: Scratch) -> None:
        self._numbers, self._offsets = scratch.column(np.uint32), Offsets()

    def append(self, numbers: NDArray[np.uint32], offsets: NDArray[np.int64]) -> None:
        self._numbers.append(numbers)
        self._offsets.append(offsets)

    def of(self, articles: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return those of some articles, and where each one's start."""
        starts = self._offsets.all[articles]
        lengths = self._offsets.all[articles + 1] - starts
        offsets = np.zeros(len(articles) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return self._numbers.gather(starts, lengths), offsets
