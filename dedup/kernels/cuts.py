"""What stays of texts when their chrome units are left out: a few spans of tokens each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U32, U64, Bools, U32Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.evidence import BodyBatch

__all__ = ["Cuts", "copy_bodies", "copy_spans", "cut_units"]


class Cuts(NamedTuple):
    """What stays of n texts when their chrome is left out.

    ``spans`` uint32 of shape (m, 2): first token and one past the last of each stretch that
    stays, counted within its text; ``span_offsets`` int64 of shape (n + 1,): where the spans
    of each text start; ``weights`` and ``text_weights`` int64 of shape (n,): half-words of
    each body and each whole text; ``has_body`` bool of shape (n,): a text with too few
    half-words left keeps everything, as formula.
    """

    spans: NDArray[np.uint32]
    span_offsets: NDArray[np.int64]
    weights: NDArray[np.int64]
    text_weights: NDArray[np.int64]
    has_body: NDArray[np.bool_]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many tokens stay of each text; int64 of shape (n,)."""
        return np.diff(_offsets_of(self.spans, self.span_offsets))


def cut_units(
    units: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    lengths: NDArray[np.int64],
    weights: NDArray[np.uint32],
    is_chrome: NDArray[np.bool_],
    min_weight: int,
) -> Cuts:
    """Say what stays of texts without their chrome units.

    Parameters
    ----------
    units, weights : uint32 of shape (m,)
        First token of each unit, counted within its text, and its half-words.
    offsets : int64 of shape (n + 1,)
        Where the units of each text start.
    lengths : int64 of shape (n,)
        Tokens of each text.
    is_chrome : bool of shape (m,)
    min_weight : int
        A text with fewer half-words left keeps everything, as formula.
    """
    n = len(lengths)
    cuts = Cuts(
        np.empty((len(units) // 2 + n, 2), np.uint32),
        np.zeros(n + 1, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.bool_),
    )
    _cut(units, offsets, lengths, weights, is_chrome, min_weight, *cuts)
    return cuts._replace(spans=cuts.spans[: cuts.span_offsets[-1]])


def copy_bodies(
    tokens: NDArray[np.uint64],
    starts: NDArray[np.int64],
    spans: NDArray[np.uint32],
    span_offsets: NDArray[np.int64],
    has_body: NDArray[np.bool_],
    formulas: NDArray[np.uint32],
    formula_offsets: NDArray[np.int64],
) -> BodyBatch:
    """Return the bodies of texts that were cut.

    Parameters
    ----------
    tokens : uint64
    starts : int64 of shape (n,)
        Where the tokens of each text start.
    spans, span_offsets, has_body
        As of :class:`Cuts`.
    formulas : uint32
        Which tokens of each body are formula, counted within it, if it has one.
    formula_offsets : int64 of shape (n + 1,)
        Where these start.
    """
    offsets = _offsets_of(spans, span_offsets)
    size = int(offsets[-1])
    bodies = BodyBatch(np.empty(size, np.uint64), offsets, np.zeros(size, np.bool_))
    _copy(tokens, starts, spans, span_offsets, has_body, formulas, formula_offsets, *bodies)
    return bodies


def _offsets_of(spans: NDArray[np.uint32], span_offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each body starts among all; int64 of shape (n + 1,)."""
    ends = np.zeros(len(spans) + 1, np.int64)
    np.cumsum(spans[:, 1].astype(np.int64) - spans[:, 0], out=ends[1:])
    offsets: NDArray[np.int64] = ends[span_offsets]
    return offsets


@compiled
def _cut(
    units: U32, offsets: I64, lengths: I64, unit_weights: U32, is_chrome: Bools, min_weight: int,
    spans: U32Rows, span_offsets: I64, weights: I64, text_weights: I64, has_body: Bools,
) -> None:  # fmt: skip
    for text in range(len(lengths)):
        at = span_offsets[text]
        weight, total = 0, 0
        is_open = False
        for unit in range(offsets[text], offsets[text + 1]):
            total += np.int64(unit_weights[unit])
            if is_chrome[unit] == is_open:
                if is_open:
                    spans[at, 1] = units[unit]
                    at += 1
                else:
                    spans[at, 0] = units[unit]
                is_open = not is_open
            weight += 0 if is_chrome[unit] else np.int64(unit_weights[unit])
        if is_open:
            spans[at, 1] = lengths[text]
            at += 1
        has_body[text] = weight >= min_weight
        if weight < min_weight:
            at = span_offsets[text]
            spans[at, 0], spans[at, 1] = 0, lengths[text]
            at += 1
        weights[text], text_weights[text] = weight, total
        span_offsets[text + 1] = at


@compiled
def copy_spans(tokens, start, spans, first, last, out, at):
    """Copy spans first to last of the text that starts there; return where the copy ends."""
    for span in range(first, last):
        begin, end = np.int64(spans[span, 0]), np.int64(spans[span, 1])
        for i in range(end - begin):
            out[at + i] = tokens[start + begin + i]
        at += end - begin
    return at


@compiled
def _copy(
    texts: U64, starts: I64, spans: U32Rows, span_offsets: I64, has_body: Bools,
    formulas: U32, formula_offsets: I64, tokens: U64, offsets: I64, is_formula: Bools,
) -> None:  # fmt: skip
    for body in range(len(starts)):
        first, end = offsets[body], offsets[body + 1]
        copy_spans(
            texts, starts[body], spans, span_offsets[body], span_offsets[body + 1], tokens, first
        )
        if not has_body[body]:
            for i in range(first, end):
                is_formula[i] = True
        for place in range(formula_offsets[body], formula_offsets[body + 1]):
            is_formula[first + np.int64(formulas[place])] = True
