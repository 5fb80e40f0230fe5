"""Posting lists in PostgreSQL: a table of key, article number and sample size."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.index.posting_lists import Posted
from dedup.shingles import Hashes

if TYPE_CHECKING:
    from psycopg import Copy
    from psycopg.rows import TupleRow

__all__ = ["BEFORE_ALL", "PostgresPostings"]

_GET_NEWEST = """
    SELECT place, number, samples
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (key, place)
    CROSS JOIN LATERAL (
        SELECT number, samples FROM {s}.posting WHERE posting.key = asked.key
        ORDER BY number DESC LIMIT %s
    ) AS found
    ORDER BY place, number
"""
_GET_MISSING = """
    SELECT place
    FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS asked (key, number, place)
    WHERE NOT EXISTS (
        SELECT FROM {s}.posting WHERE posting.key = asked.key AND posting.number = asked.number
    )
"""
_INSERT = """
    INSERT INTO {s}.posting
    SELECT key, number, samples
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS asked (key, number, samples)
    JOIN {s}.article USING (number)
    ON CONFLICT DO NOTHING
"""
_STEP = """
    SELECT key, number FROM (
        SELECT key, number FROM {s}.posting WHERE (key, number) > (%s, %s)
        ORDER BY key, number LIMIT %s
    ) AS step
    ORDER BY key DESC, number DESC LIMIT 1
"""
_THIN = """
    DELETE FROM {s}.posting WHERE (key, number) > (%s, %s) AND (key, number) <= (%s, %s)
    AND NOT EXISTS (SELECT FROM {s}.article WHERE article.number = posting.number)
"""
#: Others wait for their turn as long as a step takes.
_POSTINGS_AT_ONCE = 20_000
#: Where :meth:`PostgresPostings.thin` begins.
BEFORE_ALL = (-(1 << 63), 0)


class PostgresPostings:
    """The posting lists of one index.

    Parameters
    ----------
    run
        Runs a query with its values and returns the rows; ``{s}`` in it is the schema.
    """

    def __init__(self, run: "Callable[..., list[TupleRow]]") -> None:
        self._run = run

    @property
    def count(self) -> int:
        """Postings so far."""
        return int(self._run("SELECT count(*) FROM {s}.posting")[0][0])

    def newest(self, keys: Sequence[int], most: int) -> list[Posted]:
        """Return the newest postings of each key."""
        signed = np.array(keys, np.uint64).view(np.int64).tolist()
        found: list[list[tuple[int, int]]] = [[] for _ in keys]
        for place, number, samples in self._run(_GET_NEWEST, signed, most):
            found[place - 1].append((number, samples))
        return [np.array(one, np.uint64).reshape(-1, 2) for one in found]

    def append(self, copy: "Copy", keys: Hashes, number: int, samples: int) -> None:
        """Append the postings of the newest article."""
        for key in np.unique(keys.view(np.int64)).tolist():
            copy.write_row((key, number, samples))

    def missing(self, asked: Sequence[tuple[int, Hashes]]) -> list[NDArray[np.bool_]]:
        """Return for articles and their keys which of these are not posted."""
        sizes = [len(keys) for _, keys in asked]
        keys = np.concatenate([keys for _, keys in asked]).view(np.int64)
        numbers = np.repeat([number for number, _ in asked], sizes)
        is_missing = np.zeros(len(keys), np.bool_)
        for (place,) in self._run(_GET_MISSING, keys.tolist(), numbers.tolist()):
            is_missing[place - 1] = True
        return np.split(is_missing, np.cumsum(sizes)[:-1])

    def insert(self, postings: Sequence[tuple[int, Hashes, int]]) -> None:
        """Insert postings of those articles that are still there."""
        keys = np.concatenate([keys for _, keys, _ in postings]).view(np.int64)
        sizes = [len(keys) for _, keys, _ in postings]
        numbers = np.repeat([number for number, _, _ in postings], sizes)
        samples = np.repeat([samples for _, _, samples in postings], sizes)
        self._run(_INSERT, keys.tolist(), numbers.tolist(), samples.tolist())

    def thin(self, after: tuple[int, int]) -> tuple[int, int] | None:
        """Drop, of the next postings, those of what was forgotten.

        Parameters
        ----------
        after : tuple of int
            The key and number of the last posting that was looked at.

        Returns
        -------
        tuple of int, or None
            The last that was looked at now; None when there were no more.
        """
        for key, number in self._run(_STEP, *after, _POSTINGS_AT_ONCE):
            self._run(_THIN, *after, key, number)
            return key, number
        return None
