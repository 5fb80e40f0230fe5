"""Articles to hashed tokens: each text is read once and not kept."""

from collections.abc import Callable, Iterable
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
    cues: dict[int, NDArray[np.bool_]] = {}
    seen: dict[str | None, int] = {}
    ids: set[str] = set()
    batches = []
    stream = iter(articles)
    while chunk := list(islice(stream, CHUNK_ARTICLES)):
        for number, article in enumerate(chunk, len(kept)):
            if article.id in ids:
                raise ArgumentError(f"two articles have the id {article.id!r}: ids must differ")
            ids.add(article.id)
            site = article.site
            seen[site] = seen.get(site, 0) + 1
            if seen[site] < ENOUGH_ARTICLES:
                tokens = tokenize(article.text)
                flags = [reason is not None for reason in cue_chrome(article.text, tokens)]
                cues[number] = np.array(flags, np.bool_)
        batches.append(tokenise_texts([article.text for article in chunk], seed))
        kept.extend(_without_text(article) for article in chunk)
        if progress:
            progress("read", len(kept), None)
    return Corpus(kept, join_batches(batches), cues)


def _without_text(article: Article) -> Article:
    return Article(
        article.id,
        "",
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
    )
