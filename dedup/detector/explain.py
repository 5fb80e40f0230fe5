"""Why two articles were, or were not, matched."""

from dataclasses import dataclass, replace

import numpy as np

from dedup.article import Article
from dedup.boilerplate.chrome import ChromeSpan, find_chrome
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.fingerprint import Recipe, fingerprint
from dedup.index.keys import Family, band_keys, is_enough_shared, sample_keys
from dedup.match import (
    Body,
    Match,
    Policy,
    body_without,
    days_apart,
    judge_pair,
    measure,
    shared_tokens,
)
from dedup.match.evidence import runs
from dedup.text import Tokens, tokenize

__all__ = ["Explanation", "Passage", "explain"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a that stand in b too.

    Attributes
    ----------
    a, b : (int, int)
        Code points in the original texts; that of b is where the first words stand.
    words : float
        Of a; an unspaced character is half a word.
    """

    a: Span
    b: Span
    words: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two articles were, or were not, matched.

    Attributes
    ----------
    match : Match
        The verdict, on bodies without chrome.
    with_chrome : Match
        What it would be on the whole texts.
    passages : tuple[Passage, ...]
        Shared passages of the bodies, in the order of a.
    chrome_a, chrome_b : tuple[ChromeSpan, ...]
        What was left out as chrome, and why.
    formula_words_a, formula_words_b : float
        Words of the bodies that do not count, as the site repeats their phrases.
    shared_keys : dict[Family, int]
        How many posting keys of each family the two share.
    smaller_sample : int
        How many sampled shingles the body with fewer has.
    articles_learned_from : tuple[int, int]
        How many articles of its site each one's boilerplate was learned from;
        below 8 chrome is told by cues.
    """

    match: Match
    with_chrome: Match
    passages: tuple[Passage, ...]
    chrome_a: tuple[ChromeSpan, ...]
    chrome_b: tuple[ChromeSpan, ...]
    formula_words_a: float
    formula_words_b: float
    shared_keys: dict[Family, int]
    smaller_sample: int
    articles_learned_from: tuple[int, int]

    @property
    def found_by(self) -> tuple[Family, ...]:
        """The families that make the two a candidate pair."""
        return tuple(
            family
            for family, shared in self.shared_keys.items()
            if (
                is_enough_shared(shared, self.smaller_sample) if family is Family.SAMPLE else shared
            )
        )


def explain(
    a: Article,
    b: Article,
    *,
    boilerplate: Boilerplate | None = None,
    policy: Policy | None = None,
    recipe: Recipe | None = None,
) -> Explanation:
    """Say why two articles were, or were not, matched.

    Parameters
    ----------
    boilerplate : Boilerplate | None
        What the sites repeat, as the run learned it; without it, chrome is told
        by cues.
    """
    policy, recipe = policy or Policy(), recipe or Recipe()
    tokens = tokenize(a.text), tokenize(b.text)
    chromes = [
        find_chrome(article, its, boilerplate, seed=recipe.seed)
        for article, its in zip((a, b), tokens, strict=True)
    ]
    options = {"shingle_size": recipe.shingle_size, "seed": recipe.seed}
    bodies, wholes = [], []
    for its, chrome in zip(tokens, chromes, strict=True):
        bodies.append(body_without(chrome, its, **options))
        none = np.zeros_like(chrome.is_by_cues)
        everything = replace(chrome, is_by_cues=none, learned=SiteBoilerplate())
        wholes.append(body_without(everything, its, **options))
    days = days_apart(a, b)
    return Explanation(
        judge_pair(a.id, b.id, measure(*bodies), policy, days),
        judge_pair(a.id, b.id, measure(*wholes), policy, days),
        _passages(bodies[0], bodies[1], *tokens),
        tuple(chromes[0].spans(tokens[0])),
        tuple(chromes[1].spans(tokens[1])),
        _formula_words(bodies[0]),
        _formula_words(bodies[1]),
        *_shared_keys(bodies[0], bodies[1], recipe),
        (chromes[0].learned.articles, chromes[1].learned.articles),
    )


def _formula_words(body: Body) -> float:
    return float(body.weights[~body.counted].sum()) / 2


def _passages(a: Body, b: Body, tokens_a: Tokens, tokens_b: Tokens) -> tuple[Passage, ...]:
    place_in_b = {hashed: place for place, hashed in enumerate(b.shingles.tolist()) if hashed}
    found = []
    for start, end in runs(shared_tokens(a, b)):
        first = next(
            place_in_b[hashed] for hashed in a.shingles[start:end].tolist() if hashed in place_in_b
        )
        last = min(first + end - start, len(b.tokens)) - 1
        found.append(
            Passage(
                _span(a, tokens_a, start, end - 1),
                _span(b, tokens_b, first, last),
                float(a.weights[start:end].sum()) / 2,
            )
        )
    return tuple(found)


def _span(body: Body, tokens: Tokens, first: int, last: int) -> Span:
    return tokens.starts[body.kept[first]], tokens.ends[body.kept[last]]


def _shared_keys(a: Body, b: Body, recipe: Recipe) -> tuple[dict[Family, int], int]:
    prints = [fingerprint(body.shingles, recipe) for body in (a, b)]
    has_shingles = all(len(one.shingles) for one in prints)
    bands = [band_keys(one.signature[None, :], recipe)[0] for one in prints]
    sample_a, sample_b = (sample_keys(one.sample) for one in prints)
    is_same = len(a.tokens) > 0 and np.array_equal(a.tokens, b.tokens)
    shared = {
        Family.EXACT: int(is_same),
        Family.BAND: int((bands[0] == bands[1]).sum()) if has_shingles else 0,
        Family.SAMPLE: len(np.intersect1d(sample_a, sample_b)),
    }
    return shared, min(len(sample_a), len(sample_b))
