"""Days between publications of many pairs: :func:`dedup.match.days_apart` on columns."""

import numpy as np
from numpy.typing import NDArray

from dedup.article import UNDATED
from dedup.detector.articles import KeptArticles
from dedup.match.compare import SECONDS_PER_DAY

__all__ = ["days_apart_of"]

_SECOND = 1_000_000


def days_apart_of(
    articles: KeptArticles, a: NDArray[np.int64], b: NDArray[np.int64]
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
    site, published = articles.sites.codes, articles.moments
    has_site = np.array([site is not None for site in articles.sites.known], np.bool_)
    is_dated = (published[a] != UNDATED) & (published[b] != UNDATED)
    comparable = np.flatnonzero(is_dated & (site[a] == site[b]) & has_site[site[a]])
    one, other = a[comparable], b[comparable]
    days = np.full(len(a), np.nan)
    apart = np.abs(published[one] - published[other])
    days[comparable] = apart / _SECOND / SECONDS_PER_DAY
    urls: dict[str | None, int] = {None: -1}
    involved = np.unique(np.concatenate((one, other)))
    page = np.full(len(articles), -1, np.int64)
    page[involved] = [urls.setdefault(articles.url(number), number) for number in involved.tolist()]
    days[comparable[(page[one] == page[other]) & (page[one] >= 0)]] = np.nan
    return days
