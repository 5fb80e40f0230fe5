"""Two whole texts, measured by the compiled loops."""

import numpy as np
from hypothesis import given

from dedup.article import Article
from dedup.boilerplate.chrome import find_chrome
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.boilerplate.units import unit_hashes
from dedup.kernels.reading import read_texts
from dedup.match import body_without, measure
from dedup.match.texts import measure_texts
from dedup.shingles import shingle_hashes, token_hashes
from dedup.text import tokenize
from tests.strategies import article_texts, fuzzed_texts


@given(article_texts() | fuzzed_texts(), article_texts() | fuzzed_texts(), article_texts(6))
def test_evidence_is_the_references(a: str, b: str, repeated: str) -> None:
    """Law 4, with what cues tell left out, and what a site repeats."""
    hashes = token_hashes(tokenize(repeated).words)
    units = unit_hashes(hashes, np.array(tokenize(repeated).units, np.uint32))
    learned = SiteBoilerplate(1, np.unique(units), np.unique(shingle_hashes(hashes)))
    read = read_texts([a, b])
    for boilerplate in (None, Boilerplate({"": learned})):
        tokens = [tokenize(text) for text in (a, b)]
        chromes = [
            find_chrome(Article("x", text), its, boilerplate)
            for text, its in zip((a, b), tokens, strict=True)
        ]
        bodies = [body_without(*both) for both in zip(chromes, tokens, strict=True)]
        assert measure_texts(read.batch, chromes) == measure(*bodies)
