"""Days between publications of many pairs: :func:`dedup.match.days_apart` on columns."""

import numpy as np
from numpy.typing import NDArray

from dedup.article import UNDATED
from dedup.detector.articles import KeptArticles
from dedup.match.compare import SECONDS_PER_DAY

__all__ = ["days_apart_of"]

_SECOND = 1_000_000
#: So many pairs are looked at at once.
_BLOCK = 1 << 20


def days_apart_of(
    articles: KeptArticles,
    order: NDArray[np.int64],
    a: NDArray[np.int32],
    b: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Return the days between publications by one site.

    Parameters
    ----------
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...
    a, b : int32 of shape (m,)
        Ranks.

    Returns
    -------
    float64 of shape (m,)
        Not a number for two sites, for versions of one page, and where a date is unknown.
    """
    site, published = articles.sites.codes, articles.moments
    has_site = np.array([site is not None for site in articles.sites.known], np.bool_)
    is_known = has_site[site] & (published != UNDATED)
    days = np.full(len(a), np.nan)
    of_one_site = [np.empty(0, np.int64)]
    for start in range(0, len(a), _BLOCK):
        one, other = order[a[start : start + _BLOCK]], order[b[start : start + _BLOCK]]
        chosen = np.flatnonzero(is_known[one] & is_known[other] & (site[one] == site[other]))
        apart = np.abs(published[one[chosen]] - published[other[chosen]])
        days[start + chosen] = apart / _SECOND / SECONDS_PER_DAY
        of_one_site.append(start + chosen)
    comparable = np.concatenate(of_one_site)
    one, other = order[a[comparable]], order[b[comparable]]
    urls: dict[str | None, int] = {None: -1}
    involved = np.unique(np.concatenate((one, other)))
    page = np.full(len(articles), -1, np.int64)
    page[involved] = [urls.setdefault(articles.url(number), number) for number in involved.tolist()]
    days[comparable[(page[one] == page[other]) & (page[one] >= 0)]] = np.nan
    return days
