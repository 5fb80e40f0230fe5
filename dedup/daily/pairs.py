"""Pairs with an archive, beside those of new articles among themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.match import Matches, Policy

__all__ = ["Pairs", "join_pairs"]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of articles, measured from the first to the second.

    Attributes
    ----------
    a, b : int64 of shape (m,)
        Of n new articles number i is i, number k of the archive is n + k.
    counts : int32 of shape (m, 14)
        Fields of :class:`~dedup.match.Evidence`.
    days_apart : float64 of shape (m,)
        As in :class:`~dedup.match.Match`; not a number for None.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    counts: NDArray[np.int32]
    days_apart: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: "Sequence[Pairs]") -> "Pairs":
        """Return some pairs one behind another."""
        columns = ("a", "b", "counts", "days_apart")
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in columns))

    def judged_by(self, policy: Policy) -> Matches:
        """Return them as matches without ids."""
        ends = self.a.astype(np.int32), self.b.astype(np.int32)
        rows, is_turned = np.arange(len(self.a), dtype=np.int32), np.zeros(len(self.a), np.bool_)
        return Matches((), *ends, self.counts, rows, is_turned, self.days_apart, policy)


def join_pairs(
    among_new: Matches, found: Pairs, ids: Sequence[str], archived: Mapping[int, str]
) -> tuple[Matches, Matches]:
    """Return the pairs with a new article, and the duplicates within the archive.

    Parameters
    ----------
    among_new : Matches
        Of n new articles.
    found : Pairs
        With the archive; some may be there in both directions.
    ids : sequence of n
        Those of the new articles, in input order.
    archived : Mapping[int, str]
        Names of the archive's articles, by number.
    """
    n, numbers = len(ids), np.array(sorted(archived), np.int64)
    names = [*ids, *(archived[number] for number in numbers.tolist())]
    order = np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)
    ranks = np.empty(len(names), np.int64)
    ranks[order] = np.arange(len(names))
    of_new = np.sort(ranks[:n])  # the rank of the first new id, the second, ...

    def ranked(nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        places = np.where(nodes < n, nodes, n + np.searchsorted(numbers, nodes - n))
        return ranks[places]

    a = np.concatenate((of_new[among_new.a], ranked(found.a)))
    b = np.concatenate((of_new[among_new.b], ranked(found.b)))
    counts = np.concatenate((among_new.counts, found.counts))
    days = np.concatenate((among_new.days_apart, found.days_apart))
    later = np.arange(len(among_new.counts), len(counts), dtype=np.int32)
    rows = np.concatenate((among_new.rows, later))
    is_turned = np.concatenate((among_new.is_turned, np.zeros(len(later), np.bool_))) ^ (a > b)
    first, second = np.minimum(a, b), np.maximum(a, b)
    by_rank = np.lexsort((is_turned, second, first))
    _, once = np.unique(first[by_rank] << 32 | second[by_rank], return_index=True)
    chosen = by_rank[once]
    joined = Matches(
        [names[place] for place in order.tolist()],
        first[chosen].astype(np.int32),
        second[chosen].astype(np.int32),
        counts,
        rows[chosen],
        is_turned[chosen],
        days[chosen],
        among_new.policy,
    )
    is_archived = order >= n
    is_within = is_archived[joined.a] & is_archived[joined.b]
    return joined.select(~is_within), joined.select(is_within & joined.is_duplicate)
