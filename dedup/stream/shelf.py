"""Bodies of stored articles at hand: outlines of many, the words of some."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.index.outlines import PackedOutline
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


class Shelf(Ring[StoredArticle]):
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

    def _sources(self, numbers: Sequence[int]) -> dict[int, StoredArticle]:
        return {row.number: row for row in self._index.rows(numbers)}

    def _cut(self, source: StoredArticle, known: KnownSite, columns: Sequence[NDArray[Any]]) -> int:
        units = source.units
        if len(units) > len(self._is_out):
            self._is_out = np.empty(2 * len(units), np.bool_)
        tokens, is_formula = columns
        length, _, _ = self._cut_article(
            source.tokens, units, source.cues if known.needs_cues else NO_FLAGS, *known.repeated,
            self._multipliers, MIN_BODY_WEIGHT, tokens, is_formula, self._is_out,
        )  # fmt: skip
        return length


class Outlines(Ring[StoredArticle | PackedOutline]):
    """Outlines of the articles that were candidates lately: see :mod:`dedup.kernels.screening`.

    The only one of ``columns`` are the codes, uint16.
    """

    def __init__(self, index: Index, sites: Sites, multipliers: Hashes) -> None:
        from dedup.kernels.gate import outline_article
        from dedup.kernels.outlining import cut_outline

        super().__init__(index, sites, _OUTLINED_TOKENS, np.uint16)
        self._outline_article, self._cut_outline = outline_article, cut_outline
        self._multipliers = multipliers

    def _sources(self, numbers: Sequence[int]) -> dict[int, StoredArticle | PackedOutline]:
        found: dict[int, StoredArticle | PackedOutline] = {
            outline.number: outline for outline in self._index.outlines(numbers)
        }
        if len(found) < len(numbers):
            rows = self._index.rows([number for number in numbers if number not in found])
            found |= {row.number: row for row in rows}
        return found

    def _cut(
        self,
        source: StoredArticle | PackedOutline,
        known: KnownSite,
        columns: Sequence[NDArray[Any]],
    ) -> int:
        (codes,) = columns
        cues = source.cues if known.needs_cues else NO_FLAGS
        if isinstance(source, StoredArticle):
            return self._outline_article(
                source.tokens, source.units, cues, *known.repeated, self._multipliers,
                MIN_BODY_WEIGHT, codes,
            )  # fmt: skip
        return self._cut_outline(
            np.frombuffer(source.raw, np.uint8), source.token_count, source.unit_count, cues,
            *known.repeated, self._multipliers, MIN_BODY_WEIGHT, codes,
        )  # fmt: skip
