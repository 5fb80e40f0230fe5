"""Bodies of stored articles at hand: outlines of many, the words of some."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes
from dedup.stream.ring import Ring
from dedup.stream.sites import KnownSite, Sites

__all__ = ["NO_FLAGS", "Outlines", "Shelf"]

NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)
#: Tokens that there is room for, 9 bytes each: some ten thousand bodies.
_TOKENS = 1 << 22
#: Tokens of outlines that there is room for, 2 bytes each: some thirty thousand bodies.
_OUTLINED_TOKENS = 3 << 22


class Shelf(Ring):
    """Bodies of the articles that were compared word by word lately.

    ``columns`` are ``tokens``, uint64, and ``is_formula``, bool: the shingle that starts at
    a token is boilerplate of the site.
    """

    def __init__(self, index: Index, sites: Sites, multipliers: Hashes) -> None:
        from dedup.kernels.gate import cut_article

        super().__init__(index, sites, _TOKENS, np.uint64, np.bool_)
        self._cut_article = cut_article
        self._multipliers = multipliers
        self._is_out = np.empty(1 << 10, np.bool_)

    def _cut(self, row: StoredArticle, known: KnownSite, columns: Sequence[NDArray[Any]]) -> int:
        units = row.units
        if len(units) > len(self._is_out):
            self._is_out = np.empty(2 * len(units), np.bool_)
        tokens, is_formula = columns
        length, _, _ = self._cut_article(
            row.tokens, units, row.cues if known.needs_cues else NO_FLAGS, *known.repeated,
            self._multipliers, MIN_BODY_WEIGHT, tokens, is_formula, self._is_out,
        )  # fmt: skip
        return length


class Outlines(Ring):
    """Outlines of the articles that were candidates lately: see :mod:`dedup.kernels.screening`.

    The only one of ``columns`` are the codes, uint16.
    """

    def __init__(self, index: Index, sites: Sites, multipliers: Hashes) -> None:
        from dedup.kernels.gate import outline_article

        super().__init__(index, sites, _OUTLINED_TOKENS, np.uint16)
        self._outline_article = outline_article
        self._multipliers = multipliers

    def _cut(self, row: StoredArticle, known: KnownSite, columns: Sequence[NDArray[Any]]) -> int:
        (codes,) = columns
        return self._outline_article(
            row.tokens, row.units, row.cues if known.needs_cues else NO_FLAGS, *known.repeated,
            self._multipliers, MIN_BODY_WEIGHT, codes,
        )  # fmt: skip
