"""Precision, recall and F1 over pairs of articles."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

from dedup.evaluate.files import GoldPairs, Pair, make_pair

__all__ = [
    "IGNORED_LABELS",
    "POSITIVE_LABELS",
    "LabelCount",
    "PairScores",
    "cluster_pairs",
    "score_pairs",
]

#: Labels of duplicates, unless the caller names others: the relations that a
#: policy counts by default, and what readers and rule-makers call them.
POSITIVE_LABELS = (
    "identical",
    "copy",
    "excerpt",
    "expansion",
    "revision",
    "abridged",
    "dup",
    "dup_short",
    "dup_transitive",
    "same_headline_pos",
)
#: Labels of pairs that are neither, unless the caller names others.
IGNORED_LABELS = ("partial", "unusable")
#: The label of matched pairs that the gold does not list, when those count.
UNLISTED = "(unlisted)"


@dataclass(frozen=True, slots=True)
class LabelCount:
    """The pairs of one label: how many, and how many of them were matched.

    Attributes
    ----------
    label : str
        The label.
    counts_as : str
        ``"duplicate"``, ``"distinct"`` or ``"ignored"``.
    pairs, matched : int
        Pairs with this label; those of them that were predicted.
    """

    label: str
    counts_as: str
    pairs: int
    matched: int


@dataclass(frozen=True, slots=True)
class PairScores:
    """Pairs right and wrong.

    Attributes
    ----------
    false_positives, false_negatives : tuple[Pair, ...]
        The errors themselves, sorted.
    true_positives : int
        Duplicates that were matched.
    unlisted : int
        Matched pairs that the gold does not list; errors only when the caller
        said so, and then among `false_positives` too.
    labels : tuple[LabelCount, ...]
        The counts by label: duplicates, then distinct, then ignored.
    """

    true_positives: int
    false_positives: tuple[Pair, ...]
    false_negatives: tuple[Pair, ...]
    unlisted: int
    labels: tuple[LabelCount, ...]

    @property
    def precision(self) -> float | None:
        """Right ones among the matched pairs; None when nothing was matched."""
        return _share(self.true_positives, len(self.false_positives))

    @property
    def recall(self) -> float | None:
        """Matched ones among the duplicates; None when there are none."""
        return _share(self.true_positives, len(self.false_negatives))

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None when there is nothing to find."""
        errors = len(self.false_positives) + len(self.false_negatives)
        return _share(2 * self.true_positives, errors)


def score_pairs(
    matched: AbstractSet[Pair],
    gold: GoldPairs,
    *,
    positive: Collection[str] = POSITIVE_LABELS,
    ignore: Collection[str] = IGNORED_LABELS,
    unlisted_negative: bool = False,
) -> PairScores:
    """Compare matched pairs with labelled ones.

    Parameters
    ----------
    matched : Set[Pair]
        The pairs that a run matched.
    gold : GoldPairs
        What each labelled pair was labelled.
    positive, ignore : Collection[str]
        Labels that mean duplicate; labels to leave out. Any other means
        distinct. A label in both is left out.
    unlisted_negative : bool
        Count a matched pair without a label as an error. Right only where the
        gold lists every duplicate; labels made by reading list but a sample.

    Examples
    --------
    >>> gold = {("a", "b"): "copy", ("a", "c"): "template", ("b", "c"): "copy"}
    >>> scores = score_pairs({("a", "b"), ("a", "c")}, gold)
    >>> scores.precision, scores.recall, scores.false_negatives
    (0.5, 0.5, (('b', 'c'),))
    """
    by_label: dict[str, list[Pair]] = {}
    for pair, label in gold.items():
        by_label.setdefault(label, []).append(pair)
    wrong: list[Pair] = []
    missed: list[Pair] = []
    right = 0
    labels: list[LabelCount] = []
    for label, pairs in by_label.items():
        hits = [pair for pair in pairs if pair in matched]
        counts_as = _meaning(label, positive, ignore)
        labels.append(LabelCount(label, counts_as, len(pairs), len(hits)))
        if counts_as == "duplicate":
            right += len(hits)
            missed += [pair for pair in pairs if pair not in matched]
        elif counts_as == "distinct":
            wrong += hits
    unlisted = [pair for pair in matched if pair not in gold]
    if unlisted_negative:
        wrong += unlisted
        labels.append(LabelCount(UNLISTED, "distinct", len(unlisted), len(unlisted)))
    order = ("duplicate", "distinct", "ignored")
    labels.sort(key=lambda count: (order.index(count.counts_as), count.label))
    return PairScores(
        right, tuple(sorted(wrong)), tuple(sorted(missed)), len(unlisted), tuple(labels)
    )


def cluster_pairs(clusters: Mapping[str, str], gold: GoldPairs | None = None) -> set[Pair]:
    """Return the pairs of ids that share a cluster.

    Parameters
    ----------
    clusters : Mapping[str, str]
        The cluster of each id.
    gold : GoldPairs | None
        When given, only its pairs are looked at; otherwise all are listed,
        quadratic in the size of the largest cluster.
    """
    if gold is not None:
        return {
            (a, b)
            for a, b in gold
            if (cluster := clusters.get(a)) is not None and cluster == clusters.get(b)
        }
    members: dict[str, list[str]] = {}
    for identity, cluster in clusters.items():
        members.setdefault(cluster, []).append(identity)
    return {make_pair(a, b) for ids in members.values() for a, b in combinations(ids, 2)}


def _meaning(label: str, positive: Collection[str], ignore: Collection[str]) -> str:
    if label in ignore:
        return "ignored"
    return "duplicate" if label in positive else "distinct"


def _share(part: int, rest: int) -> float | None:
    return part / (part + rest) if part + rest else None
