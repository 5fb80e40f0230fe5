"""Chrome by the compiled loops: the same as :mod:`dedup.boilerplate.chrome`."""

import numpy as np
from numpy.typing import NDArray

from dedup.article import BLOCKS, Article
from dedup.boilerplate.chrome import Chrome, with_learned
from dedup.boilerplate.cues import ABOVE, REASONS, cue_chrome
from dedup.boilerplate.learned import Boilerplate
from dedup.boilerplate.marks import cue_marks
from dedup.boilerplate.phrases import phrase_table
from dedup.kernels.compiled import is_ready
from dedup.kernels.cues import REASON_KINDS, cue_units
from dedup.kernels.reading import ReadTexts, read_texts
from dedup.kernels.tokenise import code_point_table
from dedup.text import tokenize

__all__ = ["find_chrome_read", "flag_chrome"]

#: By what the loop writes; the last is that of no reason, -1.
_REASONS = (*(REASONS[kind] for kind in REASON_KINDS), ABOVE, None)


def flag_chrome(text: str, blocks: object = None) -> NDArray[np.bool_]:
    """Say of each unit whether it is chrome by cues, as :func:`cue_chrome`.

    Parameters
    ----------
    blocks : object
        As of :func:`cue_chrome`; whoever has them takes the plain path, and so does who
        has no machine code.
    """
    if blocks or not is_ready():
        reasons = cue_chrome(text, tokenize(text), blocks)
        return np.array([reason is not None for reason in reasons], np.bool_)
    return _codes(read_texts([text]), 0, cue_marks()) >= 0


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
            reasons = list(map(_REASONS.__getitem__, _codes(read, i, marks).tolist()))
    is_by_cues = np.array([reason is not None for reason in reasons], np.bool_)
    return Chrome(with_learned(reasons, hashes, units, learned), is_by_cues, hashes, learned)


def _codes(read: ReadTexts, i: int, marks: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return for each unit the place of why it is chrome by cues; -1 if it is not."""
    units = read.batch.units_of(i)
    codes = np.empty(len(units), np.int64)
    block, entry, _ = code_point_table()
    cue_units(
        read.points[i], marks, read.spans_of(i), read.batch.tokens_of(i), units, block, entry,
        *phrase_table(), codes,
    )  # fmt: skip
    return codes
