"""How much of a text is the text that was wanted."""

from collections import Counter

from dedup.text import tokenize

__all__ = ["words_f1"]


def words_f1(found: str, wanted: str) -> float:
    """Return F1 over the words, each as often as it stands."""
    a, b = Counter(tokenize(found).words), Counter(tokenize(wanted).words)
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else 1.0
