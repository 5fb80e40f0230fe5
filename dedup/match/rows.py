"""Many pairs as rows of a file, without a :class:`~dedup.match.match.Match` for each."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.match.columns import ids_at
from dedup.match.evidence import Evidence
from dedup.match.match import LINK_KEYS, ROW_KEYS
from dedup.match.matches import Matches
from dedup.match.relation import RELATIONS, Relation
from dedup.match.stretches import Pairs, Verdicts

__all__ = ["link_rows", "pair_rows"]

#: So many are made at once.
_BLOCK = 4096
#: Shares are rounded by NumPy unless they may lie in the middle between two numbers.
_SCALE, _UNSURE = 1e4, 1e-6
_NAMES = [str(relation) for relation in RELATIONS]
_ColumnsOf = Callable[[Any, Verdicts, Pairs], tuple[list[Any], ...]]


def pair_rows(matches: Matches) -> Iterator[dict[str, object]]:
    """Yield :meth:`Match.as_row <dedup.match.match.Match.as_row>` of each pair."""
    return _rows(matches, ROW_KEYS, _pair_columns)


def link_rows(matches: Matches) -> Iterator[dict[str, object]]:
    """Yield :meth:`Match.as_link <dedup.match.match.Match.as_link>` and the coverage of each."""
    return _rows(matches, (*LINK_KEYS, "coverage"), _link_columns)


def _rows(
    matches: Matches, keys: Sequence[str], columns_of: _ColumnsOf
) -> Iterator[dict[str, object]]:
    for start in range(0, len(matches), _BLOCK):
        pairs, verdicts, counts = matches.looked_at(start, start + _BLOCK)
        columns = columns_of(Evidence(*counts.T), verdicts, pairs)
        for values in zip(
            ids_at(matches.ids, pairs.a), ids_at(matches.ids, pairs.b), *columns, strict=True
        ):
            yield dict(zip(keys, values, strict=True))


# Each field of the evidence is a column; so are its shares.


def _likeness(evidence: Any, verdicts: Verdicts) -> tuple[list[Any], ...]:  # noqa: ANN401
    return (
        [_NAMES[relation] for relation in verdicts.relations.tolist()],
        *map(_rounded, (evidence.resemblance, evidence.containment_ab, evidence.containment_ba)),
    )


def _link_columns(evidence: Any, verdicts: Verdicts, _: Pairs) -> tuple[list[Any], ...]:  # noqa: ANN401
    stronger = np.maximum(evidence.coverage_ab, evidence.coverage_ba)
    is_identical = verdicts.relations == RELATIONS.index(Relation.IDENTICAL)
    return *_likeness(evidence, verdicts), _rounded(np.where(is_identical, 1.0, stronger))


def _pair_columns(evidence: Any, verdicts: Verdicts, pairs: Pairs) -> tuple[list[Any], ...]:  # noqa: ANN401
    return (
        *_likeness(evidence, verdicts),
        (evidence.shared_a / 2).tolist(),
        _rounded(evidence.coverage_ab),
        _rounded(evidence.coverage_ba),
        (evidence.longest / 2).tolist(),
        (evidence.weight_a / 2).tolist(),
        (evidence.weight_b / 2).tolist(),
        evidence.shared_numbers.tolist(),
        evidence.numbers_a.tolist(),
        evidence.numbers_b.tolist(),
        [None if days != days else days for days in pairs.days_apart.tolist()],
        verdicts.is_rerun.tolist(),
        verdicts.is_duplicate.tolist(),
    )


def _rounded(shares: NDArray[np.float64]) -> list[float]:
    """Return shares, 0 to 1, as `round` rounds each to four digits."""
    scaled = shares * _SCALE
    rounded: list[float] = (np.rint(scaled) / _SCALE).tolist()
    for place in np.flatnonzero(np.abs(scaled % 1 - 0.5) < _UNSURE).tolist():
        rounded[place] = round(float(shares[place]), 4)
    return rounded
