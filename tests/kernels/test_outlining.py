"""What is kept of a text tells the outline of its body, however that is cut."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dedup.kernels.gate import outline_article
from dedup.kernels.hashsets import HashSets, hash_sets
from dedup.kernels.outlining import HASHES_AT, cut_outline, pack_outlines
from dedup.shingles import shingle_multipliers

_MULTIPLIERS = shingle_multipliers(5)
_NO_CUES: NDArray[np.bool_] = np.empty(0, np.bool_)


class Text:
    """Words in units, drawn; what is kept of them."""

    def __init__(self, draw: np.random.Generator, units: list[int]) -> None:
        # With and without digits, of scripts with and without spaces.
        self.tokens = draw.integers(0, 1 << 63, sum(units), np.uint64)
        self.units = np.cumsum([0, *units[:-1]]).astype(np.uint32)
        self.kept = np.empty(len(self.tokens), np.uint8)
        self.hashes = np.empty(len(units), np.uint64)
        is_plain = np.empty(1, np.bool_)
        offsets = np.array([0, len(self.tokens)]), np.array([0, len(units)])
        pack_outlines(
            self.tokens, offsets[0], self.units, offsets[1], self.kept, self.hashes, is_plain
        )
        self.is_plain = bool(is_plain[0])

    def outlines(
        self, repeated: HashSets, cues: NDArray[np.bool_], min_weight: int
    ) -> list[list[int]]:
        """Return the outline by the words and by what is kept of them."""
        head = bytes(HASHES_AT)
        raw = np.frombuffer(head + self.hashes.tobytes() + self.kept.tobytes() + b"?", np.uint8)
        rest = cues, *repeated, _MULTIPLIERS, min_weight
        codes = np.zeros((2, len(self.tokens)), np.uint16)
        lengths = (
            outline_article(self.tokens, self.units, *rest, codes[0]),
            cut_outline(raw, len(self.kept), len(self.hashes), *rest, codes[1]),
        )
        return [
            [length, *its[:length].tolist()] for length, its in zip(lengths, codes, strict=True)
        ]


@pytest.mark.parametrize("seed", range(20))
def test_an_outline_is_that_of_the_words(seed: int) -> None:
    """Law 2: whatever the site repeats, and whether or not a body is left."""
    draw = np.random.default_rng(seed)
    text = Text(draw, draw.integers(1, 30, seed + 1).tolist())
    assert text.is_plain
    is_chrome = draw.random(len(text.units)) < 0.3
    repeated = hash_sets([np.unique(text.hashes[is_chrome]), np.empty(0, np.uint64)])
    cues = draw.random(len(text.units)) < 0.2
    for min_weight in (0, len(text.tokens), 1 << 20):
        for told in (cues, _NO_CUES):
            by_words, by_kept = text.outlines(repeated, told, min_weight)
            assert by_kept == by_words


def test_a_unit_without_words_is_not_kept() -> None:
    """Nor are words before the first unit: such texts are read whole."""
    draw = np.random.default_rng(1)
    assert Text(draw, [3, 4]).is_plain
    assert not Text(draw, [3, 0, 4]).is_plain
    assert not Text(draw, [3, 4, 0]).is_plain
