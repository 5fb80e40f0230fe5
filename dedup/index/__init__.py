"""Where a filter keeps what it has seen: posting keys, and one file per backend."""

from dedup.index.address import create_index, open_index
from dedup.index.learned import SiteState
from dedup.index.protocol import Index, Info, Settings
from dedup.index.stored import StoredArticle

__all__ = [
    "Index",
    "Info",
    "Settings",
    "SiteState",
    "StoredArticle",
    "create_index",
    "open_index",
]
