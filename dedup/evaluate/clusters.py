"""Clusters against clusters: pairwise scores, B-cubed, adjusted Rand index."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dedup.errors import ArgumentError
from dedup.evaluate.files import GoldPairs

__all__ = ["ClusterScores", "score_clusters", "without_touched"]


@dataclass(frozen=True, slots=True)
class ClusterScores:
    """How far two ways to cluster the same articles agree.

    Attributes
    ----------
    articles : int
        The articles of the gold; all scores are over these.
    predicted_clusters, gold_clusters : int
        Clusters among them, those of one article included.
    unlisted : int
        Articles in predicted clusters that the gold does not list; left out.
    precision, recall, f1 : float
        Over all pairs that share a cluster; 1 where no pair does.
    bcubed_precision, bcubed_recall, bcubed_f1 : float
        Averages over articles: the share of an article's predicted cluster
        that belongs there, and the share of its gold cluster that is there.
    adjusted_rand : float | None
        Agreement of pairs beyond chance; 1 is perfect, 0 is chance. It is scikit-learn's:
        None where that is not installed.

    References
    ----------
    Bagga and Baldwin (1998), "Algorithms for scoring coreference chains";
    Hubert and Arabie (1985), "Comparing partitions".
    """

    articles: int
    predicted_clusters: int
    gold_clusters: int
    unlisted: int
    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    adjusted_rand: float | None


def score_clusters(predicted: Mapping[str, str], gold: Mapping[str, str]) -> ClusterScores:
    """Compare predicted clusters with labelled ones; linear in the articles.

    Parameters
    ----------
    predicted : Mapping[str, str]
        The cluster of each id; an id without one is a cluster by itself.
    gold : Mapping[str, str]
        The same from the labels; says which articles count.

    Raises
    ------
    ArgumentError
        If `gold` is empty.

    Examples
    --------
    >>> scores = score_clusters({"a": "1", "b": "1"}, {"a": "x", "b": "x", "c": "x"})
    >>> scores.precision, round(scores.recall, 2), round(scores.bcubed_recall, 2)
    (1.0, 0.33, 0.56)
    """
    if not gold:
        raise ArgumentError("no labelled articles to compare with")
    # Pairs of (is it a real cluster, its name): an id alone cannot meet a cluster's name.
    ours = [(True, predicted[i]) if i in predicted else (False, i) for i in gold]
    theirs = list(gold.values())
    both = Counter(zip(ours, theirs, strict=True))
    our_sizes, their_sizes = Counter(ours), Counter(theirs)
    shared = _pairs(both.values())
    precision = _ratio(shared, _pairs(our_sizes.values()))
    recall = _ratio(shared, _pairs(their_sizes.values()))
    # Each of the n articles in a cell sees n of its cluster's articles rightly there.
    bcubed_precision = sum(n * n / our_sizes[o] for (o, _), n in both.items()) / len(gold)
    bcubed_recall = sum(n * n / their_sizes[t] for (_, t), n in both.items()) / len(gold)
    return ClusterScores(
        articles=len(gold),
        predicted_clusters=len(our_sizes),
        gold_clusters=len(their_sizes),
        unlisted=sum(identity not in gold for identity in predicted),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        bcubed_precision=bcubed_precision,
        bcubed_recall=bcubed_recall,
        bcubed_f1=_harmonic(bcubed_precision, bcubed_recall),
        adjusted_rand=_adjusted_rand(ours, theirs),
    )


def without_touched(
    gold: Mapping[str, str], pairs: GoldPairs, labels: Collection[str]
) -> dict[str, str]:
    """Return `gold` without the clusters that a pair with one of `labels` touches.

    Where a reader could not say whether two articles are duplicates, clusters
    cannot be right or wrong about them.
    """
    touched = {gold.get(i) for pair, label in pairs.items() if label in labels for i in pair}
    return {identity: cluster for identity, cluster in gold.items() if cluster not in touched}


def _adjusted_rand(ours: list[tuple[bool, str]], theirs: list[str]) -> float | None:
    try:
        from sklearn.metrics import adjusted_rand_score
    except ImportError:
        return None
    numbers: dict[tuple[bool, str], int] = {}
    labels = [numbers.setdefault(cluster, len(numbers)) for cluster in ours]
    return float(adjusted_rand_score(theirs, labels))


def _pairs(sizes: Collection[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
