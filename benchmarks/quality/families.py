"""What each family of posting keys finds of the duplicates there are."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from benchmarks.floors import Figure
from benchmarks.quality.measure import Run
from dedup.article import Article
from dedup.fingerprint import Fingerprint, Recipe, fingerprint
from dedup.index.keys import MIN_SHARED_SAMPLES, band_keys, sample_keys
from dedup.match import Body, body_of
from dedup.text import tokenize

__all__ = ["family_figures"]

#: Duplicates looked at, spread evenly over all.
MAX_PAIRS = 2000


def family_figures(corpus: str, articles: Sequence[Article], run: Run) -> list[Figure]:
    """Return candidates an article, and the share of duplicates that each family finds."""
    result, recipe = run.result, Recipe()
    text: Mapping[str, Article] = {article.id: article for article in articles}
    pairs = sorted(run.matched)
    pairs = pairs[:: max(1, len(pairs) // MAX_PAIRS)]

    @cache
    def prints(identity: str) -> tuple[Body, Fingerprint]:
        article = text[identity]
        body = body_of(article, tokenize(article.text), result.boilerplate)
        return body, fingerprint(body.shingles, recipe)

    found = {"exact": 0, "band": 0, "sample": 0, "any": 0}
    for a, b in pairs:
        hits = _hits(prints(a), prints(b), recipe)
        for name, hit in hits.items():
            found[name] += hit
        found["any"] += any(hits.values())
    size = max(1, len(articles))
    figures = [Figure(corpus, "candidates an article", result.tally.candidates / size)]
    return figures + [
        Figure(
            corpus, f"found duplicates with a key of: {name}", hits / len(pairs) if pairs else None
        )
        for name, hits in found.items()
    ]


def _hits(
    a: tuple[Body, Fingerprint], b: tuple[Body, Fingerprint], recipe: Recipe
) -> dict[str, bool]:
    (body_a, print_a), (body_b, print_b) = a, b
    bands = [band_keys(one.signature[None, :], recipe)[0] for one in (print_a, print_b)]
    samples = [sample_keys(one.sample) for one in (print_a, print_b)]
    has_shingles = len(print_a.shingles) > 0 and len(print_b.shingles) > 0
    return {
        "exact": np.array_equal(body_a.tokens, body_b.tokens),
        "band": has_shingles and bool((bands[0] == bands[1]).any()),
        "sample": len(np.intersect1d(samples[0], samples[1])) >= MIN_SHARED_SAMPLES,
    }
