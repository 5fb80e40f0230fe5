"""Articles to bodies and posting keys, one at a time or many."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import BLOCKS, Article
from dedup.boilerplate.cued import flag_chrome
from dedup.index import Index
from dedup.index.names import page_names, words_key
from dedup.index.protocol import BodyKeys
from dedup.index.stored import Chosen
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import Hashes, shingle_multipliers
from dedup.stream.shelf import NO_FLAGS
from dedup.stream.sites import KnownSite, Sites

if TYPE_CHECKING:
    from dedup.kernels.hashsets import HashSets

__all__ = ["Cutter", "Own", "Reading"]

_NO_KEYS: Hashes = np.empty(0, np.uint64)


@dataclass(slots=True)
class Reading:
    """An article's words, read once.

    ``cues`` is filled when the site turns out to need them, ``own_names`` and
    ``own_words_key`` when asked for.
    """

    article: Article
    site: str
    tokens: Hashes
    units: NDArray[np.uint32]
    cues: NDArray[np.bool_] | None = None
    own_names: list[int] | None = None
    own_words_key: int | None = None

    @property
    def names(self) -> list[int]:
        """The keys of its id and URL."""
        if self.own_names is None:
            self.own_names = page_names(self.article.id, self.article.url)
        return self.own_names

    @property
    def words_key(self) -> int:
        """The key of its very words."""
        if self.own_words_key is None:
            self.own_words_key = words_key(self.site, self.tokens, self.units)
        return self.own_words_key

    def needed_cues(self, known: KnownSite) -> NDArray[np.bool_]:
        """Return the units that are chrome by cues, or none where they do not count."""
        if not known.needs_cues:
            return NO_FLAGS
        if self.cues is None:
            self.cues = flag_chrome(self.article.text, self.article.extra.get(BLOCKS))
        return self.cues


class Own(NamedTuple):
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
    """Cuts bodies."""

    def __init__(self, index: Index, sites: Sites) -> None:
        # Imported here once, not for each article.
        from dedup.kernels.gate import TextReader, body_keys, cut_article

        self._cut_article, self._body_keys = cut_article, body_keys
        recipe = index.settings.recipe
        self._seed = recipe.seed
        self._reader = TextReader(recipe.seed)
        self._sites = sites
        self._multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)
        self._limit = np.uint64(recipe.sample_limit)
        self._floor = recipe.sample_floor

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
        known = self._sites.of(reading.site)
        cues = reading.needed_cues(known)
        tokens = np.empty(len(reading.tokens), np.uint64)
        is_formula = np.empty(len(tokens), np.bool_)
        is_out = np.empty(len(reading.units), np.bool_)
        length, weight, has_body = self._cut_article(
            reading.tokens, reading.units, cues, *known.repeated, self._multipliers,
            MIN_BODY_WEIGHT, tokens, is_formula, is_out,
        )  # fmt: skip
        tokens, is_formula = tokens[:length], is_formula[:length]
        if not has_body:
            is_out[:] = False
        keys = _NO_KEYS
        if length:
            keys = self._body_keys(tokens, is_formula, self._multipliers, self._limit, self._floor)
        samples = max(len(keys) - 1, 0)
        return Own(tokens, weight, has_body, keys, Chosen(is_out, is_formula, samples))

    def cut_many(
        self, readings: Sequence[Reading], threads: Executor
    ) -> tuple[list[Own], BodyKeys]:
        """Cut the bodies of some articles, with their keys together; half by another thread."""
        from dedup.kernels.ahead import cut_articles

        count = len(readings)
        token_offsets, unit_offsets = np.zeros((2, count + 1), np.int64)
        np.cumsum([len(one.tokens) for one in readings], out=token_offsets[1:])
        np.cumsum([len(one.units) for one in readings], out=unit_offsets[1:])
        words = np.concatenate([one.tokens for one in readings])
        units = np.concatenate([one.units for one in readings])
        tokens, is_formula = np.empty_like(words), np.empty(len(words), np.bool_)
        is_out = np.empty(len(units), np.bool_)
        keys = np.empty(len(words) + count, np.uint64)
        lengths, weights, counts = np.empty((3, count), np.int64)
        has_body = np.empty(count, np.bool_)
        calls = []
        for part in np.array_split(np.arange(count), 2):
            by_site: dict[str, list[int]] = {}
            for place in part.tolist():
                by_site.setdefault(readings[place].site, []).append(place)
            calls.append(
                [
                    (np.array(members, np.int64), *self._cut_by(readings, members, unit_offsets))
                    for members in by_site.values()
                ]
            )

        def cut(part: int) -> None:
            for members, cues, repeated in calls[part]:
                cut_articles(
                    members, words, token_offsets, units, unit_offsets, cues, *repeated,
                    self._multipliers, MIN_BODY_WEIGHT, self._limit, self._floor, tokens,
                    is_formula, is_out, keys, lengths, weights, has_body, counts,
                )  # fmt: skip

        other = threads.submit(cut, 1)
        cut(0)
        other.result()
        firsts, unit_firsts = token_offsets.tolist(), unit_offsets.tolist()
        owns = []
        for place, (first, length, weight, is_there, n_keys, first_unit, end_unit) in enumerate(
            zip(firsts, lengths.tolist(), weights.tolist(), has_body.tolist(), counts.tolist(),
                unit_firsts, unit_firsts[1:], strict=False)
        ):  # fmt: skip
            end, first_key = first + length, first + place
            chosen = Chosen(is_out[first_unit:end_unit], is_formula[first:end], max(n_keys - 1, 0))
            own_keys = keys[first_key : first_key + n_keys]
            owns.append(Own(tokens[first:end], weight, is_there, own_keys, chosen))
        return owns, BodyKeys(keys, token_offsets[:-1] + np.arange(count), counts)

    def _cut_by(
        self, readings: Sequence[Reading], members: Sequence[int], unit_offsets: NDArray[np.int64]
    ) -> "tuple[NDArray[np.bool_], HashSets]":
        """Return the cues of articles of one site, if they count, and what it repeats."""
        known = self._sites.of(readings[members[0]].site)
        if not known.needs_cues:
            return NO_FLAGS, known.repeated
        cues = np.zeros(unit_offsets[-1], np.bool_)
        for place in members:
            here = slice(unit_offsets[place], unit_offsets[place + 1])
            cues[here] = readings[place].needed_cues(known)
        return cues, known.repeated
