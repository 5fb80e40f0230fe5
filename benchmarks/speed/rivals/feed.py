"""What every rival's script shares: reading articles, connecting, writing clusters.

Only the standard library and orjson, so that it runs in each rival's own
environment, and costs each the same. Memory: one string of id an article.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import orjson

__all__ = [
    "BANDS",
    "BATCH",
    "PERMUTATIONS",
    "ROWS",
    "SEED",
    "SHINGLE_WORDS",
    "THRESHOLD",
    "Components",
    "batches",
    "read",
    "shingles",
    "write",
]

#: The setting that all rivals have in common.
SHINGLE_WORDS, PERMUTATIONS, BANDS, ROWS, THRESHOLD, SEED = 3, 128, 16, 8, 0.7, 1
#: Articles handed to a library at a time, where it takes many.
BATCH = 1000
_WORD = re.compile(r"\w+")


def read(path: str, ids: list[str]) -> Iterator[str]:
    """Yield the text of each article; `ids` grows by each one's id."""
    with Path(path).open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            ids.append(row["id"])
            yield row["text"]


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield lists of `BATCH` texts."""
    texts = iter(texts)
    while batch := list(islice(texts, BATCH)):
        yield batch


def shingles(text: str) -> Iterator[str]:
    """Yield the word 3-shingles of a text, for libraries that cut none themselves."""
    words = _WORD.findall(text.lower())
    return map(" ".join, zip(words, words[1:], words[2:], strict=False))


class Components:
    """Connected components of the numbers from 0 (union-find with path halving)."""

    def __init__(self) -> None:
        self._parent = array("q")

    def connect(self, a: int, b: int) -> None:
        """Put `a` and `b` into one component."""
        parent = self._parent
        if len(parent) <= max(a, b):
            parent.extend(range(len(parent), max(a, b) + 1))
        a, b = self._root(a), self._root(b)
        if a != b:
            parent[max(a, b)] = min(a, b)

    def clusters(self) -> Iterable[list[int]]:
        """Return the components of two and more, ascending."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._parent)):
            found.setdefault(self._root(number), []).append(number)
        return (members for members in found.values() if len(members) > 1)

    def _root(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number


def write(path: str, clusters: Iterable[list[int]], ids: list[str]) -> None:
    """Write one cluster a line: ``{"members": [id, ...]}``."""
    with Path(path).open("wb") as lines:
        for members in clusters:
            row = {"members": [ids[number] for number in members]}
            lines.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
