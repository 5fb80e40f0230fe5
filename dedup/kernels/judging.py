"""What one body is to another, as :meth:`dedup.match.Policy.judge` says by the evidence."""

from dedup.kernels.columns import (
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
from dedup.kernels.compiled import compiled, inlined

__all__ = [
    "COPY_COVERAGE", "DISTINCT", "IDENTICAL", "LINES", "MIN_WORDS", "PASSAGE_WORDS", "judged",
    "share", "strength",
]  # fmt: skip

#: Fields of a policy, in the order in which a loop takes them.
LINES = (
    "copy_coverage", "part_coverage", "coverage", "containment", "passage_words", "min_words",
    "min_numbers", "number_agreement", "gap_words",
)  # fmt: skip
(
    COPY_COVERAGE, _PART_COVERAGE, _COVERAGE, _CONTAINMENT, PASSAGE_WORDS, MIN_WORDS,
    _MIN_NUMBERS, _NUMBER_AGREEMENT, _GAP_WORDS,
) = range(len(LINES))  # fmt: skip
#: Relations by their places in ``dedup.match.RELATIONS``.
IDENTICAL, _COPY, _EXCERPT, _EXPANSION, _REVISION, _OVERLAP, DISTINCT = range(7)


@inlined
def share(part, whole):
    """Return a part of a whole, 0 to 1; a part of nothing is nothing."""
    return part / max(whole, 1)


@compiled
def _is_form(row, lines):
    """Say whether two bodies are one form filled in with other figures."""
    a, b = row[NUMBERS_A], row[NUMBERS_B]
    if a < lines[_MIN_NUMBERS] or b < lines[_MIN_NUMBERS]:
        return False
    fewer = min(a, b)
    agreement = row[SHARED_NUMBERS] / fewer if fewer > 0 else 1.0
    gap_a = (row[WEIGHT_A] - row[SHARED_A]) / (row[PASSAGES_A] + 1)
    gap_b = (row[WEIGHT_B] - row[SHARED_B]) / (row[PASSAGES_B] + 1)
    gap = 2 * lines[_GAP_WORDS]
    return agreement < lines[_NUMBER_AGREEMENT] and gap_a < gap and gap_b < gap


@compiled
def judged(row, lines):
    """Return the relation of the pair with this row of evidence."""
    if row[IS_EQUAL] == 1:
        return IDENTICAL
    a, b = share(row[SHARED_A], row[WEIGHT_A]), share(row[SHARED_B], row[WEIGHT_B])
    is_copy = a >= lines[COPY_COVERAGE] and b >= lines[COPY_COVERAGE]
    if min(row[WEIGHT_A], row[WEIGHT_B]) < 2 * lines[MIN_WORDS]:
        return DISTINCT
    if not is_copy and row[LONGEST] < 2 * lines[PASSAGE_WORDS]:
        return DISTINCT
    contained_a = share(row[SHARED_SHINGLES], row[SHINGLES_A])
    contained_b = share(row[SHARED_SHINGLES], row[SHINGLES_B])
    if max(a, b) < lines[_COVERAGE] or max(contained_a, contained_b) < lines[_CONTAINMENT]:
        return _OVERLAP
    if _is_form(row, lines):
        return DISTINCT
    if is_copy:
        return _COPY
    if (a >= lines[_PART_COVERAGE]) == (b >= lines[_PART_COVERAGE]):
        return _REVISION
    return _EXCERPT if a > b else _EXPANSION


@inlined
def strength(row):
    """Return the coverage of the body that is covered more."""
    return max(share(row[SHARED_A], row[WEIGHT_A]), share(row[SHARED_B], row[WEIGHT_B]))
