"""What the two bodies of each pair share, as :func:`dedup.match.evidence.measure`.

Each body is read once. Then one's shingles go into a hash table, and every
partner's are looked up there.
"""

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I32, I64, U64, Bools, I64Rows
from dedup.kernels.body_keys import (
    COUNTED,
    DISTINCT,
    END_OF_KEYS,
    HAS_SPOTS,
    HAS_WEIGHTS,
    OWN,
    is_same,
    number_plainly,
    read_bodies,
)
from dedup.kernels.columns import (
    COLUMNS,
    IS_EQUAL,
    LONGEST,
    NUMBERS_A,
    NUMBERS_B,
    PASSAGES_A,
    PASSAGES_B,
    SHARED_A,
    SHARED_B,
    SHARED_NUMBERS,
    SHARED_SHINGLES,
    SHINGLES_A,
    SHINGLES_B,
    WEIGHT_A,
    WEIGHT_B,
)
from dedup.kernels.compiled import compiled
from dedup.kernels.numbered import count_shared, fill, slots_for
from dedup.kernels.shared import count_marked, look_up, passages

__all__ = ["BodyBatch", "PairMeasurer"]

#: Room for more tokens is not kept.
_KEPT_TOKENS = 1 << 20
_ZERO = np.uint64(0)


class BodyBatch(NamedTuple):
    """Bodies of n articles.

    ``tokens`` uint64, ``offsets`` int64 of shape (n + 1,), ``is_formula`` bool of the
    tokens' shape: the shingle that starts there is boilerplate of the site.
    """

    tokens: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    is_formula: NDArray[np.bool_]


class _Room(NamedTuple):
    """What bodies of so many tokens are read to."""

    keys: U64
    spots: I32
    before: I32
    numbers: U64

    @classmethod
    def of(cls, size: int) -> "_Room":
        return cls(
            keys=np.empty(size, np.uint64),
            spots=np.empty(size, np.int32),
            before=np.empty(size, np.int32),
            numbers=np.empty(size, np.uint64),
        )


class PairMeasurer(threading.local):
    """Counts what the bodies of pairs share; may be called in several threads.

    Each thread reads bodies to where it read them before: memory that a process was just
    given takes as long to be cleared as the bodies to be read.
    """

    def __init__(self) -> None:
        self._room = _Room.of(0)

    def __call__(
        self,
        bodies: BodyBatch,
        pairs: NDArray[np.int64],
        multipliers: NDArray[np.uint64],
        min_run_weight: int,
    ) -> NDArray[np.int64]:
        """Count what the bodies of each pair share.

        Parameters
        ----------
        pairs : int64 of shape (m, 2)
            Fastest when sorted by the first column.
        multipliers : uint64 of shape (size,)
            Of the shingles.

        Returns
        -------
        int64 of shape (m, COLUMNS)
        """
        evidence = np.zeros((len(pairs), COLUMNS), np.int64)
        longest = int(np.max(np.diff(bodies.offsets), initial=1))
        room = self._room_for(len(bodies.tokens) + len(bodies.offsets))
        _measure_pairs(
            *bodies, pairs, multipliers, min_run_weight, longest,
            room.keys, room.spots, room.before, room.numbers, evidence,
        )  # fmt: skip
        return evidence

    def _room_for(self, size: int) -> _Room:
        if size > _KEPT_TOKENS:
            return _Room.of(size)
        if size > len(self._room.keys):
            self._room = _Room.of(size)
        return self._room


@compiled
def _measure_pairs(
    tokens: U64, offsets: I64, is_formula: Bools, pairs: I64Rows, multipliers: U64,
    min_run_weight: int, longest: int, keys: U64, spots: I32, before: I32,
    numbers: U64, evidence: I64Rows,
) -> None:  # fmt: skip
    n_bodies, most = len(offsets) - 1, slots_for(longest)
    own, number_offsets = np.empty((n_bodies, OWN), np.int64), np.zeros(n_bodies + 1, np.int64)
    table, number_table = np.empty(most, np.int32), np.empty(most, np.int32)
    repeats, number_repeats = np.empty((longest, 2), np.int32), np.empty((0, 2), np.int32)
    eights = np.empty(longest // 8 + 1, np.uint64)
    is_shared, others = eights.view(np.uint8), np.empty(longest, np.uint64)
    plain_spots, plain_before = np.empty(longest, np.int32), np.empty(longest + 1, np.int32)
    number_plainly(plain_spots, plain_before)
    read_bodies(
        tokens, offsets, is_formula, multipliers, table, repeats,
        keys, spots, before, numbers, number_offsets, own,
    )  # fmt: skip
    now, n_repeats = -1, 0
    table_a, number_table_a = table[:8], number_table[:8]
    for row in range(len(pairs)):
        a, b = pairs[row, 0], pairs[row, 1]
        start_a, n_a, end_a = offsets[a], offsets[a + 1] - offsets[a], own[a, END_OF_KEYS]
        start_b, n_b, end_b = offsets[b], offsets[b + 1] - offsets[b], own[b, END_OF_KEYS]
        keys_a, keys_b = keys[start_a:end_a], keys[start_b:end_b]
        numbers_a = numbers[number_offsets[a] : number_offsets[a + 1]]
        numbers_b = numbers[number_offsets[b] : number_offsets[b + 1]]
        if a != now:
            now = a
            table_a = table[: slots_for(len(keys_a))]
            number_table_a = number_table[: slots_for(len(numbers_a))]
            n_repeats = fill(table_a, keys_a, repeats)
            fill(number_table_a, numbers_a, number_repeats)
        spots_a, before_a = plain_spots[: len(keys_a)], plain_before
        spots_b, before_b = plain_spots[: len(keys_b)], plain_before
        if own[a, HAS_SPOTS]:
            spots_a = spots[start_a:end_a]
        if own[b, HAS_SPOTS]:
            spots_b = spots[start_b:end_b]
        if own[a, HAS_WEIGHTS]:
            before_a = before[start_a + a :]
        if own[b, HAS_WEIGHTS]:
            before_b = before[start_b + b :]
        out = evidence[row]
        out[IS_EQUAL] = is_same(tokens[start_a : start_a + n_a], tokens[start_b : start_b + n_b])
        out[WEIGHT_A], out[WEIGHT_B] = own[a, COUNTED], own[b, COUNTED]
        out[SHINGLES_A], out[SHINGLES_B] = own[a, DISTINCT], own[b, DISTINCT]
        out[NUMBERS_A], out[NUMBERS_B] = len(numbers_a), len(numbers_b)
        out[SHARED_NUMBERS] = count_shared(number_table_a, numbers_a, numbers_b)
        eights_a = eights[: len(keys_a) // 8 + 1]
        for block in range(len(eights_a)):
            eights_a[block] = _ZERO
        size_a, size_b = min(len(multipliers), n_a), min(len(multipliers), n_b)
        _, out[SHARED_B], out[PASSAGES_B], longest_in_b = look_up(
            table_a, keys_a, keys_b, spots_b, before_b, size_b, is_shared, others, min_run_weight
        )
        out[SHARED_SHINGLES] = count_marked(is_shared, eights_a, repeats, n_repeats)
        if out[SHARED_SHINGLES] == 0:
            continue
        out[SHARED_A], out[PASSAGES_A], longest_in_a = passages(
            spots_a, before_a, size_a, is_shared, eights, min_run_weight
        )
        out[LONGEST] = min(longest_in_a, longest_in_b)
