"""How good a result is, measured against labels: `files`, `pairs`, `clusters`."""

from dedup.evaluate.clusters import ClusterScores, score_clusters, without_touched
from dedup.evaluate.files import (
    GoldPairs,
    Pair,
    make_pair,
    read_clusters,
    read_gold,
    read_pairs,
)
from dedup.evaluate.pairs import (
    IGNORED_LABELS,
    POSITIVE_LABELS,
    LabelCount,
    PairScores,
    cluster_pairs,
    score_pairs,
)

__all__ = [
    "IGNORED_LABELS",
    "POSITIVE_LABELS",
    "ClusterScores",
    "GoldPairs",
    "LabelCount",
    "Pair",
    "PairScores",
    "cluster_pairs",
    "make_pair",
    "read_clusters",
    "read_gold",
    "read_pairs",
    "score_clusters",
    "score_pairs",
    "without_touched",
]
