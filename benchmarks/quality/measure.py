"""One measured figure, and a run over a corpus that figures are taken from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from random import Random

from benchmarks.floors import Figure
from dedup.article import Article
from dedup.batch import Deduplication, deduplicate
from dedup.errors import OptionalDependencyError
from dedup.evaluate import (
    GoldPairs,
    Pair,
    PairScores,
    cluster_pairs,
    make_pair,
    score_clusters,
    score_pairs,
)
from dedup.match import Match, Relation

__all__ = ["Run", "pair_figures", "sampled"]


class Run:
    """The result of one batch job, as figures need it."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.result: Deduplication = deduplicate(articles)

    @cached_property
    def matches(self) -> Mapping[Pair, Match]:
        """All matches, by pair."""
        return {make_pair(match.a, match.b): match for match in self.result.matches}

    @cached_property
    def matched(self) -> set[Pair]:
        """Pairs that the policy counts as duplicates."""
        return {pair for pair, match in self.matches.items() if match.is_duplicate}

    @cached_property
    def matched_dates_aside(self) -> set[Pair]:
        """Pairs that are duplicates by their texts alone.

        By the policy a site's text again after ``rerun_days`` is none, whatever the
        texts; where labels were made with such a rule too, only this figure says
        what the comparison of the texts can tell.
        """
        undated = self.result.at(replace(self.result.policy, rerun_days=None))
        return {make_pair(match.a, match.b) for match in undated.duplicates}

    @cached_property
    def clusters(self) -> Mapping[str, str]:
        """The cluster of each article that has one."""
        return {one: cluster.id for cluster in self.result.clusters for one in cluster.members}

    @cached_property
    def clustered(self) -> set[Pair]:
        """Pairs that share a cluster."""
        return cluster_pairs(self.clusters)

    def relation(self, a: str, b: str) -> Relation:
        """Return what a is to b."""
        match = self.matches.get(make_pair(a, b))
        if match is None:
            return Relation.DISTINCT
        return match.relation if match.a == a else match.relation.reverse

    def adjusted_rand(self, gold: Mapping[str, str]) -> float:
        """Return the agreement with gold clusters."""
        agreed = score_clusters(self.clusters, gold).adjusted_rand
        if agreed is None:
            raise OptionalDependencyError("scikit-learn", "sklearn", "the adjusted Rand index")
        return agreed


def pair_figures(
    corpus: str,
    name: str,
    scores: PairScores,
    language: str | None = None,
) -> list[Figure]:
    """Return precision and recall."""
    return [
        Figure(corpus, f"{name}: precision", scores.precision, language),
        Figure(corpus, f"{name}: recall", scores.recall, language),
    ]


def by_language(
    corpus: str,
    name: str,
    matched: Collection[Pair],
    gold: GoldPairs,
    language: Mapping[str, str],
    *,
    unlisted_negative: bool,
) -> list[Figure]:
    """Return precision and recall for the pairs of each language."""
    figures = []
    for one in sorted(set(language.values())):
        scores = score_pairs(
            {pair for pair in matched if language.get(pair[0]) == one},
            {pair: label for pair, label in gold.items() if language.get(pair[0]) == one},
            unlisted_negative=unlisted_negative,
        )
        if scores.precision is not None or scores.recall is not None:
            figures += pair_figures(corpus, name, scores, one)
    return figures


def label_share(scores: PairScores, *labels: str) -> float | None:
    """Return the matched share of the pairs with one of some labels."""
    counts = [count for count in scores.labels if count.label in labels]
    pairs = sum(count.pairs for count in counts)
    return sum(count.matched for count in counts) / pairs if pairs else None


def sampled(
    articles: Sequence[Article], together: Collection[Pair], share: float, seed: int
) -> list[Article]:
    """Return a share of the articles and, apart from them, a share of the pairs whole.

    So copies are left in a sample whose sites have few articles each.
    """
    random = Random(f"{seed}/{share}")
    chosen = {one for pair in sorted(together) if random.random() < share for one in pair}
    chosen |= {article.id for article in articles if random.random() < share}
    return [article for article in articles if article.id in chosen]


def sampled_errors(
    articles: Sequence[Article],
    gold: GoldPairs,
    together: Collection[Pair],
    share: float,
    seeds: int,
) -> PairScores:
    """Return the scores over several samples together; unlisted pairs are errors."""
    right = 0
    wrong: list[Pair] = []
    missed: list[Pair] = []
    for seed in range(seeds):
        part = sampled(articles, together, share, seed)
        ids = {article.id for article in part}
        labels = {pair: label for pair, label in gold.items() if ids.issuperset(pair)}
        scores = score_pairs(Run(part).matched, labels, unlisted_negative=True)
        right += scores.true_positives
        wrong += scores.false_positives
        missed += scores.false_negatives
    return PairScores(right, tuple(wrong), tuple(missed), 0, ())
