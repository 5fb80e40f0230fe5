"""The compiled tokeniser is the reference, bit for bit (law 4)."""

from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.boilerplate.units import unit_hashes
from dedup.kernels.constants import UNSPACED
from dedup.kernels.shingling import shingle_batch
from dedup.kernels.tokenise import TokenBatch, join_batches, tokenise_texts
from dedup.kernels.units import units_of_batch
from dedup.shingles import shingle_hashes, shingle_multipliers, token_hashes
from dedup.text import tokenize
from tests.strategies import TELLING, article_texts, fuzzed_texts

SEEDS = (0, 1, 0x9E3779B97F4A7C15, (1 << 64) - 1)


def assert_as_reference(texts: list[str], batch: TokenBatch, seed: int) -> None:
    assert len(batch) == len(texts)
    for number, text in enumerate(texts):
        tokens = tokenize(text)
        assert batch.tokens_of(number).tolist() == token_hashes(tokens.words, seed).tolist(), text
        assert batch.units_of(number).tolist() == tokens.units, text


@given(st.lists(fuzzed_texts(), max_size=4), st.sampled_from(SEEDS))
@example(["", "", "a"], 0)
@example(["\ud83d\ude00", "\udc00a\ud800"], 0)
def test_tokens_and_units_of_fuzzed_texts(texts: list[str], seed: int) -> None:
    """Hashes and cuts of any text are the reference's, whatever stands before it in the batch."""
    assert_as_reference(texts, tokenise_texts(texts, seed), seed)


def test_every_pair_of_telling_pieces() -> None:
    """No two pieces that meet a rule are read otherwise side by side, spaced or before a word."""
    texts = [
        one + gap + other + end
        for one in TELLING
        for other in TELLING
        for gap, end in (("", ""), (" ", " Next"), ("", "\nNext"))
    ]
    assert_as_reference(texts, tokenise_texts(texts), 0)


def test_pieces_at_every_place_in_a_block() -> None:
    """Where 64 bytes end, no word, number, initials or marks are read otherwise."""
    pieces = (
        "U.S.", "U.S", "a.b.c", "U.S's", "a.b.c's.d", "a.bc", "Mr.", "'", "`", "a's", "rock'n'roll",
        "1,000", "1,00", "1,0000", "1,000,000.5", "12.5", ".5", "5.", "a1,000", "end.", "end.)",
        "...", "?!", '."', "!')]", "%", "7%", "\u00e9", "caf\u00e9", "a\u2019s", "a.\u00e9",
        "a\u0301", "1,0\u0660\u0660", "-", "x" * 57, "x" * 64, "1" * 70, "a." * 40, "." * 70,
        ")" * 70, "\n", "\x1c", "\x1f",
    )  # fmt: skip
    random = Random(5)
    texts = [
        "y" * place + random.choice(("", " ", ". "))
        + "".join(random.choice(pieces) + random.choice(("", "", " ")) for _ in range(6))
        for place in range(66)
        for _ in range(60)
    ]  # fmt: skip
    assert_as_reference(texts, tokenise_texts(texts), 0)


@given(st.lists(st.text("aZbc019..,''`!?%\")]}--  \t\n\x1c\xe9\u0301", max_size=150), max_size=3))
def test_tokens_of_plain_text(texts: list[str]) -> None:
    """Nearly all of it ASCII, with what meets a rule next to anything."""
    assert_as_reference(texts, tokenise_texts(texts), 0)


@pytest.mark.parametrize("frame", ["a{}b 1{}000 word{}", "日{}{} end.{} X"])
def test_code_points_in_context(frame: str) -> None:
    """The table is read the same for the first 13,056 code points and a sample of the rest."""
    sample = Random(3).sample(range(0x3300, 0x110000), 12_000)
    code_points = [*range(0x3300), *sample, *range(0xD7F0, 0xE010), *range(0xFE00, 0x10000)]
    texts = [frame.replace("{}", chr(code_point)) for code_point in code_points]
    assert_as_reference(texts, tokenise_texts(texts), 0)


def test_batches_can_be_joined() -> None:
    """Batches one after another are the batch of all texts, whatever the sizes."""
    texts = ["One two. Three.", "", "東京 1,000", "\n", "U.S. end"]
    whole = tokenise_texts(texts)
    for sizes in ([5], [1, 4], [2, 0, 3], [1, 1, 1, 1, 1]):
        parts, start = [], 0
        for size in sizes:
            parts.append(tokenise_texts(texts[start : start + size]))
            start += size
        joined = join_batches(parts)
        for name in ("tokens", "token_offsets", "units", "unit_offsets"):
            assert getattr(joined, name).tolist() == getattr(whole, name).tolist()
    assert len(join_batches([])) == 0


@given(st.lists(fuzzed_texts() | article_texts(), min_size=1, max_size=5))
def test_units_hash_and_weigh_as_in_the_reference(texts: list[str]) -> None:
    """Unit hashes are the reference's; weights are half-words; digests tell texts apart."""
    batch = tokenise_texts(texts)
    found = units_of_batch(batch)
    hashes, weights = [], []
    for number in range(len(texts)):
        tokens, units = batch.tokens_of(number), batch.units_of(number)
        hashes += unit_hashes(tokens, units).tolist()
        ends = [*units.tolist(), len(tokens)][1:] if len(units) else []
        weights += [
            sum(1 if token & UNSPACED else 2 for token in tokens[start:end].tolist())
            for start, end in zip(units.tolist(), ends, strict=True)
        ]
    assert found.hashes.tolist() == hashes
    assert found.weights.tolist() == weights
    normal = [tuple(tokenize(text).words) for text in texts]
    for one, digest_one in zip(normal, found.digests.tolist(), strict=True):
        for other, digest_other in zip(normal, found.digests.tolist(), strict=True):
            assert (one == other) == (digest_one == digest_other)


@given(st.lists(article_texts(30) | fuzzed_texts(8), min_size=1, max_size=5), st.integers(1, 8))
def test_shingles_hash_as_in_the_reference(texts: list[str], size: int) -> None:
    """Of texts shorter than a shingle too."""
    batch = tokenise_texts(texts)
    hashes, owners = shingle_batch(batch.tokens, batch.token_offsets, shingle_multipliers(size, 7))
    for number in range(len(texts)):
        wanted = shingle_hashes(batch.tokens_of(number), size, 7)
        assert np.array_equal(hashes[owners == number], wanted)
