"""What the loops of a diff know of two texts: few arrays, which every loop is given.

Both texts' sentences are numbered in one row, a's before b's, and so are their words.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BEHIND", "COLUMNS", "COUNT", "DISTINCT", "FREE", "HEAD", "KEY", "LINK_COLUMNS", "N_PAIRS",
    "N_WORDS", "PAIRS", "START", "TOTAL", "WEIGHT", "WORDS", "WORD_ROWS", "Texts",
]  # fmt: skip

#: Columns of the table, a row a sentence: where its words start (so one row more than
#: sentences); a number that sentences of the same words have alike;
START, KEY = 0, 1
#: whether it may be linked; its first link, or -1; how many links it has;
FREE, HEAD, COUNT = 2, 3, 4
#: its distinct words (-1 before anybody asked), distinct pairs of words, and weight;
N_WORDS, N_PAIRS, WEIGHT = 5, 6, 7
#: the weight of the words it shares with the one that candidates are looked for.
TOTAL = 8
COLUMNS = 9
#: Rows of ``words``: of all sentences, from START on; the distinct ones, sorted; the
#: distinct pairs, sorted.
WORDS, DISTINCT, PAIRS = range(3)
WORD_ROWS = 3
#: Columns of ``links``: sentence of a, of b; from here on the sentence's next link, in
#: the order of the other text, for either side.
BEHIND = 2
LINK_COLUMNS = 4


class Texts(NamedTuple):
    """The sentences of both texts, their words and their links.

    Attributes
    ----------
    table : int64 of shape (sentences + 1, COLUMNS)
        The last row's START is the end of the words, its COUNT how many links were made.
    words : int64 of shape (WORD_ROWS, words)
        Numbers of a vocabulary of both texts.
    weights : int64
        Of the vocabulary's words.
    links : int64 of shape (room, LINK_COLUMNS)
    masses : float64
        Of the sentences.
    n_a : int
        How many of the sentences are a's.
    """

    table: NDArray[np.int64]
    words: NDArray[np.int64]
    weights: NDArray[np.int64]
    links: NDArray[np.int64]
    masses: NDArray[np.float64]
    n_a: int
