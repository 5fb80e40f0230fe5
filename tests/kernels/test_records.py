"""Texts as records."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.columns import TextColumn
from dedup.kernels.records import Recorder, token_counts, unit_starts, unpack_texts
from dedup.kernels.tokenise import tokenise_texts
from dedup.kernels.units import units_of_batch
from tests.strategies import article_texts, fuzzed_texts


@given(st.lists(article_texts() | fuzzed_texts(20), max_size=5))
def test_records_are_the_texts(texts: list[str]) -> None:
    """Tokens and units come back as they were, with any number of units."""
    batch = tokenise_texts(texts)
    column = TextColumn.of(["before", *texts])[1:]
    packed, its_units = Recorder()(column.buffer, column.offsets)
    lengths, units = np.diff(packed.offsets), np.diff(packed.unit_offsets)
    found = unpack_texts(packed.records, lengths, units)
    assert token_counts(lengths, units).tolist() == np.diff(batch.token_offsets).tolist()
    for name in ("tokens", "token_offsets", "units", "unit_offsets"):
        assert np.array_equal(getattr(found, name), getattr(batch, name))
    starts = unit_starts(packed.records, packed.offsets, packed.unit_offsets)
    assert np.array_equal(starts, batch.units)
    for found_units, wanted in zip(its_units, units_of_batch(batch), strict=True):
        assert np.array_equal(found_units, wanted)
