"""Write generated articles: ``python -m benchmarks.scale.feeding N SOURCE|- [FILE]``.

A process of its own, so that what generating costs is not counted as ours.
"""

import sys
from pathlib import Path

import orjson

from benchmarks.corpus import Settings, generate

SEED = 1
#: Sites for so many articles: a feed that grows comes from more sites.
ARTICLES_A_SITE, FEWEST_SITES, MOST_SITES = 2500, 40, 1000


def settings(articles: int) -> Settings:
    """Return a corpus of so many articles."""
    sites = min(max(articles // ARTICLES_A_SITE, FEWEST_SITES), MOST_SITES)
    return Settings(articles, seed=SEED, sites=sites)


def main() -> None:
    """Write one article a line into a pipe, until all are written or nobody reads."""
    articles, source = int(sys.argv[1]), sys.argv[2]
    sources = [] if source == "-" else [Path(source)]
    output = Path(sys.argv[3] if len(sys.argv) > 3 else "/dev/stdout")
    rows = (piece.as_row() for piece in generate(settings(articles), sources))
    try:
        with output.open("wb") as lines:
            lines.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    except BrokenPipeError:
        sys.exit(1)


if __name__ == "__main__":
    main()
