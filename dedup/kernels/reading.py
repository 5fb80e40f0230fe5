"""Two texts read for a diff: tokens, where they stand in the text, code points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.arrays import I64, U8, I64Rows
from dedup.kernels.compiled import compiled
from dedup.kernels.tokenise import TokenBatch, tokenise_batch
from dedup.kernels.words import PADDING_BYTES

__all__ = ["ReadTexts", "read_texts"]


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """The tokens of n texts and where they stand.

    Attributes
    ----------
    batch : TokenBatch
    spans : int64 of shape (tokens, 3)
        First code point in its text, one past the last, length of the normal form.
    points : list of uint32
        The code points of each text.
    """

    batch: TokenBatch
    spans: NDArray[np.int64]
    points: list[NDArray[np.uint32]]

    def spans_of(self, i: int) -> NDArray[np.int64]:
        """Return the spans of the tokens of text i."""
        offsets = self.batch.token_offsets
        return self.spans[offsets[i] : offsets[i + 1]]


def read_texts(texts: Sequence[str], seed: int = 0) -> ReadTexts:
    """Tokenise strings, and say where in them the tokens are. Linear in the texts."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.array([0, *map(len, encoded)], np.int64).cumsum()
    buffer = np.frombuffer(b"".join([*encoded, bytes(PADDING_BYTES)]), np.uint8)
    spans = np.empty((int(offsets[-1]), 3), np.int64)
    batch = tokenise_batch(buffer, offsets, seed, spans)
    spans = spans[: len(batch.tokens)]
    _count_points(buffer, offsets, batch.token_offsets, spans)
    points = [np.frombuffer(t.encode("utf-32-le", "surrogatepass"), "<u4") for t in texts]
    return ReadTexts(batch, spans, points)


@compiled
def _count_points(buffer: U8, offsets: I64, token_offsets: I64, spans: I64Rows) -> None:
    """Make places in the texts of places in the buffer: code points of bytes."""
    for text in range(len(offsets) - 1):
        at, before = offsets[text], 0
        for token in range(token_offsets[text], token_offsets[text + 1]):
            for side in range(2):
                while at < spans[token, side]:
                    before += buffer[at] & 0xC0 != 0x80
                    at += 1
                spans[token, side] = before
