"""One of the two texts as arrays, for the compiled loops."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.marked import OUTSIDE
from dedup.diff.marks import marks_table
from dedup.diff.markup import hidden_tokens
from dedup.diff.sentences import MAX_WORDS, bounded, cut_at
from dedup.diff.source import CERTAIN
from dedup.kernels.cutting import cut_sentences, read_words
from dedup.kernels.ranks import NO_REASON, rank_sentences
from dedup.kernels.reading import ReadTexts
from dedup.kernels.tokenise import code_point_table
from dedup.shingles import token_hash
from dedup.text import tokenize

__all__ = ["TextColumns", "part", "per_cent", "read_columns"]

_NOTHING_HIDDEN = np.empty(0, np.uint8)
#: Words, whether each begins or ends with a digit, where each sentence's start, masses.
_Words = tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class TextColumns:
    """A text with everything the loops need to know of it, as in ``Source``.

    Attributes
    ----------
    text : str
    points : uint32
        Its code points.
    spans, tokens
        Of :class:`~dedup.kernels.reading.ReadTexts`.
    is_hidden : uint8
        Whether each token is wire markup; empty if none is.
    sentences : int64 of shape (n, 4)
        Start and end, first token and one past the last.
    reasons, ranks : int64 of shape (n,)
        The number of the note why it is chrome, and whether it may be linked.
    words : tuple
        Hashes of all sentences' words that count, uint64; whether each begins or ends with
        a digit; where each sentence's start; what each sentence is worth.
    """

    text: str
    points: NDArray[np.uint32]
    spans: NDArray[np.int64]
    tokens: NDArray[np.uint64]
    is_hidden: NDArray[np.uint8]
    sentences: NDArray[np.int64]
    reasons: NDArray[np.int64]
    ranks: NDArray[np.int64]
    words: _Words


def read_columns(
    text: str,
    read: ReadTexts,
    i: int,
    reasons: Sequence[str | None],
    language: str,
    notes: list[str],
) -> TextColumns | None:
    """Cut a text into sentences, and tell which may be linked.

    ``None`` for what the loops leave to the plain path.

    Parameters
    ----------
    read : ReadTexts
        The text is number i there.
    reasons : Sequence[str | None]
        Why each unit is chrome, or ``None``.
    language : str
        ISO code.
    notes : list[str]
        Reasons that are not in it are added: the arrays hold their places.
    """
    points, spans = read.points[i], read.spans_of(i)
    tokens, units = read.batch.tokens_of(i), read.batch.units_of(i)
    cuts = np.array(cut_at(text, language), np.int64)
    # between two sentences that nobody told apart stands white space
    rows = np.empty((len(cuts) + len(text) // 2 + 2, 4), np.int64)
    n = cut_sentences(points, marks_table(), spans, cuts, rows)
    sentences = _bound(text, rows[:n])
    n = len(sentences)
    is_hidden = _hidden(text, spans)
    words = _read_words(points, spans, tokens, is_hidden, sentences)
    if words is None:
        return None
    codes = _codes(reasons, notes)
    is_certain = np.array([note in CERTAIN for note in notes], np.uint8)
    outside = notes.index(OUTSIDE) if OUTSIDE in notes else NO_REASON - 1
    own, ranks = np.empty(n, np.int64), np.empty(n, np.int64)
    rank_sentences(
        points, marks_table(), spans, units, codes, is_certain, outside, sentences, words[3],
        own, ranks,
    )  # fmt: skip
    return TextColumns(text, points, spans, tokens, is_hidden, sentences, own, ranks, words)


def _bound(text: str, sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut "sentences" that are too long to be such, as ``cut_sentences`` does."""
    if (sentences[:, 3] - sentences[:, 2]).max(initial=0) <= MAX_WORDS:
        return sentences
    tokens = tokenize(text)
    rows: list[list[int]] = []
    for start, end, first, last in sentences.tolist():
        if last - first <= MAX_WORDS:
            rows.append([start, end, first, last])
            continue
        for low, high in bounded(tokens, first, last):
            left = start if low == first else tokens.starts[low]
            right = end if high == last else tokens.starts[high]
            rows.append([left, left + len(text[left:right].rstrip()), low, high])
    return np.array(rows, np.int64)


def part(text: TextColumns, cuts: Sequence[int]) -> tuple[TextColumns, frozenset[int]]:
    """Cut sentences in two before a word (-1: leave it whole), as ``Source.parted``.

    Returns the text, and the code points where second halves start.
    """
    rows: list[list[int]] = []
    origins: list[int] = []
    starts: set[int] = set()
    offsets = text.words[2]
    for index, (row, word) in enumerate(zip(text.sentences.tolist(), cuts, strict=True)):
        start, end, first, last = row
        shown = [
            at for at in range(first, last) if not (len(text.is_hidden) and text.is_hidden[at])
        ]
        if word < 0 or len(shown) != offsets[index + 1] - offsets[index]:
            rows.append(row)
            origins.append(index)
            continue
        at = shown[word]
        second = int(text.spans[at, 0])
        bare = len(text.text[start:second].rstrip())
        rows += [[start, start + bare, first, at], [second, end, at, last]]
        origins += [index, index]
        starts.add(second)
    if not starts:
        return text, frozenset()
    sentences = np.array(rows, np.int64)
    words = _read_words(text.points, text.spans, text.tokens, text.is_hidden, sentences)
    reasons, ranks = text.reasons[origins], text.ranks[origins]
    parted = replace(
        text, sentences=sentences, words=words or text.words, reasons=reasons, ranks=ranks
    )
    return parted, frozenset(starts)


def _read_words(
    points: NDArray[np.uint32],
    spans: NDArray[np.int64],
    tokens: NDArray[np.uint64],
    is_hidden: NDArray[np.uint8],
    sentences: NDArray[np.int64],
) -> _Words | None:
    n = len(sentences)
    words, is_figure = np.empty(len(tokens) + n, np.uint64), np.empty(len(tokens) + n, np.uint8)
    offsets, masses = np.empty(n + 1, np.int64), np.empty(n, np.float64)
    if read_words(
        points, spans, tokens, is_hidden, sentences, *code_point_table(), per_cent(),
        words, is_figure, offsets, masses,
    ):  # fmt: skip
        return None
    size = int(offsets[n])
    return words[:size], is_figure[:size], offsets, masses


def _codes(reasons: Sequence[str | None], notes: list[str]) -> NDArray[np.int64]:
    known: dict[str | None, int] = {note: place for place, note in enumerate(notes)}
    known[None] = NO_REASON
    for reason in dict.fromkeys(reasons):
        if reason is not None and reason not in known:
            known[reason] = len(notes)
            notes.append(reason)
    return np.array([known[reason] for reason in reasons], np.int64)


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
def per_cent() -> NDArray[np.uint64]:
    """Return the hashes of "per", "cent" and "percent"."""
    return np.array([token_hash(word) for word in ("per", "cent", "percent")], np.uint64)
