"""What two bodies share, counted: the plain reference of ``kernels.evidence``."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.match.body import Body

__all__ = ["MIN_RUN_WEIGHT", "Evidence", "measure", "shared_tokens"]

#: Fewer half-words in a row than this are not a shared passage: five words, or
#: ten characters of a script without spaces.
MIN_RUN_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two bodies a and b share. All counts are exact.

    The shares work by element: with a column of many pairs in each field, each is
    a column too.

    Attributes
    ----------
    is_equal : bool
        The bodies have the same normal form.
    weight_a, weight_b : int
        Half-words that count (a word 2, an unspaced character 1).
    shared_a, shared_b : int
        Half-words in shared passages.
    passages_a, passages_b : int
        Shared passages in each body.
    longest : int
        Half-words in the longest shared passage, in the body where it is shorter.
    shingles_a, shingles_b, shared_shingles : int
        Distinct shingles.
    numbers_a, numbers_b, shared_numbers : int
        Distinct tokens with a digit.
    """

    is_equal: bool
    weight_a: int
    weight_b: int
    shared_a: int
    shared_b: int
    passages_a: int
    passages_b: int
    longest: int
    shingles_a: int
    shingles_b: int
    shared_shingles: int
    numbers_a: int
    numbers_b: int
    shared_numbers: int

    def reversed(self) -> "Evidence":
        """Return the evidence of the pair b, a."""
        return Evidence(
            self.is_equal,
            self.weight_b,
            self.weight_a,
            self.shared_b,
            self.shared_a,
            self.passages_b,
            self.passages_a,
            self.longest,
            self.shingles_b,
            self.shingles_a,
            self.shared_shingles,
            self.numbers_b,
            self.numbers_a,
            self.shared_numbers,
        )

    @property
    def resemblance(self) -> float:
        """Jaccard of the shingle sets, 0 to 1."""
        either = self.shingles_a + self.shingles_b - self.shared_shingles
        return _share(self.shared_shingles, either)

    @property
    def containment_ab(self) -> float:
        """Share of a's shingles that b has."""
        return _share(self.shared_shingles, self.shingles_a)

    @property
    def containment_ba(self) -> float:
        """Share of b's shingles that a has."""
        return _share(self.shared_shingles, self.shingles_b)

    @property
    def coverage_ab(self) -> float:
        """Share of a's words that stand in passages shared with b."""
        return _share(self.shared_a, self.weight_a)

    @property
    def coverage_ba(self) -> float:
        """Share of b's words that stand in passages shared with a."""
        return _share(self.shared_b, self.weight_b)

    @property
    def gap_a(self) -> float:
        """Half-words a stretch of a that is not shared, on the average."""
        return (self.weight_a - self.shared_a) / (self.passages_a + 1)

    @property
    def gap_b(self) -> float:
        """Half-words a stretch of b that is not shared, on the average."""
        return (self.weight_b - self.shared_b) / (self.passages_b + 1)

    @property
    def number_agreement(self) -> float:
        """Share of the numbers of the body with fewer that the other has; 1 without any."""
        fewer = (self.numbers_a + self.numbers_b - abs(self.numbers_a - self.numbers_b)) // 2
        is_none = fewer == 0
        return (self.shared_numbers + is_none) / (fewer + is_none)


def _share(part: int, whole: int) -> float:
    return part / (whole + (whole == 0))  # a part of nothing is nothing


def shared_tokens(body: Body, other: Body) -> NDArray[np.bool_]:
    """Say of each token of a body whether it stands in a passage that the other has."""
    is_in_other = (body.shingles != 0) & np.isin(body.shingles, other.shingles)
    shared = np.zeros(len(body.tokens), bool)
    for start, end, _ in _passages(body, body.weights, is_in_other):
        shared[start:end] = True
    return shared


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the (start, end) of each run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _passages(
    body: Body, weights: NDArray[np.int64], is_in_other: NDArray[np.bool_]
) -> list[tuple[int, int, int]]:
    """Return (start, end, half-words) of the passages that chosen shingles make."""
    sums = [0, *np.cumsum(weights).tolist()]
    found = [
        (start, end, sums[end] - sums[start]) for start, end in runs(body.covered(is_in_other))
    ]
    return [passage for passage in found if passage[2] >= MIN_RUN_WEIGHT]


def measure(a: Body, b: Body) -> Evidence:
    """Count what two bodies share."""
    # one sorting of all shingles says which is in which
    hashes, places = np.unique(np.concatenate((a.shingles, b.shingles)), return_inverse=True)
    places_a, places_b = places[: len(a.shingles)], places[len(a.shingles) :]
    is_in_a, is_in_b = np.zeros((2, len(hashes)), bool)
    is_in_a[places_a] = is_in_b[places_b] = True
    is_in_a &= hashes != 0
    is_in_b &= hashes != 0
    is_in_both = is_in_a & is_in_b
    weights_a, weights_b = a.weights, b.weights
    in_a = [weight for _, _, weight in _passages(a, weights_a, is_in_both[places_a])]
    in_b = [weight for _, _, weight in _passages(b, weights_b, is_in_both[places_b])]
    numbers_a, numbers_b = a.numbers, b.numbers
    return Evidence(
        is_equal=len(a.tokens) > 0 and np.array_equal(a.tokens, b.tokens),
        weight_a=int(weights_a[a.counted].sum()),
        weight_b=int(weights_b[b.counted].sum()),
        shared_a=sum(in_a),
        shared_b=sum(in_b),
        passages_a=len(in_a),
        passages_b=len(in_b),
        longest=min(max(in_a, default=0), max(in_b, default=0)),
        shingles_a=int(is_in_a.sum()),
        shingles_b=int(is_in_b.sum()),
        shared_shingles=int(is_in_both.sum()),
        numbers_a=len(numbers_a),
        numbers_b=len(numbers_b),
        shared_numbers=len(np.intersect1d(numbers_a, numbers_b)),
    )
