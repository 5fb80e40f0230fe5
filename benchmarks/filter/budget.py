"""How many posting keys an article needs, and what each family finds that others do not.

    python -m benchmarks.filter.budget articles.jsonl.gz --articles 6000

Pairs are those of a batch, judged by what they turn out to be. One JSON object a line:
for each family, and for samples of other sizes, the keys an article and the pairs
that are lost if nothing else proposes them.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from dedup import Article, Policy, Recipe, Relation, deduplicate, read_articles
from dedup.fingerprint import Fingerprint, fingerprint
from dedup.index.keys import band_keys, is_enough_shared, sample_keys
from dedup.match import Body, body_of
from dedup.text import tokenize

_SAMPLES = ((8, 16), (12, 16), (16, 16), (16, 8), (32, 16))


def proposes(family: str, a: Fingerprint, b: Fingerprint, recipe: Recipe) -> bool:
    """Say whether bands or samples make two bodies a candidate pair."""
    if family == "band":
        keys = [band_keys(one.signature[None, :], recipe)[0] for one in (a, b)]
        return bool((keys[0] == keys[1]).any())
    mine, other = (sample_keys(one.sample) for one in (a, b))
    return is_enough_shared(len(np.intersect1d(mine, other)), min(len(mine), len(other)))


def prints_of(bodies: dict[str, Body], recipe: Recipe) -> dict[str, Fingerprint]:
    """Return the fingerprint of each body."""
    return {name: fingerprint(body.shingles, recipe) for name, body in bodies.items()}


def measure(articles: list[Article]) -> Iterator[dict[str, object]]:
    """Yield the figures of each family."""
    result = deduplicate(articles, policy=Policy())
    pairs = [(match.a, match.b, match.relation) for match in result.matches]
    bodies = {one.id: body_of(one, tokenize(one.text), result.boilerplate) for one in articles}
    yield {"articles": len(articles), "pairs": dict(Counter(str(r) for _, _, r in pairs))}
    for every, floor in _SAMPLES:
        recipe = Recipe(sample_every=every, sample_floor=floor)
        prints = prints_of(bodies, recipe)
        families = ("exact", "band", "sample") if (every, floor) == _SAMPLES[0] else ("sample",)
        for family in families:
            lost: Counter[str] = Counter()
            for a, b, relation in pairs:
                is_found = (
                    np.array_equal(bodies[a].tokens, bodies[b].tokens)
                    if family == "exact"
                    else proposes(family, prints[a], prints[b], recipe)
                )
                if not is_found:
                    lost[str(relation)] += 1
            keys = {"exact": 1.0, "band": float(recipe.bands)}.get(family) or float(
                np.mean([len(one.sample) for one in prints.values()])
            )
            yield {
                "family": family,
                "sample_every": every,
                "sample_floor": floor,
                "keys_an_article": round(keys, 1),
                "lost_duplicates": sum(n for name, n in lost.items() if name != Relation.OVERLAP),
                "lost": dict(lost),
            }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("feed", type=Path)
    parser.add_argument("--articles", type=int, default=6000)
    options = parser.parse_args()
    for row in measure(list(islice(read_articles(options.feed), options.articles))):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
