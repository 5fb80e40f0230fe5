"""What a site repeats, learned from its stored articles."""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import TokensOfTexts, learn_from_units
from dedup.fingerprint import Recipe
from dedup.index import Index, SiteState, StoredArticle
from dedup.index.names import site_key
from dedup.shingles import Hashes
from dedup.stream.sites import WINDOW

if TYPE_CHECKING:
    from dedup.kernels.tokenise import TokenBatch
    from dedup.kernels.units import UnitBatch

__all__ = ["learn_site", "words_of"]

#: To wake a thread takes longer than what it does for fewer articles.
_WORTH_A_THREAD = 32
#: Articles read at a time: their words stay in the processor's cache.
_READ_AT_ONCE = 128


def learn_site(
    index: Index, name: str, articles: int, recipe: Recipe, threads: Executor | None = None
) -> SiteState:
    """Learn a site's boilerplate from its newest articles, with the help of a thread.

    As :func:`~dedup.boilerplate.learned.learn_boilerplate` does from the same articles.
    Once a site has more than ``WINDOW`` articles, what it repeated before stays known.
    """
    from dedup.kernels.units import join_unit_batches

    numbers = index.numbers_of(site_key(name), WINDOW)
    threads = threads if len(numbers) >= _WORTH_A_THREAD else None
    rows: list[StoredArticle] = []
    read: list[tuple[UnitBatch, NDArray[np.int64]]] = []
    for first in range(0, len(numbers), _READ_AT_ONCE):
        some = index.rows(numbers[first : first + _READ_AT_ONCE], is_once=True)
        rows += some
        read.append(_units_of(some))
    units = join_unit_batches([its for its, _ in read])
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(np.concatenate([counts for _, counts in read]), out=offsets[1:])
    learned = learn_from_units(
        lambda members: (units.hashes, units.weights, offsets, members),
        units.digests,
        [name or None] * len(rows),
        partial(_tokens_of, rows),
        shingle_size=recipe.shingle_size,
        seed=recipe.seed,
        threads=threads,
    ).of(name)
    if articles <= WINDOW or (old := index.site(name)) is None:
        return SiteState(name, learned.articles, learned.units, learned.shingles)
    return SiteState(
        name,
        learned.articles,
        _united(old.units, learned.units),
        _united(old.shingles, learned.shingles),
    )


def words_of(rows: Sequence[StoredArticle]) -> "TokenBatch":
    """Return the words of stored articles, one after another."""
    from dedup.kernels.tokenise import TokenBatch

    words = [row.words for row in rows]
    return TokenBatch(
        *_joined([tokens for tokens, _ in words], np.uint64),
        *_joined([units for _, units in words], np.uint32),
    )


def _units_of(rows: Sequence[StoredArticle]) -> "tuple[UnitBatch, NDArray[np.int64]]":
    """Return the units of some articles, and how many each has."""
    from dedup.kernels.units import units_of_batch

    batch = words_of(rows)
    return units_of_batch(batch), np.diff(batch.unit_offsets)


def _tokens_of(rows: Sequence[StoredArticle], members: NDArray[np.int64]) -> TokensOfTexts:
    """Return the tokens of some of the articles."""
    tokens = [rows[place].words[0] for place in members.tolist()]
    return *_joined(tokens, np.uint64), np.arange(len(members))


def _joined(
    parts: Sequence[memoryview], dtype: type[np.unsignedinteger[Any]]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the bytes of arrays as one array, and where each begins and the last ends."""
    joined = np.frombuffer(b"".join(parts), dtype)
    offsets = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) // joined.itemsize for part in parts], out=offsets[1:])
    return joined, offsets


def _united(known: Hashes, learned: Hashes) -> Hashes:
    """Return two sorted sets as one; linear, as few are added to many."""
    places = np.searchsorted(known, learned)
    is_new = np.ones(len(learned), np.bool_)
    inside = places < len(known)
    is_new[inside] = known[places[inside]] != learned[inside]
    return np.insert(known, places[is_new], learned[is_new])
