"""Corpora that are not part of the project: wirepool and Reuters."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.floors import Figure
from benchmarks.quality.families import family_figures
from benchmarks.quality.languages import guess_language
from benchmarks.quality.measure import (
    Run,
    by_language,
    label_share,
    pair_figures,
    sampled_errors,
)
from benchmarks.quality.own import digest_of
from dedup.evaluate import GoldPairs, read_gold, score_pairs, without_touched
from dedup.formats import read_articles

__all__ = ["CORPORA", "data_figures"]

#: Shares of wirepool in which most sites have few articles, and samples of each.
SAMPLE_SHARES, SAMPLES = (0.2, 0.08, 0.03), 4


def data_figures(name: str, folder: Path) -> tuple[str, list[Figure]]:
    """Return the digest and the figures of one corpus."""
    files = sorted(path for path in folder.iterdir() if path.suffix == ".csv")
    return digest_of(folder / "articles.jsonl.gz", *files), list(CORPORA[name](folder))


def _pairs(file: Path) -> GoldPairs:
    with file.open(encoding="utf-8", newline="") as lines:
        pairs, _ = read_gold(lines, str(file))
    return pairs or {}


def _wirepool(folder: Path) -> Iterator[Figure]:
    name = "wirepool"
    articles = list(read_articles([folder / "articles.jsonl.gz"]))
    language = {article.id: guess_language(article.text) for article in articles}
    run = Run(articles)
    read = score_pairs(run.matched, _pairs(folder / "pairs_read.csv"))
    yield Figure(name, "pairs_read: errors", len(read.false_positives) + len(read.false_negatives))
    wrong = [c.matched for c in read.labels if c.label in ("template", "unrelated")]
    yield Figure(name, "pairs_read: template or unrelated matched", sum(wrong))
    gold = _pairs(folder / "pairs.csv")
    yield from pair_figures(name, "pairs", score_pairs(run.matched, gold, unlisted_negative=True))
    undated = score_pairs(run.matched_dates_aside, gold, unlisted_negative=True)
    yield from pair_figures(name, "pairs, dates aside", undated)
    yield from by_language(name, "pairs", run.matched, gold, language, unlisted_negative=True)
    independent = score_pairs(run.matched, _pairs(folder / "pairs_independent.csv"))
    yield Figure(name, "pairs_independent: recall", independent.recall)
    yield Figure(name, "pairs_independent: negatives matched", len(independent.false_positives))
    with (folder / "clusters.csv").open(encoding="utf-8", newline="") as lines:
        _, clusters = read_gold(lines, "clusters.csv")
    sure = without_touched(clusters or {}, gold, ("partial",))
    yield Figure(name, "clusters: adjusted Rand", run.adjusted_rand(sure))
    yield from family_figures(name, articles, run)
    for share in SAMPLE_SHARES:
        scores = sampled_errors(articles, gold, gold.keys(), share, SAMPLES)
        yield from pair_figures(f"wirepool, {share:.0%} of it", "pairs", scores)
    nameless = Run([replace(article, url=None, source=None) for article in articles])
    scores = score_pairs(nameless.matched, gold, unlisted_negative=True)
    yield from pair_figures("wirepool, no source", "pairs", scores)


def _reuters(folder: Path) -> Iterator[Figure]:
    name = "reuters"
    articles = list(read_articles([folder / "articles.jsonl.gz"]))
    run = Run(articles)
    scores = score_pairs(run.matched, _pairs(folder / "pairs.csv"))
    yield Figure(name, "dup: recall", label_share(scores, "dup"))
    yield Figure(name, "template matched", label_share(scores, "template", "template_or_recurring"))
    yield Figure(name, "nondup matched", label_share(scores, "nondup"))
    undated = score_pairs(run.matched_dates_aside, _pairs(folder / "pairs.csv"))
    yield Figure(name, "dup: recall, dates aside", label_share(undated, "dup"))
    share = label_share(undated, "template", "template_or_recurring")
    yield Figure(name, "template matched, dates aside", share)
    yield Figure(name, "nondup matched, dates aside", label_share(undated, "nondup"))
    yield from family_figures(name, articles, run)


CORPORA = {"wirepool": _wirepool, "reuters": _reuters}
