"""Days between publications of many pairs: :func:`dedup.match.days_apart` on columns."""

import numpy as np
from numpy.typing import NDArray

from dedup.article import UNDATED
from dedup.detector.articles import KeptArticles
from dedup.match.compare import SECONDS_PER_DAY

__all__ = ["DaysApart"]

_SECOND = 1_000_000
#: So many pairs are looked at at once.
_BLOCK = 1 << 18


class DaysApart:
    """Days between publications by one site.

    Parameters
    ----------
    order : int64 of shape (n,)
        Which article has rank 0, 1, ...
    """

    def __init__(self, articles: KeptArticles, order: NDArray[np.int64]) -> None:
        self._order, self._urls = order, articles.urls
        self._sites, self._published = articles.sites.codes, articles.moments
        has_site = np.array([site is not None for site in articles.sites.known], np.bool_)
        self._is_known = has_site[self._sites] & (self._published != UNDATED)

    def of(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the days between the articles of some pairs.

        Parameters
        ----------
        a, b : int32 of shape (m,)
            Ranks.

        Returns
        -------
        float64 of shape (m,)
            Not a number for two sites, for versions of one page, and where a date is unknown.
        """
        days = np.full(len(a), np.nan)
        for start in range(0, len(a), _BLOCK):
            here = slice(start, start + _BLOCK)
            one, other = self._order[a[here]], self._order[b[here]]
            is_known = self._is_known[one] & self._is_known[other]
            chosen = np.flatnonzero(is_known & (self._sites[one] == self._sites[other]))
            one, other = one[chosen], other[chosen]
            apart = np.abs(self._published[one] - self._published[other])
            found = apart / _SECOND / SECONDS_PER_DAY
            found[self._is_one_page(one, other)] = np.nan
            days[start + chosen] = found
        return days

    def _is_one_page(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
        numbers, places = np.unique(np.concatenate((a, b)), return_inverse=True)
        sizes = self._urls.sizes(numbers)[places]
        is_one: NDArray[np.bool_] = sizes[: len(a)] == sizes[len(a) :]
        # Most are told apart by their length.
        alike = np.flatnonzero(is_one)
        numbers, places = np.unique(np.concatenate((a[alike], b[alike])), return_inverse=True)
        urls = self._urls.many(numbers)
        pairs = zip(*places.reshape(2, -1).tolist(), strict=True)
        is_one[alike] = [urls[i] is not None and urls[i] == urls[j] for i, j in pairs]
        return is_one
