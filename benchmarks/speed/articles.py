"""The articles of a run, made once: ``python -m benchmarks.speed.articles SOURCE N OUT``.

The real ones come first, as they are; then variants of them from `benchmarks.corpus`
(edited, abridged, reordered, wrapped in a site's chrome), up to N. A process of its
own, because `measure` wants a small one.
"""

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import orjson

from benchmarks.corpus import Settings, generate
from dedup.formats import read_articles

SEED = 1


def rows(source: Path | None, articles: int) -> Iterator[dict[str, object]]:
    """Yield as many articles as asked for; without a source all are invented."""
    if source is None:
        return (piece.as_row() for piece in generate(Settings(articles, seed=SEED)))
    return islice(chain(_real(source), _variants(source, articles)), articles)


def _real(source: Path) -> Iterator[dict[str, object]]:
    for article in read_articles([source]):
        yield {
            "id": article.id,
            "title": article.title,
            "text": article.text,
            "url": article.url,
            "source": article.source,
            "published": article.published.isoformat() if article.published else None,
        }


def _variants(source: Path, articles: int) -> Iterator[dict[str, object]]:
    # At least a quarter of what is generated is no bare original.
    for piece in generate(Settings(4 * articles, seed=SEED), [source]):
        if piece.kind != "original":
            yield piece.as_row()


def main() -> None:
    """Write the articles: all of them, or no file."""
    source, articles, output = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    part = output.with_suffix(".part")
    with part.open("wb") as lines:
        for row in rows(Path(source) if source != "-" else None, articles):
            lines.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    part.replace(output)


if __name__ == "__main__":
    main()
