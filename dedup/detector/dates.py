"""Days between publications of many pairs: :func:`dedup.match.days_apart` on columns."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.match.compare import SECONDS_PER_DAY

__all__ = ["days_apart_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_UNDATED = np.iinfo(np.int64).min


def days_apart_of(
    articles: Sequence[Article],
    sites: Sequence[str | None],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the days between publications by one site.

    Parameters
    ----------
    a, b : int64 of shape (m,)
        Numbers of articles.

    Returns
    -------
    float64 of shape (m,)
        Not a number for two sites, for versions of one page, and where a date is unknown.
    """
    codes: dict[str, int] = {}
    site = np.array([-1 if s is None else codes.setdefault(s, len(codes)) for s in sites], np.int64)
    published = np.array([_microseconds(article.published) for article in articles], np.int64)
    is_dated = (published[a] != _UNDATED) & (published[b] != _UNDATED)
    comparable = np.flatnonzero(is_dated & (site[a] == site[b]) & (site[a] >= 0))
    one, other = a[comparable], b[comparable]
    days = np.full(len(a), np.nan)
    apart = np.abs(published[one] - published[other])
    days[comparable] = apart / _SECOND / SECONDS_PER_DAY
    urls: dict[str | None, int] = {None: -1}
    involved = np.unique(np.concatenate((one, other)))
    page = np.full(len(articles), -1, np.int64)
    page[involved] = [urls.setdefault(articles[number].url, number) for number in involved.tolist()]
    days[comparable[(page[one] == page[other]) & (page[one] >= 0)]] = np.nan
    return days


def _microseconds(published: datetime | None) -> int:
    return _UNDATED if published is None else (published - _EPOCH) // _MICROSECOND
