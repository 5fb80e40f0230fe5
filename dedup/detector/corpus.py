"""Articles to hashed tokens: each text is read once and not kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.boilerplate import cue_chrome
from dedup.boilerplate.learned import ENOUGH_ARTICLES
from dedup.errors import ArgumentError
from dedup.kernels.constants import POWER_BASE
from dedup.text import tokenize

if TYPE_CHECKING:
    from dedup.kernels.tokenise import TokenBatch

__all__ = ["Corpus", "Progress", "collect"]

#: Called with the stage's name, what is done and (if known) of how many.
Progress = Callable[[str, int, int | None], None]

CHUNK_ARTICLES = 1024


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a run keeps of its n articles: everything but their texts.

    Attributes
    ----------
    articles : list[Article]
        Without text and extra.
    batch : TokenBatch
        Their hashed tokens.
    cues : dict[int, NDArray[np.bool_]]
        Units that are chrome by cues, for articles of sites that had too few
        articles to learn from when it came.
    """

    articles: list[Article]
    batch: "TokenBatch"
    cues: dict[int, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.articles)

    @property
    def published(self) -> list[datetime | None]:
        """When each article was published."""
        return [article.published for article in self.articles]

    @property
    def sites(self) -> list[str | None]:
        """Whose page each article is."""
        return [article.site for article in self.articles]


def collect(
    articles: Iterable[Article], *, seed: int = 0, progress: Progress | None = None
) -> Corpus:
    """Read articles and hash their tokens.

    Raises
    ------
    ArgumentError
        Two articles have the same id.
    """
    from dedup.kernels.tokenise import join_batches, tokenise_texts

    kept: list[Article] = []
    ids: set[str] = set()
    cues = _Cues()
    batches = []
    stream = iter(articles)
    while chunk := list(islice(stream, CHUNK_ARTICLES)):
        batch = tokenise_texts([article.text for article in chunk], seed)
        for article in chunk:
            if article.id in ids:
                raise ArgumentError(f"two articles have the id {article.id!r}: ids must differ")
            ids.add(article.id)
        cues.read(chunk, batch, len(kept))
        batches.append(batch)
        kept.extend(_without_text(article) for article in chunk)
        if progress:
            progress("read", len(kept), None)
    return Corpus(kept, join_batches(batches), cues.flags)


class _Cues:
    """Chrome by cues, while a site has too few different texts to learn from."""

    def __init__(self) -> None:
        self.flags: dict[int, NDArray[np.bool_]] = {}
        self._digests: dict[str | None, set[int]] = {}
        self._last: tuple[str, NDArray[np.bool_]] = ("", np.empty(0, np.bool_))

    def read(self, chunk: Sequence[Article], batch: "TokenBatch", first: int) -> None:
        from dedup.kernels.repeats import content_digests

        digests = content_digests(batch.tokens, batch.token_offsets, np.uint64(POWER_BASE))
        for number, (article, digest) in enumerate(zip(chunk, digests.tolist(), strict=True)):
            seen = self._digests.setdefault(article.site, set())
            if len(seen) < ENOUGH_ARTICLES:
                seen.add(digest)
                self.flags[first + number] = self._flags(article.text)

    def _flags(self, text: str) -> NDArray[np.bool_]:
        if text != self._last[0]:  # thousands of identical texts come in a row
            tokens = tokenize(text)
            reasons = cue_chrome(text, tokens)
            self._last = (text, np.array([r is not None for r in reasons], np.bool_))
        return self._last[1]


def _without_text(article: Article) -> Article:
    return Article(
        article.id,
        "",
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
    )
