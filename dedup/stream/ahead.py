"""What can be found of many articles at once, before the first of them is added.

Until a site is learned again the bodies of articles do not depend on those before them,
and their candidates only by the postings that these will have.
"""

from collections.abc import Sequence
from concurrent.futures import Executor

from dedup.index import Index
from dedup.index.protocol import Sharing
from dedup.stream.bodies import Cutter, Own, Reading
from dedup.stream.sites import until_learning

__all__ = ["Lookahead"]

#: Fewer articles are looked at one by one: what is for many has a cost of its own.
_LEAST = 4


class Lookahead:
    """The bodies and candidates of articles that are added one after another.

    Used within the transaction that adds them.

    Parameters
    ----------
    readings : sequence of Reading
        In the order in which they are added.
    threads : Executor
        Of which one helps.
    """

    def __init__(
        self, index: Index, cutter: Cutter, readings: Sequence[Reading], threads: Executor
    ) -> None:
        self._index = index
        self._cutter = cutter
        self._readings = readings
        self._threads = threads
        self._next = self._end = 0
        self._start = 0
        self._owns: Sequence[Own] = ()
        self._sharings: Sequence[Sharing] = ()
        #: Numbers of those that were added without the postings of a body.
        self._twins: set[int] = set()

    def next(self) -> tuple[Own, Sharing | None]:
        """Return the body of the next article, and its candidates if they are known.

        All articles before it are added.
        """
        if self._next == self._end:
            self._look()
        place = self._next - self._start
        self._next += 1
        if place >= len(self._owns):
            return self._cutter.cut(self._readings[self._next - 1]), None
        own = self._owns[place]
        if place >= len(self._sharings):
            return own, None
        return own, self._without_twins(self._sharings[place])

    def note_twin(self, number: int) -> None:
        """Note that an article is posted under its names only."""
        self._twins.add(number)

    def _look(self) -> None:
        """Look at the articles until a site is learned again."""
        coming = self._readings[self._next :]
        count = until_learning(self._index, [one.site for one in coming])
        self._start, self._end = self._next, self._next + count
        self._owns = self._sharings = ()
        self._twins.clear()
        if count >= _LEAST:
            self._owns, keys = self._cutter.cut_many(coming[:count], self._threads)
            self._sharings = self._index.find_ahead(keys, self._threads)

    def _without_twins(self, sharing: Sharing) -> Sharing | None:
        """Return what is shared, given who is a twin; None if that has to be looked for."""
        if self._twins.isdisjoint(sharing.numbers) and not (self._twins and sharing.cut_keys):
            return sharing
        if sharing.cut_keys:
            return None
        return Sharing([n for n in sharing.numbers if n not in self._twins], 0)
