"""The stage that a day's run has more than a batch; in a folder of its own it is done once."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from dedup.columns import ArticleColumns
from dedup.daily.clusters import ArchivedArticle
from dedup.daily.pairs import Pairs
from dedup.daily.search import ArchiveMatches
from dedup.detector import KeptArticles, RunFolder, Scratch
from dedup.match import Evidence

__all__ = ["kept_search"]

_PAIRS = ("a", "b", "counts", "days_apart")
_ARTICLES = "articles-"
_COUNTED = ("measured", "cut_keys", "unlisted")
_COLUMNS = len(fields(Evidence))


def kept_search(
    search: Callable[[], ArchiveMatches], scratch: Scratch, *, is_complete: bool
) -> ArchiveMatches:
    """Return what was found in the archive, once in a run.

    Parameters
    ----------
    is_complete : bool
        As of :class:`~dedup.daily.search.Search`: one way finds other pairs than the other.
    """
    if not isinstance(scratch, RunFolder):
        return search()
    stage = "search-all" if is_complete else "search"
    found = _load(scratch, stage)
    if found is None:
        found = search()
        _save(scratch, stage, found)
    return found


def _save(run: RunFolder, stage: str, found: ArchiveMatches) -> None:
    archived = list(found.archived.values())
    articles = KeptArticles()
    articles.extend(ArticleColumns.of([one.article for one in archived]))
    run.save(
        stage,
        {
            **{name: getattr(found.pairs, name) for name in _PAIRS},
            **{f"{_ARTICLES}{name}": array for name, array in articles.state().items()},
            "numbers": np.array([one.number for one in archived], np.int64),
            "added": np.array([one.added for one in archived], np.int64),
            "is_accepted": np.array([one.is_accepted for one in archived], np.bool_),
        },
        {name: getattr(found, name) for name in _COUNTED},
    )


def _load(run: RunFolder, name: str) -> ArchiveMatches | None:
    stage = run.load(name)
    if stage is None:
        return None
    a, b, counts, days_apart = map(stage.array, _PAIRS)
    pairs = Pairs(a, b, counts.reshape(-1, _COLUMNS), days_apart)
    articles = KeptArticles.of_state(
        {
            name.removeprefix(_ARTICLES): file
            for name, file in stage.files.items()
            if name.startswith(_ARTICLES)
        }
    )
    columns = (stage.array(name).tolist() for name in ("numbers", "added", "is_accepted"))
    archived = {
        number: ArchivedArticle(article, number, added, is_accepted)
        for article, number, added, is_accepted in zip(articles, *columns, strict=True)
    }
    return ArchiveMatches(pairs, archived, *(stage.facts[name] for name in _COUNTED))
