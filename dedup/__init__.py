"""Find copies among news articles and show what each copy changed.

The names below are loaded when first used, so that ``import dedup`` and every
``--help`` start without numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.batch import Deduplication, deduplicate
    from dedup.cluster import Cluster
    from dedup.daily import Continuation, deduplicate_against
    from dedup.fingerprint import Recipe
    from dedup.formats import read_articles, read_records
    from dedup.index import open_index
    from dedup.match import Match, Policy, Relation
    from dedup.match.compare import compare
    from dedup.stream import DuplicateFilter, Verdict

__all__ = [
    "Article",
    "Cluster",
    "Continuation",
    "Deduplication",
    "DuplicateFilter",
    "Match",
    "Policy",
    "Recipe",
    "Relation",
    "Verdict",
    "compare",
    "deduplicate",
    "deduplicate_against",
    "open_index",
    "read_articles",
    "read_records",
]

__version__ = "0.1.0.dev0"

_ROOMS = {
    "Article": "dedup.article",
    "Cluster": "dedup.cluster",
    "Continuation": "dedup.daily",
    "Deduplication": "dedup.batch",
    "DuplicateFilter": "dedup.stream",
    "Match": "dedup.match",
    "Policy": "dedup.match",
    "Recipe": "dedup.fingerprint",
    "Relation": "dedup.match",
    "Verdict": "dedup.stream",
    "compare": "dedup.match",
    "deduplicate": "dedup.batch",
    "deduplicate_against": "dedup.daily",
    "open_index": "dedup.index",
    "read_articles": "dedup.formats",
    "read_records": "dedup.formats",
}


def __getattr__(name: str) -> object:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(room), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
