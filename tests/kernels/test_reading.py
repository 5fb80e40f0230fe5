"""Spans of the compiled tokeniser are the reference's (law 4)."""

from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels.reading import read_texts
from dedup.text import tokenize
from tests.strategies import article_texts, fuzzed_texts


@given(st.lists(fuzzed_texts() | article_texts(), max_size=3))
@example(["", "\ud83d\ude00 a\u0301b", "U.S. 1,000"])
def test_spans_are_code_points_of_the_text(texts: list[str]) -> None:
    """Where each token starts and ends, and how long its normal form is."""
    read = read_texts(texts)
    for number, text in enumerate(texts):
        tokens = tokenize(text)
        wanted = zip(tokens.starts, tokens.ends, map(len, tokens.words), strict=True)
        assert read.spans_of(number).tolist() == [list(span) for span in wanted], text
        assert read.points[number].tolist() == list(map(ord, text))
