"""Compiled bodies, evidence and sketches are the reference's, bit for bit (law 4)."""

from dataclasses import astuple
from itertools import product
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedup.boilerplate.learned import SiteBoilerplate
from dedup.boilerplate.units import unit_hashes
from dedup.fingerprint import Recipe, fingerprint, permutations
from dedup.kernels.bodies import cut_bodies, is_same_body, mark_chrome, mark_formulas
from dedup.kernels.cuts import Cuts, copy_bodies, cut_units
from dedup.kernels.evidence import BodyBatch, PairMeasurer
from dedup.kernels.hashsets import HashSets, hash_sets
from dedup.kernels.keying import KeyedBodies, key_bodies
from dedup.kernels.tokenise import TokenBatch, tokenise_texts
from dedup.kernels.units import units_of_batch
from dedup.match import MIN_RUN_WEIGHT, Body, make_body, measure
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.shingles import shingle_hashes, shingle_multipliers
from tests.strategies import article_texts, fuzzed_texts

SIZES = (1, 3, 5)
#: One for all tests: what it read before must not show.
MEASURE = PairMeasurer()


class Drawn(NamedTuple):
    """Texts of the second of two sites, and what of them is chrome."""

    wanted: list[Body]
    batch: TokenBatch
    is_chrome: NDArray[np.bool_]
    shingles: HashSets
    size: int

    @property
    def sites(self) -> NDArray[np.int32]:
        return np.ones(len(self.batch), np.int32)

    @property
    def cuts(self) -> Cuts:
        batch, weights = self.batch, units_of_batch(self.batch).weights
        lengths = np.diff(batch.token_offsets)
        return cut_units(
            batch.units, batch.unit_offsets, lengths, weights, self.is_chrome, MIN_BODY_WEIGHT
        )

    def copied(self, keyed: KeyedBodies) -> BodyBatch:
        cuts = self.cuts
        return copy_bodies(
            self.batch.tokens, self.batch.token_offsets[:-1], cuts.spans, cuts.span_offsets,
            cuts.has_body, keyed.formulas, keyed.formula_offsets,
        )  # fmt: skip

    def keyed(self, recipe: Recipe) -> KeyedBodies:
        return key_bodies(
            self.batch.tokens, self.batch.token_offsets[:-1], self.cuts, self.sites,
            self.shingles, shingle_multipliers(self.size), permutations(recipe),
            recipe.sample_limit, recipe.sample_floor,
        )  # fmt: skip


@st.composite
def drawn_texts(draw: st.DrawFn) -> Drawn:
    """Draw texts with some units and shingles learned."""
    texts = draw(st.lists(article_texts() | fuzzed_texts(20), min_size=1, max_size=4))
    if draw(st.booleans()):
        texts.append(texts[0])
    size = draw(st.sampled_from(SIZES))
    batch = tokenise_texts(texts)
    units = [unit_hashes(batch.tokens_of(i), batch.units_of(i)) for i in range(len(texts))]
    shingles = [shingle_hashes(batch.tokens_of(i), size) for i in range(len(texts))]
    learned = SiteBoilerplate(9, _some(draw, units), _some(draw, shingles))
    cues = [np.isin(u, _some(draw, [u])) for u in units]
    wanted = [
        make_body(batch.tokens_of(i), batch.units_of(i), cues[i], learned, size=size)
        for i in range(len(texts))
    ]
    is_chrome = np.concatenate(cues)
    # The second of two sites; the first repeats what it does not.
    others = np.setdiff1d(np.concatenate(units), learned.units)
    sets = hash_sets([others, learned.units])
    sites = np.ones(len(texts), np.int32)
    mark_chrome(np.concatenate(units), batch.unit_offsets, sites, *sets, is_chrome)
    repeated = hash_sets([learned.shingles[:0], learned.shingles])
    return Drawn(wanted, batch, is_chrome, repeated, size)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[list[Body], BodyBatch, int]:
    """Draw texts with some units and shingles learned; return their bodies made both ways."""
    drawn = draw(drawn_texts())
    cut = cut_bodies(drawn.batch, drawn.is_chrome, MIN_BODY_WEIGHT)
    has_formula = np.zeros(len(drawn.batch), np.bool_)
    mark_formulas(
        cut.bodies.tokens,
        cut.bodies.offsets,
        cut.has_body,
        drawn.sites,
        shingle_multipliers(drawn.size),
        *drawn.shingles,
        cut.bodies.is_formula,
        has_formula,
    )
    return drawn.wanted, cut.bodies, drawn.size


def _some(draw: st.DrawFn, hashes: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    known = np.unique(np.concatenate(hashes))
    percent, turn = draw(st.sampled_from((0, 0, 10, 40))), draw(st.integers(0, 99))
    return known[(known + np.uint64(turn)) % np.uint64(100) < np.uint64(percent)]


def _shingles(found: BodyBatch, number: int, size: int) -> NDArray[np.uint64]:
    here = slice(found.offsets[number], found.offsets[number + 1])
    shingles = shingle_hashes(found.tokens[here], size)
    shingles[found.is_formula[here][: len(shingles)]] = 0
    return shingles


@given(bodies())
def test_bodies_are_cut_as_in_the_reference(drawn: tuple[list[Body], BodyBatch, int]) -> None:
    """The same tokens stay, and the same shingles do not count; without a body, none does."""
    wanted, found, size = drawn
    for number, body in enumerate(wanted):
        here = slice(found.offsets[number], found.offsets[number + 1])
        assert np.array_equal(found.tokens[here], body.tokens)
        assert np.array_equal(_shingles(found, number, size), body.shingles)


@given(bodies())
def test_evidence_is_that_of_the_reference(drawn: tuple[list[Body], BodyBatch, int]) -> None:
    """Every count of every pair, in both directions and of a body with itself."""
    wanted, found, size = drawn
    pairs = np.array(list(product(range(len(wanted)), repeat=2)), np.int64)
    counts = MEASURE(found, pairs, shingle_multipliers(size), MIN_RUN_WEIGHT)
    for (a, b), row in zip(pairs.tolist(), counts.tolist(), strict=True):
        evidence = measure(wanted[a], wanted[b])
        assert tuple(row) == tuple(map(int, astuple(evidence)))
        assert evidence.reversed() == measure(wanted[b], wanted[a])


def test_evidence_of_long_bodies_is_that_of_the_reference() -> None:
    """With more than 256 of whatever is counted in small integers."""
    words = [f"word{n}" if n % 3 else str(n) for n in range(4000)]
    changed = [word if n % 13 else "changed" for n, word in enumerate(words)]
    batch = tokenise_texts([" ".join(words), " ".join(changed)])
    no_chrome = np.zeros(len(batch.units), np.bool_)
    found = cut_bodies(batch, no_chrome, MIN_BODY_WEIGHT).bodies
    known = SiteBoilerplate(9)
    wanted = [
        make_body(batch.tokens_of(i), batch.units_of(i), no_chrome[:1], known, size=5)
        for i in range(2)
    ]
    pairs = np.array([(0, 1)], np.int64)
    counts = MEASURE(found, pairs, shingle_multipliers(5), MIN_RUN_WEIGHT)
    assert tuple(counts[0]) == tuple(map(int, astuple(measure(*wanted))))
    assert measure(*wanted).passages_a > 256


@given(drawn_texts())
def test_sketches_are_those_of_the_reference(drawn: Drawn) -> None:
    """Signatures and samples, with a floor and a limit that few and many shingles meet."""
    size = drawn.size
    for recipe in (
        Recipe(shingle_size=size),
        Recipe(shingle_size=size, sample_every=1, sample_floor=0),
        Recipe(shingle_size=size, sample_every=50, sample_floor=3, num_perm=8, bands=2),
        Recipe(shingle_size=size, sample_every=1 << 40, sample_floor=1),
    ):
        keyed = drawn.keyed(recipe)
        offsets = keyed.sample_offsets
        for number, body in enumerate(drawn.wanted):
            print_ = fingerprint(body.shingles, recipe)
            assert np.array_equal(keyed.signatures[number], print_.signature)
            sample = keyed.samples[offsets[number] : offsets[number + 1]]
            assert np.array_equal(np.sort(sample), print_.sample)


@given(drawn_texts())
def test_bodies_are_copied_as_they_were_cut(drawn: Drawn) -> None:
    """Again and in any order, with the formulas that were found when they were cut."""
    copied = drawn.copied(drawn.keyed(Recipe(shingle_size=drawn.size)))
    for number, body in enumerate(drawn.wanted):
        here = slice(copied.offsets[number], copied.offsets[number + 1])
        assert np.array_equal(copied.tokens[here], body.tokens)
        assert np.array_equal(_shingles(copied, number, drawn.size), body.shingles)


@given(drawn_texts())
def test_digests_tell_bodies_apart(drawn: Drawn) -> None:
    """Equal tokens have the equal plain digest; with formulas too, the marked one."""
    wanted, keyed = drawn.wanted, drawn.keyed(Recipe(shingle_size=drawn.size))
    found = drawn.copied(keyed)
    pairs = np.array(list(product(range(len(wanted)), repeat=2)), np.int64)
    same = is_same_body(*found, pairs[:, 0].copy(), pairs[:, 1].copy())
    for (a, b), is_same in zip(pairs.tolist(), same.tolist(), strict=True):
        has_equal_tokens = np.array_equal(wanted[a].tokens, wanted[b].tokens)
        has_equal_formulas = has_equal_tokens and np.array_equal(
            *(found.is_formula[found.offsets[i] : found.offsets[i + 1]] for i in (a, b))
        )
        assert (keyed.plain[a] == keyed.plain[b]) == has_equal_tokens
        assert (keyed.marked[a] == keyed.marked[b]) == has_equal_formulas == is_same


def test_the_drawn_bodies_are_worth_comparing() -> None:
    """Properties over bodies without shared passages would show nothing."""
    met: set[str] = set()

    @settings(max_examples=300, derandomize=True, database=None)
    @given(bodies())
    def look(drawn: tuple[list[Body], BodyBatch, int]) -> None:
        for a, b in product(drawn[0], repeat=2):
            found = measure(a, b)
            met.update(
                name
                for name, is_met in {
                    "a passage as short as any": found.longest == MIN_RUN_WEIGHT,
                    "two passages": found.passages_a > 1,
                    "other passages": found.passages_a != found.passages_b,
                    "numbers": found.shared_numbers > 0,
                    "parts": 0 < found.shared_a < found.weight_a,
                    "formula": bool((a.shingles == 0).any() and (a.shingles != 0).any()),
                    "many shingles": found.shingles_a > 40,
                }.items()
                if is_met
            )

    look()
    assert len(met) == 7, met
