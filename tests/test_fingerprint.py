"""Signatures are datasketch's own; recipes have names."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import ArgumentError
from dedup.fingerprint import Recipe, fingerprint, permutations, signature_of_minhash
from dedup.index.keys import Family, band_keys, exact_keys, family_of, sample_keys

datasketch = pytest.importorskip("datasketch")

HASHES = st.lists(st.integers(1, (1 << 64) - 1), max_size=80).map(lambda x: np.array(x, np.uint64))
RECIPES = st.builds(
    Recipe,
    num_perm=st.sampled_from((128, 16, 256)),
    bands=st.just(4),
    minhash_seed=st.integers(1, 9),
)


def _minhash(hashes: np.ndarray, recipe: Recipe) -> "datasketch.MinHash":
    minhash = datasketch.MinHash(
        num_perm=recipe.num_perm,
        seed=recipe.minhash_seed,
        scheme="affine32",
        hashfunc=lambda value: value & 0xFFFFFFFF,
    )
    for value in hashes.tolist():
        minhash.update(value)
    return minhash


@given(HASHES, RECIPES)
def test_signatures_are_datasketchs(hashes: np.ndarray, recipe: Recipe) -> None:
    """For the same shingle hashes, permutations and scheme (law 4)."""
    minhash = _minhash(hashes, recipe)
    found = fingerprint(hashes, recipe)
    assert np.array_equal(found.signature, minhash.hashvalues)
    assert all(map(np.array_equal, permutations(recipe), minhash.permutations))


@given(HASHES, HASHES)
def test_a_signature_goes_to_datasketch_and_back(a: np.ndarray, b: np.ndarray) -> None:
    """As MinHash and as LeanMinHash, where it means the same resemblance."""
    recipe = Recipe()
    prints = [fingerprint(x, recipe) for x in (a, b)]
    minhashes = [x.to_minhash(recipe) for x in prints]
    wanted = _minhash(a, recipe).jaccard(_minhash(b, recipe))
    assert minhashes[0].jaccard(minhashes[1]) == wanted
    for print_, minhash in zip(prints, minhashes, strict=True):
        lean = print_.to_lean_minhash(recipe)
        assert lean == datasketch.LeanMinHash(minhash)
        for one in (minhash, lean):
            assert np.array_equal(signature_of_minhash(one, recipe), print_.signature)


def test_signatures_find_each_other_in_datasketchs_lsh() -> None:
    """Ours inserted, theirs asked for, and the other way round."""
    recipe = Recipe()
    hashes = np.random.default_rng(1).integers(1, 1 << 63, 200).astype(np.uint64)
    other = np.concatenate((hashes[:190], hashes[:10] + np.uint64(1)))
    lsh = datasketch.MinHashLSH(threshold=0.5, num_perm=recipe.num_perm)
    lsh.insert("ours", fingerprint(hashes, recipe).to_minhash(recipe))
    lsh.insert("theirs", _minhash(hashes[:100] ^ np.uint64(7 << 20), recipe))
    assert lsh.query(_minhash(other, recipe)) == ["ours"]
    assert lsh.query(fingerprint(other, recipe).to_lean_minhash(recipe)) == ["ours"]


def test_a_foreign_signature_is_refused() -> None:
    """Of another scheme, seed or length, as it would match nothing."""
    own = {"num_perm": Recipe().num_perm, "scheme": "affine32"}
    signature_of_minhash(datasketch.MinHash(**own), Recipe())
    for other in ({"num_perm": 32}, {"seed": 2}, {"scheme": "affine64"}):
        minhash = datasketch.MinHash(**{**own, **other})
        with pytest.raises(ArgumentError, match="recipe's"):
            signature_of_minhash(minhash, Recipe())


@given(HASHES, st.integers(1, 20), st.integers(0, 30))
def test_a_sample_is_the_smallest_hashes(hashes: np.ndarray, every: int, floor: int) -> None:
    """All up to the limit, and at least ``floor`` of them if there are so many."""
    recipe = Recipe(sample_every=every, sample_floor=floor)
    found = fingerprint(np.concatenate((hashes, hashes, np.zeros(2, np.uint64))), recipe)
    distinct = sorted(set(hashes.tolist()))
    below = [value for value in distinct if value <= (2**64 - 1) // every]
    assert found.shingles.tolist() == distinct
    assert found.sample.tolist() == (below if len(below) >= floor else distinct[:floor])


@pytest.mark.parametrize(
    "options",
    [{"shingle_size": 0}, {"shingle_size": 33}, {"bands": 0}, {"rows": 0}, {"bands": 65},
     {"sample_every": 0}, {"sample_floor": -1}, {"seed": -1}, {"seed": 1 << 64}],
)  # fmt: skip
def test_a_recipe_out_of_range_is_refused(options: dict[str, int]) -> None:
    """When it is made, in words."""
    with pytest.raises(ArgumentError):
        Recipe(**options)


def test_every_parameter_is_in_the_digest() -> None:
    """So that no index is asked with another recipe than it was made with."""
    others = {"shingle_size": 4, "num_perm": 256, "bands": 7, "rows": 2, "sample_every": 16,
              "sample_floor": 8, "seed": 5, "minhash_seed": 3}  # fmt: skip
    digests = {replace(Recipe(), **{name: value}).digest for name, value in others.items()}
    assert len(digests | {Recipe().digest}) == len(others) + 1
    assert set(others) == set(Recipe.__slots__)
    assert Recipe().digest == Recipe().digest


@given(HASHES)
def test_keys_say_their_family(hashes: np.ndarray) -> None:
    """And equal signatures have equal band keys, one for each band."""
    recipe = Recipe()
    signatures = np.stack([fingerprint(hashes, recipe).signature] * 2)
    bands = band_keys(signatures, recipe)
    assert bands.shape == (2, recipe.bands)
    assert np.array_equal(bands[0], bands[1])
    assert len(set(bands[0].tolist())) == recipe.bands
    for keys, family in (
        (bands.ravel(), Family.BAND),
        (exact_keys(hashes), Family.EXACT),
        (sample_keys(hashes), Family.SAMPLE),
    ):
        assert {family_of(key) for key in keys.tolist()} <= {family}


def test_a_band_key_depends_on_its_own_rows_only() -> None:
    """Changing one value of the signature changes the key of its band and no other."""
    recipe = Recipe()
    signature = fingerprint(np.arange(1, 50, dtype=np.uint64) << np.uint64(33), recipe).signature
    before = band_keys(signature[None, :], recipe)[0]
    for place in range(recipe.bands * recipe.rows):
        changed = signature.copy()
        changed[place] ^= np.uint32(1)
        after = band_keys(changed[None, :], recipe)[0]
        assert np.flatnonzero(before != after).tolist() == [place // recipe.rows]
