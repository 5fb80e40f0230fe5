"""Articles to bodies and posting keys, one at a time, in buffers that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.boilerplate import cue_chrome
from dedup.fingerprint import Recipe
from dedup.index.names import page_names
from dedup.index.stored import Chosen, StoredArticle
from dedup.match import MIN_RUN_WEIGHT
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes, shingle_multipliers
from dedup.stream.sites import KnownSite, Sites
from dedup.text import tokenize

__all__ = ["Cutter", "Own", "Reading"]

_NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)
_NO_KEYS: Hashes = np.empty(0, np.uint64)
#: Bodies of stored articles kept at hand, about 5 kB each.
_KEPT = 2048


class _Body(NamedTuple):
    """A stored article's body, as it is by what is known of its site."""

    row: StoredArticle
    known: KnownSite
    tokens: Hashes
    is_formula: NDArray[np.bool_]


@dataclass(slots=True)
class Reading:
    """An article's words, read once.

    ``cues`` is filled when the site turns out to need them, ``own_names`` when asked for.
    """

    article: Article
    site: str
    tokens: Hashes
    units: NDArray[np.uint32]
    cues: NDArray[np.bool_] | None = None
    own_names: list[int] | None = None

    @property
    def names(self) -> list[int]:
        """The keys of its id and URL."""
        if self.own_names is None:
            self.own_names = page_names(self.article.id, self.article.url)
        return self.own_names

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
    tokens : uint64
    weight : int
        Half-words.
    has_body : bool
    keys : uint64
        The exact key, then those of samples; none for an empty body.
    chosen : Chosen
        What was body.
    """

    tokens: Hashes
    weight: int
    has_body: bool
    keys: Hashes
    chosen: Chosen


class Cutter:
    """Cuts bodies and compares them."""

    def __init__(self, recipe: Recipe, sites: Sites) -> None:
        from dedup.kernels.gate import TextReader

        self._seed = recipe.seed
        self._reader = TextReader(recipe.seed)
        self._bodies: dict[int, _Body] = {}
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

    def read_many(self, articles: Sequence[Article]) -> list[Reading]:
        """Read many articles' words at once."""
        from dedup.kernels.tokenise import tokenise_texts

        if len(articles) == 1:
            return [self.read(articles[0])]
        batch = tokenise_texts([article.text for article in articles], self._seed)
        return [
            Reading(article, article.site or "", batch.tokens_of(place), batch.units_of(place))
            for place, article in enumerate(articles)
        ]

    def cut(self, reading: Reading) -> Own:
        """Cut the body of the article that is judged."""
        from dedup.kernels.gate import body_keys

        known = self._sites.of(reading.site)
        cues = reading.needed_cues(known)
        length, weight, has_body = self._cut(reading.tokens, reading.units, cues, known)
        tokens, is_formula = self._tokens[:length].copy(), self._is_formula[:length].copy()
        is_out = self._is_out[: len(reading.units)].copy()
        if not has_body:
            is_out[:] = False
        keys = _NO_KEYS
        if length:
            keys = body_keys(tokens, is_formula, self._multipliers, self._limit, self._floor)
        samples = max(len(keys) - 1, 0)
        return Own(tokens, weight, has_body, keys, Chosen(is_out, is_formula, samples))

    def measure(self, own: Own, rows: Sequence[StoredArticle]) -> NDArray[np.int64]:
        """Count what a body shares with each stored article's."""
        from dedup.kernels.evidence import BodyBatch, measure_pairs

        bodies = [self._body_of(row) for row in rows]
        offsets = np.zeros(len(rows) + 2, np.int64)
        np.cumsum([len(own.tokens), *(len(body.tokens) for body in bodies)], out=offsets[1:])
        batch = BodyBatch(
            np.concatenate([own.tokens, *(body.tokens for body in bodies)]),
            offsets,
            np.concatenate([own.chosen.is_formula, *(body.is_formula for body in bodies)]),
        )
        pairs = np.zeros((len(rows), 2), np.int64)
        pairs[:, 1] = np.arange(1, len(rows) + 1)
        return measure_pairs(batch, pairs, self._multipliers, MIN_RUN_WEIGHT)

    def _body_of(self, row: StoredArticle) -> _Body:
        known = self._sites.of(row.site)
        body = self._bodies.get(row.number)
        if body is not None and body.row is row and body.known is known:
            return body
        cues = row.cues if known.needs_cues else _NO_FLAGS
        length, _, _ = self._cut(row.tokens, row.units, cues, known)
        tokens, is_formula = self._tokens[:length].copy(), self._is_formula[:length].copy()
        body = self._bodies[row.number] = _Body(row, known, tokens, is_formula)
        if len(self._bodies) > _KEPT:
            del self._bodies[next(iter(self._bodies))]
        return body

    def _cut(
        self, tokens: Hashes, units: NDArray[np.uint32], cues: NDArray[np.bool_], known: KnownSite
    ) -> tuple[int, int, bool]:
        """Cut a body into the buffers; return its length, its half-words, and if it has one."""
        from dedup.kernels.gate import cut_article

        if len(tokens) > len(self._tokens):
            self._tokens = np.empty(2 * len(tokens), np.uint64)
            self._is_formula = np.empty(2 * len(tokens), np.bool_)
        if len(units) > len(self._is_out):
            self._is_out = np.empty(2 * len(units), np.bool_)
        cut: tuple[int, int, bool] = cut_article(
            tokens, units, cues, known.units, known.shingles, self._multipliers,
            MIN_BODY_WEIGHT, self._tokens, self._is_formula, self._is_out,
        )  # fmt: skip
        return cut
