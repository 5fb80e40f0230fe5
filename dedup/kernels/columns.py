"""Where each count stands in a row of evidence: the fields of ``Evidence``, in their order."""

__all__ = [
    "COLUMNS", "IS_EQUAL", "LONGEST", "NUMBERS_A", "NUMBERS_B", "PASSAGES_A", "PASSAGES_B",
    "SHARED_A", "SHARED_B", "SHARED_NUMBERS", "SHARED_SHINGLES", "SHINGLES_A", "SHINGLES_B",
    "WEIGHT_A", "WEIGHT_B",
]  # fmt: skip

COLUMNS = 14
(
    IS_EQUAL, WEIGHT_A, WEIGHT_B, SHARED_A, SHARED_B, PASSAGES_A, PASSAGES_B, LONGEST,
    SHINGLES_A, SHINGLES_B, SHARED_SHINGLES, NUMBERS_A, NUMBERS_B, SHARED_NUMBERS,
) = range(COLUMNS)  # fmt: skip
