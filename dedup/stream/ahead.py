"""What can be found of many articles at once, before the first of them is added.

Until a site is learned again the bodies of articles do not depend on those before them,
and what they share with others only by the postings that these will have.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import compress
from typing import NamedTuple

from dedup.index import Index
from dedup.index.protocol import MOST_REPEATS, Sharing
from dedup.match import Policy
from dedup.stream.bodies import Cutter, Own, Reading
from dedup.stream.comparing import Comparer, Measured
from dedup.stream.found import twins_of
from dedup.stream.several import MeasuredAhead
from dedup.stream.sites import KnownSite, until_learning

__all__ = ["Expected", "Lookahead"]

#: Fewer articles are looked at one by one: what is for many has a cost of its own.
_LEAST = 4


class Expected(NamedTuple):
    """What is known of an article when its turn comes.

    ``sharing`` are its candidates, ``measured`` what they are to it; None where that has
    to be looked for.
    """

    own: Own
    sharing: Sharing | None = None
    measured: Measured | None = None


class Lookahead:
    """The bodies, candidates and matches of articles that are added one after another.

    Used within the transaction that adds them.

    Parameters
    ----------
    readings : sequence of Reading
        In the order in which they are added.
    threads : Executor
        Of which one helps.
    """

    def __init__(
        self,
        index: Index,
        cutter: Cutter,
        comparer: Comparer,
        policy: Policy,
        readings: Sequence[Reading],
        threads: Executor,
    ) -> None:
        self._index = index
        self._cutter = cutter
        self._comparer = comparer
        self._policy = policy
        self._readings = readings
        self._threads = threads
        self._next = self._end = 0
        self._start = 0
        self._owns: Sequence[Own] = ()
        self._sharings: Sequence[Sharing] = ()
        self._measured: MeasuredAhead | None = None
        #: Of the articles looked at, those that were added with a body, and their numbers.
        self._added: list[tuple[int, Reading, Own]] = []
        #: What the bodies of each site were cut by.
        self._known: dict[str, KnownSite] = {}
        #: Numbers of those that were added without the postings of a body.
        self._twins: set[int] = set()
        #: The keys that their bodies would have been posted under.
        self._unposted: set[int] = set()
        #: The number of the first article looked at.
        self._first = 0
        #: Who repeats the words of an article, newest first.
        self._repeats: dict[int, list[int]] = {}

    def next(self) -> Expected:
        """Return what is known of the next article; all before it are added."""
        self.look()
        place = self._next - self._start
        self._next += 1
        if place >= len(self._owns):
            return Expected(self._cutter.cut(self._readings[self._next - 1]))
        own = self._owns[place]
        if self._measured is None or place >= len(self._sharings):
            return Expected(own)
        while not self._measured.is_found(place):
            self._expect(self._measured.compare_more())
        sharing, measured = self._sharings[place], self._measured.of(place)
        if self._twins:
            return self._without_twins(own, sharing, measured)
        return Expected(own, sharing, measured)

    def look(self) -> None:
        """Look at articles to come, if all that were looked at are added."""
        if self._next == self._end:
            self.close()
            self._look()

    def note(self, number: int, reading: Reading, own: Own, known: KnownSite) -> None:
        """Note that an article was added whose body was cut by what is known of its site."""
        if len(self._sharings) > 1:
            self._added.append((number, reading, own))
            self._known[reading.site] = known
        else:
            self._comparer.put(number, reading, own, known)

    def close(self) -> None:
        """Have the bodies of the articles that were added at hand."""
        if self._added:
            self._comparer.put_several(self._added, self._known)
            self._added.clear()
            self._known.clear()

    def note_twin(self, number: int, same_as: int) -> None:
        """Note that an article is posted under its names only, as it repeats another."""
        self._twins.add(number)
        if self._owns:
            self._unposted.update(self._owns[self._next - 1 - self._start].keys.tolist())
        if same_as >= self._first or same_as in self._repeats:
            self._repeats[same_as] = [number, *self._repeats.get(same_as, ())][: MOST_REPEATS + 1]

    def twins_of(self, numbers: Sequence[int]) -> list[list[int]]:
        """Do as :func:`~dedup.stream.found.twins_of`."""
        if self._owns and all(n in self._repeats or n >= self._first for n in numbers):
            return [self._repeats.get(number, []) for number in numbers]
        return twins_of(self._index, numbers)

    def _look(self) -> None:
        """Look at the articles until a site is learned again."""
        coming = self._readings[self._next :]
        count = until_learning(self._index, [one.site for one in coming])
        self._start, self._end = self._next, self._next + count
        self._owns = self._sharings = ()
        self._measured = None
        self._twins.clear()
        self._unposted.clear()
        self._repeats.clear()
        if count >= _LEAST:
            self._first = self._index.next_number
            self._owns, keys = self._cutter.cut_many(coming[:count], self._threads)
            self._sharings = self._index.find_ahead(keys, self._threads)
            self._measured = MeasuredAhead(
                self._index, self._comparer, self._owns[: len(self._sharings)], self._sharings,
                self._policy, self._threads,
            )  # fmt: skip

    def _expect(self, found: Sequence[Measured]) -> None:
        """Look up who repeats the words of the articles found."""
        related = dict.fromkeys(
            number
            for measured in found
            for number in measured.numbers
            if number < self._first and number not in self._repeats
        )
        if related:
            asked = list(related)
            self._repeats.update(zip(asked, twins_of(self._index, asked), strict=True))

    def _without_twins(self, own: Own, sharing: Sharing, measured: Measured | None) -> Expected:
        """Return what is known, given who is a twin."""
        has_twins = not self._twins.isdisjoint(sharing.numbers)
        if sharing.cut_keys and (has_twins or not self._unposted.isdisjoint(own.keys.tolist())):
            # The keys that were cut may propose others then.
            return Expected(own)
        if not has_twins:
            return Expected(own, sharing, measured)
        sharing = Sharing([n for n in sharing.numbers if n not in self._twins], 0)
        if measured is not None and not self._twins.isdisjoint(measured.numbers):
            stays = [number not in self._twins for number in measured.numbers]
            measured = Measured(
                list(compress(measured.numbers, stays)), measured.counts[stays],
                list(compress(measured.relations, stays)),
                list(compress(measured.strengths, stays)), measured.rows,
            )  # fmt: skip
        return Expected(own, sharing, measured)
