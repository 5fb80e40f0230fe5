"""Articles to bodies and posting keys, one at a time, in buffers that are kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.boilerplate import cue_chrome
from dedup.fingerprint import Recipe
from dedup.index.stored import Chosen, StoredArticle
from dedup.match import MIN_RUN_WEIGHT
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes, shingle_multipliers
from dedup.stream.sites import KnownSite, Sites
from dedup.text import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Cutter", "Own", "Reading"]

_NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)
_NO_KEYS: Hashes = np.empty(0, np.uint64)


@dataclass(slots=True)
class Reading:
    """An article's words, read once.

    ``cues`` is filled when the site turns out to need them.
    """

    article: Article
    site: str
    tokens: Hashes
    units: NDArray[np.uint32]
    cues: NDArray[np.bool_] | None = None

    def needed_cues(self, known: KnownSite) -> NDArray[np.bool_]:
        """Return the units that are chrome by cues, or none where they do not count."""
        if not known.needs_cues:
            return _NO_FLAGS
        if self.cues is None:
            text = self.article.text
            reasons = cue_chrome(text, tokenize(text), self.article.extra.get("blocks"))
            self.cues = np.array([reason is not None for reason in reasons], np.bool_)
        return self.cues


@dataclass(frozen=True, slots=True)
class Own:
    """The body of the article that is judged.

    Attributes
    ----------
    length, weight : int
        Tokens and half-words.
    has_body : bool
    keys : uint64
        The exact key, then those of samples; none for an empty body.
    chosen : Chosen
        What was body.
    """

    length: int
    weight: int
    has_body: bool
    keys: Hashes
    chosen: Chosen


class Cutter:
    """Cuts bodies and compares them."""

    def __init__(self, recipe: Recipe, sites: Sites) -> None:
        from dedup.kernels.gate import TextReader

        self._reader = TextReader(recipe.seed)
        self._sites = sites
        self._multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)
        self._limit = np.uint64(recipe.sample_limit)
        self._floor = recipe.sample_floor
        self._tokens = np.empty(1 << 14, np.uint64)
        self._is_formula = np.empty(1 << 14, np.bool_)
        self._is_out = np.empty(1 << 10, np.bool_)

    def read(self, article: Article) -> Reading:
        """Read an article's words."""
        tokens, units = self._reader.read(article.text)
        return Reading(article, article.site or "", tokens.copy(), units.copy())

    def cut(self, reading: Reading) -> Own:
        """Cut the body of the article that is judged, to the front of the buffer."""
        from dedup.kernels.gate import body_keys

        known = self._sites.of(reading.site)
        cues = reading.needed_cues(known)
        length, weight, has_body = self._cut(reading.tokens, reading.units, cues, known, 0)
        is_formula = self._is_formula[:length].copy()
        is_out = self._is_out[: len(reading.units)].copy()
        if not has_body:
            is_out[:] = False
        keys = _NO_KEYS
        if length:
            keys = body_keys(
                self._tokens[:length], is_formula, self._multipliers, self._limit, self._floor
            )
        samples = max(len(keys) - 1, 0)
        return Own(length, weight, has_body, keys, Chosen(is_out, is_formula, samples))

    def measure(self, own: Own, rows: "Sequence[StoredArticle]") -> NDArray[np.int64]:
        """Count what the body cut last shares with each stored article's."""
        from dedup.kernels.evidence import BodyBatch, measure_pairs

        offsets = np.empty(len(rows) + 2, np.int64)
        offsets[:2] = 0, own.length
        for place, row in enumerate(rows):
            known = self._sites.of(row.site)
            cues = row.cues if known.needs_cues else _NO_FLAGS
            start = int(offsets[place + 1])
            length, _, _ = self._cut(row.tokens, row.units, cues, known, start)
            offsets[place + 2] = start + length
        pairs = np.zeros((len(rows), 2), np.int64)
        pairs[:, 1] = np.arange(1, len(rows) + 1)
        end = offsets[-1]
        batch = BodyBatch(self._tokens[:end], offsets, self._is_formula[:end])
        return measure_pairs(batch, pairs, self._multipliers, MIN_RUN_WEIGHT)

    def _cut(
        self,
        tokens: Hashes,
        units: NDArray[np.uint32],
        cues: NDArray[np.bool_],
        known: KnownSite,
        start: int,
    ) -> tuple[int, int, bool]:
        from dedup.kernels.gate import cut_article

        end = start + len(tokens)
        if end > len(self._tokens):
            self._tokens = np.concatenate((self._tokens, np.empty(2 * end, np.uint64)))
            self._is_formula = np.concatenate((self._is_formula, np.empty(2 * end, np.bool_)))
        if len(units) > len(self._is_out):
            self._is_out = np.empty(2 * len(units), np.bool_)
        cut: tuple[int, int, bool] = cut_article(
            tokens, units, cues, known.units, known.shingles, self._multipliers,
            MIN_BODY_WEIGHT, self._tokens[start:end], self._is_formula[start:end], self._is_out,
        )  # fmt: skip
        return cut
