"""What stored bodies are to an article's."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index, StoredArticle
from dedup.match import MIN_RUN_WEIGHT, Evidence, Policy
from dedup.shingles import shingle_multipliers
from dedup.stream.bodies import Own, Reading
from dedup.stream.shelf import Outlines, Shelf
from dedup.stream.sites import KnownSite, Sites

__all__ = ["AT_ONCE", "FEW", "FIELDS", "Comparer", "Measured"]

#: So many stored bodies are compared at once.
AT_ONCE = 512
#: So many are compared without being screened.
FEW = 16
_NO_ROWS: Mapping[int, StoredArticle] = {}
#: Of :class:`~dedup.match.Evidence`.
FIELDS = len(fields(Evidence))


class Measured(NamedTuple):
    """What a body shares with those of n stored articles, and what it is to each.

    Attributes
    ----------
    numbers : sequence of n
        Of the articles; those that are plainly distinct may be left out.
    counts : int64 of shape (n, 14)
        Fields of :class:`~dedup.match.Evidence`; zeros where the pair is plainly distinct.
    relations : sequence of n
        As places in :data:`~dedup.match.RELATIONS`.
    strengths : sequence of n
        As :attr:`~dedup.match.Match.strength`; of distinct pairs 0.
    rows : mapping of int to StoredArticle
        Of the articles that were read for it, those left out too.
    """

    numbers: Sequence[int]
    counts: NDArray[np.int64]
    relations: Sequence[int]
    strengths: Sequence[float]
    rows: Mapping[int, StoredArticle]


class Comparer:
    """Compares bodies with those of stored articles, of which it keeps some at hand.

    Attributes
    ----------
    multipliers : uint64
        Of shingles.
    shelf : Shelf
    outlines : Outlines
        The bodies at hand.
    """

    def __init__(self, index: Index, sites: Sites) -> None:
        # Imported here once, not for each article.
        from dedup.kernels.against import measure_against
        from dedup.kernels.judging import LINES
        from dedup.kernels.screening import encode_body, screen

        self._measure_against, self._screen, self._encode_body = (
            measure_against, screen, encode_body,
        )  # fmt: skip
        self._line_names = LINES
        recipe = index.settings.recipe
        self._sites = sites
        self.multipliers = shingle_multipliers(recipe.shingle_size, recipe.seed)
        self.outlines = Outlines(index, sites, self.multipliers)
        self.shelf = Shelf(index, sites, self.multipliers)
        self._judging: Policy | None = None
        self._lines = np.empty(0, np.float64)

    def put(self, number: int, reading: Reading, own: Own, known: KnownSite) -> None:
        """Have the body of an article at hand that was added: copies often come soon.

        Parameters
        ----------
        known : KnownSite
            What it was cut by.
        """
        if self._sites.of(reading.site) is not known:
            return
        self.shelf.put(number, reading.site, known, own.tokens, own.chosen.is_formula)
        if self.outlines.is_current:
            codes = np.empty(len(own.tokens), np.uint16)
            self._encode_body(own.tokens, self.multipliers, codes)
            self.outlines.put(number, reading.site, known, codes)

    def put_several(
        self,
        added: Sequence[tuple[int, Reading, Own]],
        known: Mapping[str, KnownSite],
    ) -> None:
        """Do as :meth:`put` for many articles, each with its number.

        Parameters
        ----------
        known : mapping of str to KnownSite
            What those of each site were cut by.
        """
        from dedup.kernels.ahead import encode_bodies

        is_good = {site: self._sites.of(site) is cut_by for site, cut_by in known.items()}
        kept = [
            (number, reading.site, own) for number, reading, own in added if is_good[reading.site]
        ]
        if not kept:
            return
        numbers, sites, owns = zip(*kept, strict=True)
        tokens = np.concatenate([own.tokens for own in owns])
        is_formula = np.concatenate([own.chosen.is_formula for own in owns])
        lengths = np.array([len(own.tokens) for own in owns], np.int64)
        self.shelf.put_several(numbers, sites, known, lengths, tokens, is_formula)
        if self.outlines.is_current:
            codes = np.empty(len(tokens), np.uint16)
            encode_bodies(tokens, lengths, self.multipliers, codes)
            self.outlines.put_several(numbers, sites, known, lengths, codes)

    def measure(self, own: Own, numbers: Sequence[int], policy: Policy) -> Measured:
        """Compare a body with those of some stored articles, at least one, and judge.

        Forgotten articles are left out.
        """
        lines = self.lines_of(policy)
        parts = []
        for first in range(0, len(numbers), AT_ONCE):
            some, rows = numbers[first : first + AT_ONCE], _NO_ROWS
            if len(some) > FEW:
                some, rows = self._screened(own, some, lines)
            found = self.shelf.gather(some, rows)
            count = len(found.numbers)
            counts = np.zeros((count, FIELDS), np.int64)
            relations, strengths = np.empty(count, np.int64), np.empty(count)
            if count:
                tokens, is_formula = self.shelf.columns
                self._measure_against(
                    own.tokens, own.chosen.is_formula, tokens, is_formula, found.starts,
                    found.ends, self.multipliers, MIN_RUN_WEIGHT, lines, counts,
                    relations, strengths,
                )  # fmt: skip
            parts.append(
                Measured(
                    found.numbers, counts, relations.tolist(), strengths.tolist(),
                    {**rows, **found.rows},
                )
            )  # fmt: skip
        return parts[0] if len(parts) == 1 else _joined(parts)

    def lines_of(self, policy: Policy) -> NDArray[np.float64]:
        """Return a policy's lines as the loops take them."""
        if policy is not self._judging:
            self._judging = policy
            self._lines = np.array([getattr(policy, name) for name in self._line_names], np.float64)
        return self._lines

    def _screened(
        self, own: Own, numbers: Sequence[int], lines: NDArray[np.float64]
    ) -> tuple[list[int], Mapping[int, StoredArticle]]:
        """Return those that may match a body, and what was read for it."""
        found = self.outlines.gather(numbers)
        may_match = np.empty(len(found.numbers), np.bool_)
        (codes,) = self.outlines.columns
        self._screen(
            own.tokens, own.chosen.is_formula, codes, found.starts, found.ends,
            self.multipliers, lines, may_match,
        )  # fmt: skip
        return list(compress(found.numbers, may_match.tolist())), found.rows


def _joined(parts: Sequence[Measured]) -> Measured:
    return Measured(
        [number for part in parts for number in part.numbers],
        np.concatenate([part.counts for part in parts]),
        [relation for part in parts for relation in part.relations],
        [strength for part in parts for strength in part.strengths],
        {number: row for part in parts for number, row in part.rows.items()},
    )
