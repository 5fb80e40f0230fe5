"""Find copies among news articles and show what each copy changed.

The names below are loaded when first used, so that ``import dedup`` and every
``--help`` start without numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.formats import read_articles, read_records

__all__ = ["Article", "read_articles", "read_records"]

__version__ = "0.1.0.dev0"

_ROOMS = {
    "Article": "dedup.article",
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
