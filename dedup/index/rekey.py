"""The posting keys of a stored article, made again from its row."""

import numpy as np

from dedup.fingerprint import Recipe
from dedup.index.names import name_keys
from dedup.index.stored import StoredArticle
from dedup.shingles import Hashes, shingle_multipliers

__all__ = ["Rekeyer"]


class Rekeyer:
    """Makes the keys of rows again, as they were when the articles were added."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)

    def keys_of(self, row: StoredArticle) -> tuple[Hashes, int]:
        """Return all keys of an article, and how many of them are samples."""
        from dedup.kernels.gate import body_keys

        tokens, units, chosen = row.tokens, row.units, row.chosen
        given = name_keys(row.id, row.url, row.site, row.same_as, tokens, units)
        names = np.array(given, np.uint64)
        if row.same_as:
            return names, 0
        lengths = np.diff(np.append(units.astype(np.int64), len(tokens)))
        body = tokens[np.repeat(~chosen.is_out, lengths)]
        keys = body_keys(
            body,
            chosen.is_formula,
            self._multipliers,
            np.uint64(self._recipe.sample_limit),
            self._recipe.sample_floor,
        )
        return np.concatenate((keys, names)), chosen.samples
