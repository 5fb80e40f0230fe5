"""Sorting inside loops, of hashes: fast for a few, and for what is nearly sorted.

References
----------
D. L. Shell, "A high-speed sorting procedure", Communications of the ACM, 1959;
gaps that shrink by 9/4: N. Tokuda, "An improved Shellsort", 1992.
"""

from dedup.kernels.compiled import compiled

__all__ = ["sort", "sort_pairs"]

#: Up to so many values, one pass of insertions is fastest.
_FEW = 24


@compiled
def sort(values):
    """Sort an array in place."""
    n = len(values)
    gap = 1 if n <= _FEW else 4 * n // 9
    while True:
        for i in range(gap, n):
            value = values[i]
            j = i
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        if gap == 1:
            break
        gap = max(4 * gap // 9, 1)


@compiled
def sort_pairs(keys, others):
    """Sort keys in place, those that are equal by what stands beside them."""
    n = len(keys)
    gap = 1 if n <= _FEW else 4 * n // 9
    while True:
        for i in range(gap, n):
            key, other = keys[i], others[i]
            j = i
            while j >= gap and (
                keys[j - gap] > key or (keys[j - gap] == key and others[j - gap] > other)
            ):
                keys[j], others[j] = keys[j - gap], others[j - gap]
                j -= gap
            keys[j], others[j] = key, other
        if gap == 1:
            break
        gap = max(4 * gap // 9, 1)
