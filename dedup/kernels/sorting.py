"""Sorting inside loops, where it is of a few values: n log n at worst.

References
----------
R. W. Floyd, "Algorithm 245: Treesort 3", Communications of the ACM, 1964.
"""

from dedup.kernels.compiled import compiled

__all__ = ["sort", "sort_pairs"]

#: Up to so many values, insertion is faster.
_FEW = 24


@compiled
def sort(values):
    """Sort an array in place."""
    n = len(values)
    if n > _FEW:
        for root in range(n // 2 - 1, -1, -1):
            _sift(values, root, n)
        for end in range(n - 1, 0, -1):
            values[0], values[end] = values[end], values[0]
            _sift(values, 0, end)
        return
    for i in range(1, n):
        value = values[i]
        j = i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value


@compiled
def _sift(values, root, end):
    """Let the value at root sink to its place in the heap."""
    value = values[root]
    child = 2 * root + 1
    while child < end:
        if child + 1 < end and values[child + 1] > values[child]:
            child += 1
        if values[child] <= value:
            break
        values[root] = values[child]
        root = child
        child = 2 * root + 1
    values[root] = value


@compiled
def sort_pairs(keys, others):
    """Sort keys in place, those that are equal by what stands beside them."""
    n = len(keys)
    if n > _FEW:
        for root in range(n // 2 - 1, -1, -1):
            _sift_pair(keys, others, root, n)
        for end in range(n - 1, 0, -1):
            keys[0], keys[end] = keys[end], keys[0]
            others[0], others[end] = others[end], others[0]
            _sift_pair(keys, others, 0, end)
        return
    for i in range(1, n):
        key, other = keys[i], others[i]
        j = i
        while j > 0 and _is_above(keys[j - 1], others[j - 1], key, other):
            keys[j], others[j] = keys[j - 1], others[j - 1]
            j -= 1
        keys[j], others[j] = key, other


@compiled
def _sift_pair(keys, others, root, end):
    key, other = keys[root], others[root]
    child = 2 * root + 1
    while child < end:
        after = child + 1
        if after < end and _is_above(keys[after], others[after], keys[child], others[child]):
            child = after
        if not _is_above(keys[child], others[child], key, other):
            break
        keys[root], others[root] = keys[child], others[child]
        root = child
        child = 2 * root + 1
    keys[root], others[root] = key, other


@compiled
def _is_above(key, other, than_key, than_other):
    return key > than_key or (key == than_key and other > than_other)
