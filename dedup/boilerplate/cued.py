"""Chrome by the compiled loops: the same as :mod:`dedup.boilerplate.chrome`."""

import numpy as np
from numpy.typing import NDArray

from dedup.article import BLOCKS, Article
from dedup.boilerplate.chrome import Chrome, with_learned
from dedup.boilerplate.cues import ABOVE, REASONS, cue_chrome
from dedup.boilerplate.learned import Boilerplate
from dedup.boilerplate.phrases import phrase_table
from dedup.kernels.cues import REASON_KINDS, cue_units
from dedup.kernels.reading import ReadTexts
from dedup.kernels.tokenise import code_point_table
from dedup.text import tokenize

__all__ = ["find_chrome_read"]

#: By what the loop writes; the last is that of no reason, -1.
_REASONS = (*(REASONS[kind] for kind in REASON_KINDS), ABOVE, None)


def find_chrome_read(
    article: Article,
    read: ReadTexts,
    i: int,
    boilerplate: Boilerplate | None,
    marks: NDArray[np.uint16],
) -> Chrome:
    """Tell the chrome of an article that was read already.

    Parameters
    ----------
    read : ReadTexts
        Its text is number i there.
    boilerplate : Boilerplate | None
        What the sites repeat; a site that it knows too little of is judged by cues.
    marks : uint16
        What code points are, in the bits of :mod:`dedup.kernels.cutting`.
    """
    learned = (boilerplate or Boilerplate()).of(article.site)
    units, hashes = read.batch.units_of(i), read.batch.tokens_of(i)
    reasons: list[str | None] = [None] * len(units)
    if learned.needs_cues:
        blocks = article.extra.get(BLOCKS)
        if blocks:
            reasons = cue_chrome(article.text, tokenize(article.text), blocks)
        else:
            reasons = _cue_units(read, i, marks)
    is_by_cues = np.array([reason is not None for reason in reasons], np.bool_)
    return Chrome(with_learned(reasons, hashes, units, learned), is_by_cues, hashes, learned)


def _cue_units(read: ReadTexts, i: int, marks: NDArray[np.uint16]) -> list[str | None]:
    """Return for each unit why it is site chrome by cues alone, or None."""
    units = read.batch.units_of(i)
    codes = np.empty(len(units), np.int64)
    block, entry, _ = code_point_table()
    cue_units(
        read.points[i], marks, read.spans_of(i), read.batch.tokens_of(i), units, block, entry,
        *phrase_table(), codes,
    )  # fmt: skip
    return list(map(_REASONS.__getitem__, codes.tolist()))
