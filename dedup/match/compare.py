"""Judge two articles: the plain path, without numba."""

import numpy as np

from dedup.article import Article
from dedup.boilerplate.chrome import Chrome, find_chrome
from dedup.boilerplate.learned import Boilerplate
from dedup.match.body import Body, make_body
from dedup.match.evidence import measure
from dedup.match.match import Match, judge_pair
from dedup.match.relation import Policy
from dedup.text import Tokens, tokenize

__all__ = ["body_of", "body_without", "compare", "days_apart"]

SECONDS_PER_DAY = 86400


def compare(
    a: Article,
    b: Article,
    *,
    boilerplate: Boilerplate | None = None,
    policy: Policy | None = None,
    shingle_size: int = 5,
    seed: int = 0,
) -> Match:
    """Judge two articles by their bodies.

    Parameters
    ----------
    boilerplate : Boilerplate | None
        What the sites repeat; a site that it does not know is judged by cues.
    policy : Policy | None
        The default policy, if none.

    Examples
    --------
    >>> text = "The town council voted on Monday to close the old bridge for repairs. " * 3
    >>> str(compare(Article("1", text), Article("2", text.upper())).relation)
    'identical'
    """
    bodies = [
        body_of(x, tokenize(x.text), boilerplate, shingle_size=shingle_size, seed=seed)
        for x in (a, b)
    ]
    return judge_pair(a.id, b.id, measure(*bodies), policy or Policy(), days_apart(a, b))


def body_of(
    article: Article,
    tokens: Tokens,
    boilerplate: Boilerplate | None = None,
    *,
    shingle_size: int = 5,
    seed: int = 0,
) -> Body:
    """Return the body of an article: learned boilerplate out, or chrome by cues."""
    chrome = find_chrome(article, tokens, boilerplate, seed=seed)
    return body_without(chrome, tokens, shingle_size=shingle_size, seed=seed)


def body_without(chrome: Chrome, tokens: Tokens, *, shingle_size: int = 5, seed: int = 0) -> Body:
    """Return the body of an article whose chrome is known already."""
    units = np.array(tokens.units, np.uint32)
    return make_body(
        chrome.hashes, units, chrome.is_by_cues, chrome.learned, size=shingle_size, seed=seed
    )


def days_apart(a: Article, b: Article) -> float | None:
    """Return the days between two publications by one site, or None.

    None also for versions of one page (the same URL), which are no reruns.
    """
    if a.published is None or b.published is None or a.site != b.site or a.site is None:
        return None
    if a.url is not None and a.url == b.url:
        return None
    return abs((a.published - b.published).total_seconds()) / SECONDS_PER_DAY
