"""The diff by compiled loops: the same, in a fraction of the time.

What stands in a text, which sentences say the same, what moved and which words changed
is worked out by :mod:`dedup.kernels`; here is what needs Python.
"""

from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.boilerplate.cued import find_chrome_read
from dedup.boilerplate.learned import Boilerplate
from dedup.diff.columns import TextColumns, part, per_cent, read_columns
from dedup.diff.languages import find_language
from dedup.diff.limits import say_frequent, say_gap
from dedup.diff.marks import marks_table
from dedup.diff.records import NOTES, find_row_kinds, make_segments
from dedup.diff.result import Found
from dedup.diff.title import with_title
from dedup.kernels.aligning import FREQUENT, align
from dedup.kernels.composing import (
    GROUP,
    MERGED,
    NOTE,
    PART_COLUMNS,
    SPLIT,
    WORD_COLUMNS,
    A,
    B,
    compose,
)
from dedup.kernels.ordering import finish_parts
from dedup.kernels.reading import read_texts
from dedup.kernels.thresholds import FIGURE_WEIGHT, WEIGHT_SCALE
from dedup.match.texts import measure_texts

__all__ = ["compare_compiled"]

#: Weights of words are at hand for texts of so many different numbers of sentences.
_SIZES = 256


def compare_compiled(
    articles: tuple[Article, Article], boilerplate: Boilerplate | None, *, is_swapped: bool
) -> Found | None:
    """Return what :func:`dedup.diff.plain.compare_plainly` returns.

    ``None`` for what the loops leave to the plain path: scripts without spaces.
    """
    texts = [article.text for article in articles]
    read = read_texts(texts)
    chromes = [
        find_chrome_read(article, read, i, boilerplate, marks_table())
        for i, article in enumerate(articles)
    ]
    notes, language = list(NOTES), find_language(read)
    sides = []
    for i, article in enumerate(articles):
        reasons = with_title(article.title, read, i, chromes[i].reasons)
        side = read_columns(article.text, read, i, reasons, language, notes)
        if side is None:
            return None
        sides.append(side)
    a, b = reversed(sides) if is_swapped else sides
    parts, words, limits = _compose(a, b)
    # what is a quotation is told by the words alone, not by the white space behind them
    kinds = find_row_kinds((a.text, b.text), parts[:-2], words)
    order = np.empty(len(parts), np.int64)
    n = finish_parts(parts, len(parts) - 2, words, len(a.points), len(b.points), is_swapped, order)
    segments = make_segments(parts[order[:n]], words, kinds, notes)
    return segments, limits, measure_texts(read.batch, chromes)


def _compose(
    a: TextColumns, b: TextColumns
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    """Return the parts, with two free rows behind them, the word edits, and the limits."""
    links, limits, cuts = _link(a, b)
    in_a: frozenset[int] = frozenset()
    in_b = in_a
    if cuts.max(initial=-1) >= 0:
        n_a = len(a.sentences)
        a, in_a = part(a, cuts[:n_a].tolist())
        b, in_b = part(b, cuts[n_a:].tolist())
        links, limits, _ = _link(a, b)
    n_sentences, n_tokens = len(a.sentences) + len(b.sentences), len(a.tokens) + len(b.tokens)
    parts = np.empty((2 * n_sentences + 2, PART_COLUMNS), np.int64)
    words = np.empty((2 * n_tokens + 2 * n_sentences + 2, WORD_COLUMNS), np.int64)
    n = compose(
        marks_table(), per_cent(),
        a.points, a.spans, a.tokens, a.is_hidden, a.sentences, a.reasons,
        b.points, b.spans, b.tokens, b.is_hidden, b.sentences, b.reasons,
        links, parts, words,
    )  # fmt: skip
    _join_halves(parts[:n], A, in_a, SPLIT)
    _join_halves(parts[:n], B, in_b, MERGED)
    return parts[: n + 2], words, limits


def _join_halves(parts: NDArray[np.int64], side: int, starts: frozenset[int], note: int) -> None:
    """Give the halves of a parted sentence one group, if both are linked."""
    if not starts:
        return
    placed = np.flatnonzero(parts[:, side] >= 0)
    ordered = placed[np.argsort(parts[placed, side])]
    for first, second in pairwise(ordered.tolist()):
        one, two = parts[first], parts[second]
        if int(two[side]) not in starts or min(one[A], one[B], two[A], two[B]) < 0:
            continue
        group = one[GROUP] or two[GROUP] or parts[:, GROUP].max() + 1
        one[NOTE] = one[NOTE] if one[GROUP] else note
        one[GROUP] = two[GROUP] = group
        two[NOTE] = note


@lru_cache(_SIZES)
def _weights(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what words and figures weigh that so many sentences have, of one text or of both."""
    logarithms = [0.0, *(WEIGHT_SCALE * log(1 + size / count) for count in range(1, size + 1))]
    weights = np.array([round(weight) for weight in logarithms], np.int64)
    return weights, np.array([round(weight * FIGURE_WEIGHT) for weight in logarithms], np.int64)


def _link(
    a: TextColumns, b: TextColumns
) -> tuple[NDArray[np.int64], tuple[str, ...], NDArray[np.int64]]:
    """Return the links, what was bounded, and where sentences are to be parted."""
    n_a, n = len(a.sentences), len(a.sentences) + len(b.sentences)
    words_a, is_figure_a, offsets_a, masses_a = a.words
    words_b, is_figure_b, offsets_b, masses_b = b.words
    size = max(n_a, n - n_a, 1)
    weights, figures = _weights(size)
    links, limits = np.empty((n, 3), np.int64), np.empty((2 * n + 3, 2), np.int64)
    cuts = np.empty(n, np.int64)
    n_links, n_limits = align(
        np.concatenate((words_a, words_b)), np.concatenate((is_figure_a, is_figure_b)),
        np.concatenate((offsets_a, offsets_b[1:] + len(words_a))),
        np.concatenate((masses_a, masses_b)), np.concatenate((a.ranks, b.ranks)), n_a,
        weights, figures, links, limits, cuts,
    )  # fmt: skip
    said = (
        say_frequent(second) if first == FREQUENT else say_gap(first, second)
        for first, second in limits[:n_limits].tolist()
    )
    return links[:n_links], tuple(said), cuts
