"""Tokens, units and their hashes from one buffer of UTF-8 texts.

Repeats :func:`dedup.text.tokenize` and :func:`dedup.shingles.token_hash`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U8, U16, U32, U64, I64Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.constants import GOLDEN
from dedup.kernels.stretches import LONGEST_FORM_BYTES, tokenise_stretch
from dedup.kernels.words import PADDING_BYTES, tokenise_plain
from dedup.text import load_code_points

__all__ = [
    "NO_SPANS",
    "TokenBatch",
    "code_point_table",
    "join_batches",
    "tokenise_batch",
    "tokenise_text",
    "tokenise_texts",
]

#: Of tokens whose places in the text nobody asks for.
NO_SPANS = np.empty((0, 3), np.int64)


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Hashed tokens of n texts, one text after another.

    Attributes
    ----------
    tokens : uint64
    token_offsets : int64 of shape (n + 1,)
    units : uint32
        First token of each unit, counted within its text.
    unit_offsets : int64 of shape (n + 1,)
    """

    tokens: NDArray[np.uint64]
    token_offsets: NDArray[np.int64]
    units: NDArray[np.uint32]
    unit_offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.token_offsets) - 1

    def tokens_of(self, i: int) -> NDArray[np.uint64]:
        """Return the token hashes of text i."""
        return self.tokens[self.token_offsets[i] : self.token_offsets[i + 1]]

    def units_of(self, i: int) -> NDArray[np.uint32]:
        """Return the first tokens of the units of text i."""
        return self.units[self.unit_offsets[i] : self.unit_offsets[i + 1]]


@cache
def code_point_table() -> tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the shipped table: blocks, entries and sequences."""
    points = load_code_points()
    return (
        np.frombuffer(points.block, np.uint16),
        np.frombuffer(points.entry, np.uint32),
        np.frombuffer(points.sequence, np.uint32),
    )


def tokenise_batch(
    buffer: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    seed: int = 0,
    spans: NDArray[np.int64] = NO_SPANS,
) -> TokenBatch:
    """Tokenise the texts ``buffer[offsets[i]:offsets[i + 1]]``.

    Parameters
    ----------
    buffer : uint8
        UTF-8 (lone surrogates as three bytes each are separators). Copied unless
        ``PADDING_BYTES`` more bytes follow the last text.
    offsets : int64 of shape (n + 1,)
    seed : int
        Of the recipe.
    spans : int64 of shape (m, 3)
        Filled for the first m tokens: first byte in the buffer, one past the last,
        code points of the normal form.
    """
    if len(buffer) < offsets[-1] + PADDING_BYTES:
        buffer = np.concatenate((buffer, np.zeros(PADDING_BYTES, np.uint8)))
    size = int(offsets[-1] - offsets[0])
    longest = int(np.max(np.diff(offsets), initial=0))
    tokens = np.empty(size, np.uint64)
    units = np.empty(size, np.uint32)
    token_offsets = np.zeros(len(offsets), np.int64)
    unit_offsets = np.zeros(len(offsets), np.int64)
    _tokenise(
        buffer,
        offsets,
        *code_point_table(),
        np.uint64(GOLDEN ^ seed),
        np.empty(longest + 5, np.uint8),
        np.empty(longest + 5, np.uint32),
        np.empty(LONGEST_FORM_BYTES * longest + 4, np.uint8),
        tokens,
        spans,
        token_offsets,
        units,
        unit_offsets,
    )
    return TokenBatch(
        tokens[: token_offsets[-1]].copy(),
        token_offsets,
        units[: unit_offsets[-1]].copy(),
        unit_offsets,
    )


def tokenise_texts(texts: Sequence[str], seed: int = 0) -> TokenBatch:
    """Tokenise strings."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(raw) for raw in encoded], out=offsets[1:])
    padded = b"".join([*encoded, bytes(PADDING_BYTES)])
    return tokenise_batch(np.frombuffer(padded, np.uint8), offsets, seed)


def join_batches(batches: Sequence[TokenBatch]) -> TokenBatch:
    """Put batches one after another."""
    if not batches:
        return tokenise_texts([])
    return TokenBatch(
        np.concatenate([batch.tokens for batch in batches]),
        _joined([batch.token_offsets for batch in batches]),
        np.concatenate([batch.units for batch in batches]),
        _joined([batch.unit_offsets for batch in batches]),
    )


def _joined(offsets: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    lengths = np.concatenate([np.diff(part) for part in offsets])
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


@compiled
def _tokenise(
    buffer: U8, offsets: I64, block: U16, entry: U32, sequence: U32, basis: np.uint64,
    kinds: U8, entries: U32, raw: U8, tokens: U64, spans: I64Rows, token_offsets: I64,
    units: U32, unit_offsets: I64,
) -> None:  # fmt: skip
    n_tokens, n_units = 0, 0
    for text in range(len(offsets) - 1):
        n_tokens, n_units = tokenise_text(
            buffer, offsets[text], offsets[text + 1], block, entry, sequence, basis, kinds,
            entries, raw, tokens, spans, n_tokens, units, n_units,
        )  # fmt: skip
        token_offsets[text + 1] = n_tokens
        unit_offsets[text + 1] = n_units


@compiled
def tokenise_text(
    buffer, at, end, block, entry, sequence, basis, kinds, entries, raw, tokens, spans,
    n_tokens, units, n_units,
):  # fmt: skip
    """Add the tokens and units of one text behind those that are there; return how many are."""
    first = n_tokens
    last_length = 0
    is_cut = True
    while at < end:
        at, n_tokens, n_units, last_length, is_cut = tokenise_plain(
            buffer, at, end, basis, tokens, spans, n_tokens, units, n_units, first,
            last_length, is_cut,
        )  # fmt: skip
        if at < end:
            at, n_tokens, n_units, last_length, is_cut = tokenise_stretch(
                buffer, at, end, kinds, entries, block, entry, sequence, basis, raw,
                tokens, spans, n_tokens, units, n_units, first, last_length, is_cut,
            )  # fmt: skip
    return n_tokens, n_units
