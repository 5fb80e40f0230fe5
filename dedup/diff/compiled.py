"""The diff by compiled loops: the same, in a fraction of the time.

What stands in a text, which sentences say the same, what moved and which words changed
is worked out by :mod:`dedup.kernels`; here is what needs Python: the languages'
sentences, the reasons of chrome, titles and markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.boilerplate.cued import find_chrome_read
from dedup.boilerplate.learned import Boilerplate
from dedup.boilerplate.marked import OUTSIDE
from dedup.diff.languages import find_language
from dedup.diff.limits import say_frequent, say_gap
from dedup.diff.marks import marks_table
from dedup.diff.markup import hidden_tokens
from dedup.diff.records import NOTES, make_segments
from dedup.diff.result import Found
from dedup.diff.sentences import cut_at
from dedup.diff.source import CERTAIN
from dedup.diff.title import with_title
from dedup.kernels.aligning import FREQUENT, align
from dedup.kernels.composing import PART_COLUMNS, WORD_COLUMNS, compose
from dedup.kernels.cutting import cut_sentences, read_words
from dedup.kernels.ordering import finish_parts
from dedup.kernels.ranks import NO_REASON, rank_sentences
from dedup.kernels.reading import ReadTexts, read_texts
from dedup.kernels.thresholds import FIGURE_WEIGHT, WEIGHT_SCALE
from dedup.kernels.tokenise import code_point_table
from dedup.match.texts import measure_texts
from dedup.shingles import token_hash

__all__ = ["compare_compiled"]

_NOTHING_HIDDEN = np.empty(0, np.uint8)


@dataclass(frozen=True, slots=True)
class _Text:
    """One text as arrays; sentences are rows of start, end, first and last token."""

    points: NDArray[np.uint32]
    spans: NDArray[np.int64]
    tokens: NDArray[np.uint64]
    is_hidden: NDArray[np.uint8]
    sentences: NDArray[np.int64]
    reasons: NDArray[np.int64]
    ranks: NDArray[np.int64]
    words: NDArray[np.uint64]
    is_figure: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    masses: NDArray[np.float64]


def compare_compiled(
    articles: tuple[Article, Article], boilerplate: Boilerplate | None, *, is_swapped: bool
) -> Found | None:
    """Return what :func:`dedup.diff.plain.compare_plainly` returns.

    ``None`` for what the loops leave to the plain path: a "sentence" without an end, a
    script without spaces, a clause that was lent from afar.
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
        side = _read_side(article.text, read, i, reasons, language, notes)
        if side is None:
            return None
        sides.append(side)
    a, b = reversed(sides) if is_swapped else sides
    linked = _link(a, b)
    if linked is None:
        return None
    links, limits = linked
    n_sentences, n_tokens = len(a.sentences) + len(b.sentences), len(a.tokens) + len(b.tokens)
    parts = np.empty((2 * n_sentences + 2, PART_COLUMNS), np.int64)
    words = np.empty((2 * n_tokens + 2 * n_sentences + 2, WORD_COLUMNS), np.int64)
    n = compose(
        marks_table(), _names(),
        a.points, a.spans, a.tokens, a.is_hidden, a.sentences, a.reasons,
        b.points, b.spans, b.tokens, b.is_hidden, b.sentences, b.reasons,
        links, parts, words,
    )  # fmt: skip
    order = np.empty(n + 2, np.int64)
    n = finish_parts(parts, n, words, len(a.points), len(b.points), is_swapped, order)
    segments = make_segments(texts, parts[order[:n]], words, notes)
    return segments, limits, measure_texts(read.batch, chromes)


def _read_side(
    text: str,
    read: ReadTexts,
    i: int,
    reasons: Sequence[str | None],
    language: str,
    notes: list[str],
) -> _Text | None:
    points, spans = read.points[i], read.spans_of(i)
    tokens, units = read.batch.tokens_of(i), read.batch.units_of(i)
    cuts = np.array(cut_at(text, language), np.int64)
    # between two sentences that nobody told apart stands white space
    rows = np.empty((len(cuts) + len(text) // 2 + 2, 4), np.int64)
    n = cut_sentences(points, marks_table(), spans, cuts, rows)
    if n < 0:
        return None
    sentences = rows[:n]
    is_hidden = _hidden(text, spans)
    room = len(tokens) + n
    words, is_figure = np.empty(room, np.uint64), np.empty(room, np.uint8)
    offsets, masses = np.empty(n + 1, np.int64), np.empty(n, np.float64)
    if read_words(
        points, spans, tokens, is_hidden, sentences, *code_point_table(), _names(),
        words, is_figure, offsets, masses,
    ):  # fmt: skip
        return None
    codes = np.array([_code(reason, notes) for reason in reasons], np.int64)
    is_certain = np.array([note in CERTAIN for note in notes], np.uint8)
    outside = notes.index(OUTSIDE) if OUTSIDE in notes else NO_REASON - 1
    own, ranks = np.empty(n, np.int64), np.empty(n, np.int64)
    rank_sentences(
        points, marks_table(), spans, units, codes, is_certain, outside, sentences, masses,
        own, ranks,
    )  # fmt: skip
    n_words = int(offsets[n])
    return _Text(
        points, spans, tokens, is_hidden, sentences, own, ranks, words[:n_words],
        is_figure[:n_words], offsets, masses,
    )  # fmt: skip


def _code(reason: str | None, notes: list[str]) -> int:
    if reason is None:
        return NO_REASON
    if reason not in notes:
        notes.append(reason)
    return notes.index(reason)


def _hidden(text: str, spans: NDArray[np.int64]) -> NDArray[np.uint8]:
    if "[" not in text and "<" not in text:
        return _NOTHING_HIDDEN
    hidden = hidden_tokens(text, spans[:, 0].tolist())
    if not hidden:
        return _NOTHING_HIDDEN
    is_hidden = np.zeros(len(spans), np.uint8)
    is_hidden[list(hidden)] = 1
    return is_hidden


@cache
def _names() -> NDArray[np.uint64]:
    return np.array([token_hash(word) for word in ("per", "cent", "percent")], np.uint64)


def _link(a: _Text, b: _Text) -> tuple[NDArray[np.int64], tuple[str, ...]] | None:
    n_a, n = len(a.sentences), len(a.sentences) + len(b.sentences)
    offsets = np.concatenate((a.offsets, b.offsets[1:] + len(a.words)))
    size = max(n_a, n - n_a, 1)
    logarithms = [0.0, *(WEIGHT_SCALE * log(1 + size / count) for count in range(1, size + 1))]
    weights = np.array([round(weight) for weight in logarithms], np.int64)
    figures = np.array([round(weight * FIGURE_WEIGHT) for weight in logarithms], np.int64)
    links, limits = np.empty((n, 3), np.int64), np.empty((2 * n + 3, 2), np.int64)
    n_links, n_limits, has_clauses = align(
        np.concatenate((a.words, b.words)), np.concatenate((a.is_figure, b.is_figure)), offsets,
        np.concatenate((a.masses, b.masses)), np.concatenate((a.ranks, b.ranks)), n_a,
        weights, figures, links, limits,
    )  # fmt: skip
    if has_clauses:
        return None
    said = (
        say_frequent(second) if first == FREQUENT else say_gap(first, second)
        for first, second in limits[:n_limits].tolist()
    )
    return links[:n_links], tuple(said)
