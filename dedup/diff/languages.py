"""The language of texts that the compiled loops read."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.diff.sentences import FUNCTION_WORDS, SAMPLE_WORDS
from dedup.kernels.cutting import count_languages
from dedup.kernels.reading import ReadTexts
from dedup.shingles import token_hash

__all__ = ["find_language"]


def find_language(read: ReadTexts) -> str:
    """Return what :func:`dedup.diff.sentences.guess_language` does."""
    counts = np.zeros(len(FUNCTION_WORDS), np.int64)
    for i in range(len(read.batch)):
        count_languages(read.batch.tokens_of(i)[:SAMPLE_WORDS], *_function_words(), counts)
    return tuple(FUNCTION_WORDS)[int(counts.argmax())]


@cache
def _function_words() -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of all function words, sorted, and a bit for each language."""
    bits: dict[int, int] = {}
    for language, words in enumerate(FUNCTION_WORDS.values()):
        for word in words:
            key = token_hash(word)
            bits[key] = bits.get(key, 0) | 1 << language
    keys = sorted(bits)
    return np.array(keys, np.uint64), np.array([bits[key] for key in keys], np.int64)
