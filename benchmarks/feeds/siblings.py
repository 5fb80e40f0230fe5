"""Main text of pages with siblings: what a site repeats, learned and taken out.

The articles of wirepool are pages as a scraper extracted them. In 22 pairs of them
the chrome was marked by reading; what is no chrome is the main text by hand.
"""

import json
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.feeds.scoring import words_f1
from benchmarks.floors import Figure
from dedup.batch import deduplicate
from dedup.formats import read_articles
from dedup.reports.main_text import main_text

__all__ = ["siblings"]


def siblings(data: Path) -> tuple[list[str], list[Figure]]:
    """Return words F1 of the texts as they were extracted, and without what their sites repeat."""
    articles = list(read_articles(data / "wirepool" / "articles.jsonl.gz"))
    by_text = {article.text: article for article in articles}
    learned = deduplicate(articles).boilerplate
    scores: list[tuple[str, float, float]] = []
    for text, wanted in _read_by_hand(data / "edits" / "aligned_read.jsonl"):
        if (article := by_text.get(text)) is not None:
            after = words_f1(main_text(article, learned), wanted)
            scores.append((article.site or "", words_f1(text, wanted), after))
    lines = ["pages with siblings: words F1 as extracted, and without what their site repeats"]
    for site in sorted({site for site, _, _ in scores}):
        here = [score for score in scores if score[0] == site]
        of = f"{len(here)} pages of {learned.of(site).articles:,}"
        lines.append(f"  {site:24} {of:20} {_mean(here, 1):.4f}   {_mean(here, 2):.4f}")
    before, after = _mean(scores, 1), _mean(scores, 2)
    lines.append(f"  {'all':24} {f'{len(scores)} pages':20} {before:.4f}   {after:.4f}")
    return lines, [
        Figure("pages with siblings", "words F1", after),
        Figure("pages with siblings", "words F1 won by what is learned", after - before),
    ]


def _mean(scores: list[tuple[str, float, float]], column: int) -> float:
    return statistics.mean(float(score[column]) for score in scores)


def _read_by_hand(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each text, and its units that are no chrome."""
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        for side in "ab":
            chrome = {int(name[1:]) for name in record[f"chrome_{side}"]}
            units = enumerate(record[f"units_{side}"])
            text = record[side]
            yield (
                text,
                " ".join(text[slice(*span)] for number, span in units if number not in chrome),
            )
