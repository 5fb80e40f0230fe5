"""The body of an article as a verdict sees it: hashed tokens without chrome."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import SiteBoilerplate
from dedup.boilerplate.units import unit_hashes, unit_lengths
from dedup.kernels.constants import DIGIT, UNSPACED
from dedup.shingles import Hashes, shingle_hashes

__all__ = ["MIN_BODY_WEIGHT", "Body", "make_body"]

#: With fewer half-words left than this an article has no body to speak of: then
#: all of its text is kept, so that only the very same page is its twin.
MIN_BODY_WEIGHT = 16


@dataclass(frozen=True, slots=True)
class Body:
    """Hashed tokens of n words, chrome units left out.

    An article without a body keeps all its tokens, but none of them counts.

    Attributes
    ----------
    tokens : uint64 of shape (n,)
    kept : int64 of shape (n,)
        Which token of the whole text each one is.
    shingles : uint64 of shape (max(n - size + 1, 1),), or (0,) for no tokens
        In text order; 0 where the shingle is boilerplate of the site.
    size : int
        Tokens a shingle.
    """

    tokens: Hashes
    kept: NDArray[np.int64]
    shingles: Hashes
    size: int

    def covered(self, is_chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say of each token whether a chosen shingle covers it."""
        covered = np.zeros(len(self.tokens), bool)
        for shift in range(min(self.size, len(self.tokens))):
            covered[shift : shift + len(is_chosen)] |= is_chosen
        return covered

    @property
    def weights(self) -> NDArray[np.int64]:
        """Half-words of each token."""
        return weights(self.tokens)

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Say of each token whether it counts: some shingle of it is no boilerplate."""
        return self.covered(self.shingles != 0)

    @property
    def numbers(self) -> Hashes:
        """The distinct counted tokens with a digit, sorted."""
        return np.unique(self.tokens[self.counted & (self.tokens & np.uint64(DIGIT) != 0)])


def make_body(
    tokens: Hashes,
    units: NDArray[np.uint32],
    is_chrome: NDArray[np.bool_],
    learned: SiteBoilerplate,
    *,
    size: int = 5,
    seed: int = 0,
) -> Body:
    """Leave out the chrome.

    Parameters
    ----------
    tokens : uint64 of shape (n,)
    units : of shape (m,)
        First token of each unit.
    is_chrome : bool of shape (m,)
        Units that are chrome by cues; those that ``learned`` knows are added.
    learned : SiteBoilerplate
        Of the article's site.
    """
    if len(tokens) == 0:
        return Body(tokens, np.empty(0, np.int64), np.empty(0, np.uint64), size)
    is_out = is_chrome | learned.has_units(unit_hashes(tokens, units))
    kept = np.flatnonzero(~np.repeat(is_out, unit_lengths(len(tokens), units)))
    if weights(tokens[kept]).sum() < MIN_BODY_WEIGHT:
        nothing = np.zeros(max(len(tokens) - size + 1, 1), np.uint64)
        return Body(tokens, np.arange(len(tokens), dtype=np.int64), nothing, size)
    shingles = shingle_hashes(tokens[kept], size, seed)
    shingles[learned.has_shingles(shingles)] = 0
    return Body(tokens[kept], kept, shingles, size)


def weights(tokens: Hashes) -> NDArray[np.int64]:
    """Return the half-words of each token: 2, or 1 for an unspaced character."""
    return np.where(tokens & np.uint64(UNSPACED), 1, 2)
