"""Token and shingle hashes, and exact resemblance and containment on them.

The plain reference; :mod:`dedup.kernels` repeats it over whole batches. All
arithmetic is modulo 2**64.

References
----------
A. Broder, "On the resemblance and containment of documents", 1997, section 2.
"""

import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.constants import DIGIT, GOLDEN, MIX_MULTIPLIER, TOKEN_MULTIPLIER, UNSPACED
from dedup.text import load_code_points

__all__ = [
    "Hashes",
    "containment",
    "mix",
    "resemblance",
    "shared",
    "shingle_hashes",
    "shingle_multipliers",
    "token_hash",
    "token_hashes",
]

Hashes: TypeAlias = NDArray[np.uint64]

_MASK = (1 << 64) - 1
#: Words whose hashes are kept: 10 MB.
_MAX_KNOWN = 1 << 16


def mix(value: int) -> int:
    """Scramble 64 bits (splitmix64's finalizer with one multiplication fewer)."""
    value ^= value >> 32
    value = (value * MIX_MULTIPLIER) & _MASK
    return value ^ (value >> 29)


def token_hash(word: str, seed: int = 0) -> int:
    """Hash one token's normal form to 64 bits, eight bytes of its UTF-8 at a time.

    The two lowest bits say what it is: 1, it has a digit; 2, it is a single
    character of a script that is written without spaces.

    Examples
    --------
    >>> [token_hash(word) & 3 for word in ("may", "2019", "月")]
    [0, 1, 2]
    """
    raw = word.encode()
    if word.isascii():
        flags = 0 if word.isalpha() else DIGIT
    else:
        flags = UNSPACED * (load_code_points().class_of(ord(word[0])) == "S")
        flags |= DIGIT * any("0" <= char <= "9" for char in word)
    state = (GOLDEN ^ seed) + len(raw) & _MASK
    for start in range(0, len(raw), 8):
        block = int.from_bytes(raw[start : start + 8], "little")
        state = ((state ^ block) * TOKEN_MULTIPLIER) & _MASK
        state ^= state >> 32
    return (mix(state) & ~3) | flags


def token_hashes(words: Sequence[str], seed: int = 0) -> Hashes:
    """Hash tokens' normal forms; uint64 of the same length."""
    known = _known_hashes(seed)
    return np.frombuffer(bytearray().join(map(known.__getitem__, words)), np.uint64)


class _KnownHashes(dict[str, bytes]):
    """Hashes of words as eight bytes each: the words of a language recur."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        found = token_hash(word, self._seed).to_bytes(8, sys.byteorder)
        self[word] = found
        return found


@lru_cache(maxsize=2)
def _known_hashes(seed: int) -> _KnownHashes:
    return _KnownHashes(seed)


def shingle_multipliers(size: int, seed: int = 0) -> Hashes:
    """Return the ``size`` odd multipliers that the seed chooses."""
    return np.array([mix((seed + (i + 1) * GOLDEN) & _MASK) | 1 for i in range(size)], np.uint64)


def shingle_hashes(tokens: Hashes, size: int = 5, seed: int = 0) -> Hashes:
    """Hash every run of ``size`` tokens.

    Parameters
    ----------
    tokens : uint64 of shape (n,)
    size : int
        Tokens a shingle. A shorter text is one shingle; an empty one none.

    Returns
    -------
    uint64 of shape (max(n - size + 1, 1),), in text order, repeats kept.
    """
    if len(tokens) == 0:
        return np.empty(0, np.uint64)
    used = min(size, len(tokens))
    count = len(tokens) - used + 1
    total = np.zeros(count, np.uint64)
    for i, multiplier in enumerate(shingle_multipliers(size, seed)[:used]):
        total += tokens[i : i + count] * multiplier
    total ^= total >> np.uint64(32)
    total *= np.uint64(MIX_MULTIPLIER)
    return total ^ (total >> np.uint64(29))


def shared(a: Hashes, b: Hashes) -> int:
    """Count what two sets have in common; each sorted, without repeats."""
    return len(np.intersect1d(a, b, assume_unique=True))


def containment(a: Hashes, b: Hashes) -> float:
    """Return ``|A & B| / |A|`` of two sets; 0 for an empty A."""
    return shared(a, b) / len(a) if len(a) else 0.0


def resemblance(a: Hashes, b: Hashes) -> float:
    """Return ``|A & B| / |A | B|`` (Jaccard) of two sets; 0 for two empty ones."""
    both = shared(a, b)
    either = len(a) + len(b) - both
    return both / either if either else 0.0
