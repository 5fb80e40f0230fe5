"""Articles to hashed tokens: each text is read once and not kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, HasNotes, HasUniqueIds
from dedup.boilerplate.cued import flag_chrome
from dedup.boilerplate.learned import ENOUGH_ARTICLES, Boilerplate, learn_from_units
from dedup.columns import ArticleColumns, Each, HasColumns, Look, NameColumn, TextColumn
from dedup.detector.arrays import Scratch
from dedup.detector.articles import KeptArticles, Names
from dedup.detector.stores import TokenStore, UnitStore
from dedup.detector.texts import Texts
from dedup.detector.workers import map_in_order
from dedup.errors import ArgumentError
from dedup.fingerprint import Recipe

if TYPE_CHECKING:
    from dedup.kernels.records import PackedTexts
    from dedup.kernels.tokenise import TokenBatch
    from dedup.kernels.units import UnitBatch

__all__ = ["Corpus", "Progress", "collect"]

#: Called with the stage's name, what is done and (if known) of how many.
Progress = Callable[[str, int, int | None], None]

#: So many articles are hashed at once, or fewer if their texts are long: the memory for it,
#: 12 times the texts, is best small enough for the processor's cache.
CHUNK_ARTICLES = 256
CHUNK_BYTES = 1 << 20
#: Texts with so many characters wait until it is known whether their sites need cues.
WAITING_CHARACTERS = 1 << 22
#: So many articles are put in columns at once.
PART_ARTICLES = 64


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a run keeps of its n articles: everything but their texts.

    Attributes
    ----------
    articles : KeptArticles
        Without text and extra.
    tokens : TokenStore
        Their hashed tokens, on disk.
    units : UnitStore
        Their units.
    cues : dict[int, NDArray[np.bool_]]
        Units that are chrome by cues, for articles of sites that had too few
        articles to learn from when it came.
    notes : tuple[str, ...]
        What a reader says of its reading, a sentence each.
    """

    articles: KeptArticles
    tokens: TokenStore
    units: UnitStore
    cues: dict[int, NDArray[np.bool_]]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.articles)

    def close(self) -> None:
        """Give the disk space back."""
        self.tokens.close()
        self.units.close()

    @property
    def ids(self) -> Texts[str]:
        """The articles' ids."""
        return self.articles.ids

    @property
    def sites(self) -> Names:
        """Whose page each article is."""
        return self.articles.sites

    @property
    def batch(self) -> "TokenBatch":
        """All hashed tokens in memory."""
        return self.tokens.read(0, len(self))

    def learn(self, recipe: Recipe, *, jobs: int = 1) -> Boilerplate:
        """Learn what each site repeats, of ``jobs`` sites at once."""
        return learn_from_units(
            lambda articles: self.units.of(self.tokens.unit_offsets, articles),
            self.units.digests,
            self.sites,
            self.tokens.texts,
            shingle_size=recipe.shingle_size,
            seed=recipe.seed,
            each=partial(map_in_order, jobs=jobs),
        )


def collect(
    articles: Iterable[Article],
    *,
    seed: int = 0,
    boilerplate: Boilerplate | None = None,
    scratch: Scratch | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """Read articles and hash their tokens.

    Parameters
    ----------
    seed : int
        Of the recipe.
    boilerplate : Boilerplate | None
        What is known of the sites already, if they are not to be learned from
        these articles.
    scratch : Scratch | None
        Where hashed tokens are kept on disk: about 1.4 times the text's size.
    jobs : int
        Chunks to hash at once; the result is the same.

    Raises
    ------
    ArgumentError
        Two articles have the same id.
    """
    from dedup.kernels.records import Recorder

    is_checked = isinstance(articles, HasUniqueIds) and articles.has_unique_ids
    ids: set[str] = set()
    cues = _Cues(boilerplate)
    scratch = scratch or Scratch()
    kept = KeptArticles(scratch)
    store, units = TokenStore.on(scratch), UnitStore.on(scratch)

    recorder = Recorder(seed)

    def look(texts: TextColumn[str]) -> _RecordedTexts:
        return _RecordedTexts(texts, *recorder(texts.buffer, texts.offsets))

    each = partial(map_in_order, jobs=jobs)
    for chunk, texts in _recorded(_chunks(articles, each, look), each, look):
        if not is_checked:
            _check_new(list(chunk.ids), ids)
        # In the reader's thread: one more would take turns with the others at the interpreter.
        store.append(texts.records)
        units.append(texts.units)
        cues.read(chunk, texts.units.digests, len(kept))
        kept.extend(chunk)
        if scratch.budget:
            scratch.budget.check_articles(len(kept))
        if progress:
            progress("read", len(kept), None)
    cues.finish()
    notes = tuple(articles.notes()) if isinstance(articles, HasNotes) else ()
    return Corpus(kept, store, units, cues.flags, notes)


class _RecordedTexts(TextColumn[str]):
    """Texts with the records of their tokens, and their units."""

    def __init__(self, texts: TextColumn[str], records: "PackedTexts", units: "UnitBatch") -> None:
        super().__init__(texts.buffer, texts.offsets)
        self.records, self.units = records, units


def _chunks(articles: Iterable[Article], each: Each, look: Look) -> Iterator[ArticleColumns]:
    """Yield the articles some at a time: so many, or of texts so long, or looked at."""
    parts: list[ArticleColumns] = []
    count = size = 0
    for part in _columns(articles, each, look):
        is_looked_at = isinstance(part.texts, _RecordedTexts)
        if not is_looked_at:
            parts.append(part)
            count += len(part)
            size += len(part.texts.encoded)
        if parts and (is_looked_at or count >= CHUNK_ARTICLES or size >= CHUNK_BYTES):
            yield ArticleColumns.joined(parts)
            parts, count, size = [], 0, 0
        if is_looked_at:
            yield part
    if parts:
        yield ArticleColumns.joined(parts)


def _recorded(
    chunks: Iterable[ArticleColumns], each: Each, look: Callable[[TextColumn[str]], _RecordedTexts]
) -> Iterator[tuple[ArticleColumns, _RecordedTexts]]:
    """Yield articles with the records of their texts, which other threads may make."""

    def looked_at(chunk: ArticleColumns) -> tuple[ArticleColumns, _RecordedTexts]:
        return chunk, look(chunk.texts)

    for is_looked_at, some in groupby(chunks, lambda it: isinstance(it.texts, _RecordedTexts)):
        if is_looked_at:
            yield from ((chunk, chunk.texts) for chunk in some)  # type: ignore[misc]  # just seen
        else:
            yield from each(looked_at, some)


def _columns(articles: Iterable[Article], each: Each, look: Look) -> Iterator[ArticleColumns]:
    if isinstance(articles, HasColumns):
        yield from articles.columns(each, look)
        return
    stream = iter(articles)
    while part := list(islice(stream, PART_ARTICLES)):
        yield ArticleColumns.of(part)


def _check_new(ids: Sequence[str], seen: set[str]) -> None:
    """Note some ids, if they are new."""
    if len(set(ids)) < len(ids) or not seen.isdisjoint(ids):
        twice = next(one for at, one in enumerate(ids) if one in seen or one in ids[:at])
        raise ArgumentError(f"two articles have the id {twice!r}: ids must differ")
    seen.update(ids)


class _Cues:
    """Chrome by cues, where a site has too few different texts to learn from.

    Or, if boilerplate was learned elsewhere, where that knows too little of the site.
    The first articles of a site wait until it has enough, and need none then; or until
    too many wait, or all are read.
    """

    def __init__(self, boilerplate: Boilerplate | None = None) -> None:
        self._boilerplate = boilerplate
        self.flags: dict[int, NDArray[np.bool_]] = {}
        #: Of each site with too few articles the digests of theirs.
        self._digests: dict[str | None, set[int]] = {}
        #: Sites with enough.
        self._known: set[str | None] = set()
        #: Number, text and blocks of articles, by site, the site that came first in front.
        self._waiting: dict[str | None, list[tuple[int, str, object]]] = {}
        self._waiting_characters = 0
        self._last: tuple[str, object, NDArray[np.bool_]] = ("", None, np.empty(0, np.bool_))

    def read(
        self,
        chunk: ArticleColumns,
        digests: NDArray[np.uint64],
        first: int,
    ) -> None:
        for at in self._of_small_sites(chunk.sites):
            site = chunk.sites[at]
            if site not in self._known and self._needs_cues(site, int(digests[at])):
                text = chunk.texts[at]
                self._waiting.setdefault(site, []).append((first + at, text, chunk.blocks[at]))
                self._waiting_characters += len(text)
                while self._waiting_characters > WAITING_CHARACTERS:
                    self._look(next(iter(self._waiting)))

    def _of_small_sites(self, sites: NameColumn) -> list[int]:
        """Return which articles are not of sites that had enough before them."""
        is_small = np.array([site not in self._known for site in sites.known], np.bool_)
        rows: list[int] = np.flatnonzero(is_small[sites.codes]).tolist()
        return rows

    def finish(self) -> None:
        """Look for cues where they are needed after all."""
        while self._waiting:
            self._look(next(iter(self._waiting)))

    def _needs_cues(self, site: str | None, digest: int) -> bool:
        if self._boilerplate is not None:
            is_early = self._boilerplate.of(site).needs_cues
        else:
            seen = self._digests.setdefault(site, set())
            is_early = len(seen) < ENOUGH_ARTICLES
            seen.add(digest)
        if not is_early:
            self._known.add(site)
            self._taken(site)
        return is_early

    def _taken(self, site: str | None) -> list[tuple[int, str, object]]:
        """Return what waits of a site; it waits no longer."""
        articles = self._waiting.pop(site, [])
        self._waiting_characters -= sum(len(text) for _, text, _ in articles)
        return articles

    def _look(self, site: str | None) -> None:
        for number, text, blocks in self._taken(site):
            # Thousands of identical texts come in a row.
            if text != self._last[0] or blocks != self._last[1]:
                self._last = (text, blocks, flag_chrome(text, blocks))
            self.flags[number] = self._last[2]
