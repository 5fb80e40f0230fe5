"""What an index keeps of an article: shingle hashes, MinHash signature, sample.

References
----------
A. Broder, "On the resemblance and containment of documents", 1997 (MinHash, and
the sketch of hashes that are 0 modulo m, here: below 2**64 / m).
datasketch 2.0, ``MinHash`` with scheme ``affine32``: signatures are the same.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.errors import ArgumentError, OptionalDependencyError
from dedup.shingles import Hashes
from dedup.text import load_code_points

if TYPE_CHECKING:
    from datasketch import LeanMinHash, MinHash

__all__ = ["Fingerprint", "Recipe", "fingerprint", "permutations", "signature_of_minhash"]

Signature = NDArray[np.uint32]
_MAX_HASH = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every parameter that changes a hash.

    Parameters
    ----------
    shingle_size : int
        Tokens a shingle, 1 to 32.
    num_perm : int
        Length of the MinHash signature; ``bands * rows`` of it are used.
    bands, rows : int
        Of the signature. Verification follows, so they are chosen for recall.
    sample_every : int
        One shingle in so many is sampled, by its hash.
    sample_floor : int
        A short article samples at least so many of its smallest hashes.
    seed : int
        Secret of an index against crafted collisions; 0 is public.
    minhash_seed : int
        Of the permutations, as in datasketch.
    """

    shingle_size: int = 5
    num_perm: int = 64
    bands: int = 16
    rows: int = 4
    sample_every: int = 8
    sample_floor: int = 16
    seed: int = 0
    minhash_seed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.shingle_size <= 32:
            raise ArgumentError(f"shingle_size is {self.shingle_size}: use 1 to 32")
        if self.bands < 1 or self.rows < 1 or self.bands * self.rows > self.num_perm:
            raise ArgumentError(
                f"bands * rows is {self.bands} * {self.rows}: use 1 to num_perm = {self.num_perm}"
            )
        if self.sample_every < 1 or self.sample_floor < 0:
            raise ArgumentError("sample_every must be at least 1, sample_floor at least 0")
        if not 0 <= self.seed < 1 << 64:
            raise ArgumentError("seed must be a 64-bit number, 0 or more")

    @property
    def digest(self) -> str:
        """The recipe's name: 16 hexadecimal digits, the code-point table included."""
        parts = [f"{name}={value}" for name, value in sorted(asdict(self).items())]
        parts.append(f"code_points={load_code_points().digest}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def sample_limit(self) -> int:
        """Shingle hashes up to this one are sampled."""
        return ((1 << 64) - 1) // self.sample_every


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an index keeps of one article's body.

    Attributes
    ----------
    shingles : uint64 of shape (n,)
        Distinct, sorted.
    signature : uint32 of shape (num_perm,)
        MinHash; all ones for an empty body.
    sample : uint64 of shape (k,)
        Sorted: the shingles below ``sample_limit``, at least the
        ``sample_floor`` smallest.
    """

    shingles: Hashes
    signature: Signature
    sample: Hashes

    def to_minhash(self, recipe: Recipe) -> "MinHash":
        """Return the signature as datasketch's ``MinHash``, for its ``MinHashLSH``."""
        try:
            from datasketch import MinHash
        except ImportError as error:
            raise OptionalDependencyError(
                "datasketch", "datasketch", "conversion to MinHash"
            ) from error
        return MinHash(
            num_perm=recipe.num_perm,
            seed=recipe.minhash_seed,
            hashvalues=self.signature.copy(),
            permutations=permutations(recipe),
            scheme="affine32",
        )

    def to_lean_minhash(self, recipe: Recipe) -> "LeanMinHash":
        """Return the signature as datasketch's ``LeanMinHash``."""
        minhash = self.to_minhash(recipe)
        from datasketch import LeanMinHash

        return LeanMinHash(minhash)


def signature_of_minhash(minhash: "MinHash | LeanMinHash", recipe: Recipe) -> Signature:
    """Take a signature out of datasketch's ``MinHash`` or ``LeanMinHash``.

    Raises
    ------
    ArgumentError
        It was made by another scheme, seed or number of permutations.
    """
    found = (minhash.scheme, minhash.seed, len(minhash))
    wanted = ("affine32", recipe.minhash_seed, recipe.num_perm)
    if found != wanted:
        raise ArgumentError(f"MinHash has (scheme, seed, num_perm) {found}: the recipe's {wanted}")
    return np.asarray(minhash.hashvalues, np.uint32).copy()


def permutations(recipe: Recipe) -> tuple[Signature, Signature]:
    """Return the multipliers and shifts of the permutations, as datasketch draws them."""
    draw = np.random.RandomState(recipe.minhash_seed)
    a = draw.randint(0, 1 << 31, recipe.num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, draw.randint(0, 1 << 32, recipe.num_perm, dtype=np.uint32)


def fingerprint(shingles: Hashes, recipe: Recipe | None = None) -> Fingerprint:
    """Fingerprint a body.

    Parameters
    ----------
    shingles : uint64
        Shingle hashes of the body; zeros are left out.
    """
    recipe = recipe or Recipe()
    distinct = np.unique(shingles[shingles != 0])
    below = int(np.searchsorted(distinct, np.uint64(recipe.sample_limit), side="right"))
    return Fingerprint(
        distinct, _signature(distinct, recipe), distinct[: max(below, recipe.sample_floor)]
    )


def _signature(distinct: Hashes, recipe: Recipe) -> Signature:
    signature = np.full(recipe.num_perm, _MAX_HASH, np.uint32)
    mixed = (distinct & np.uint64(_MAX_HASH)).astype(np.uint32)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    a, b = permutations(recipe)
    for part in _chunks(mixed):
        permuted = part[:, None] * a[None, :] + b[None, :]
        signature = np.minimum(signature, permuted.min(axis=0))
    return signature


def _chunks(values: Signature, size: int = 8192) -> Iterable[Signature]:
    return (values[start : start + size] for start in range(0, len(values), size))
