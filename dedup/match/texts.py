"""What two whole texts share, counted by the compiled loops.

The same as :func:`dedup.match.evidence.measure` of their bodies, in a tenth of the time.
"""

from collections.abc import Sequence

import numpy as np

from dedup.boilerplate.chrome import Chrome
from dedup.kernels.bodies import cut_bodies, mark_formulas
from dedup.kernels.evidence import PairMeasurer
from dedup.kernels.hashsets import hash_sets
from dedup.kernels.tokenise import TokenBatch
from dedup.match.body import MIN_BODY_WEIGHT
from dedup.match.evidence import MIN_RUN_WEIGHT, Evidence
from dedup.shingles import shingle_multipliers

__all__ = ["measure_texts"]

_PAIR = np.array([[0, 1]], np.int64)


def measure_texts(
    batch: TokenBatch, chromes: Sequence[Chrome], *, shingle_size: int = 5, seed: int = 0
) -> Evidence:
    """Count what the bodies of two texts share.

    Parameters
    ----------
    batch : TokenBatch
        Of both.
    chromes : Sequence[Chrome]
        What of each is chrome.
    """
    multipliers = shingle_multipliers(shingle_size, seed)
    is_chrome = np.concatenate(
        [chrome.is_out(batch.units_of(i)) for i, chrome in enumerate(chromes)]
    )
    cut = cut_bodies(batch, is_chrome, MIN_BODY_WEIGHT)
    bodies = cut.bodies
    learned = [chrome.learned.shingles for chrome in chromes]
    if any(map(len, learned)):
        mark_formulas(
            bodies.tokens, bodies.offsets, cut.has_body, np.arange(len(learned), dtype=np.int32),
            multipliers, *hash_sets(learned), bodies.is_formula, np.zeros(len(learned), np.bool_),
        )  # fmt: skip
    (row,) = PairMeasurer()(bodies, _PAIR, multipliers, MIN_RUN_WEIGHT).tolist()
    return Evidence(bool(row[0]), *row[1:])
