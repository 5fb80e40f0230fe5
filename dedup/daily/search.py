"""What new articles match in an archive, and what that matches there in turn."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import NO_SITE
from dedup.daily.pairs import Pairs
from dedup.daily.sites import DaySites
from dedup.detector import Corpus, Progress
from dedup.index import Index, StoredArticle
from dedup.match import Evidence, Matches, Policy
from dedup.stream.bodies import Cutter, Own, Reading
from dedup.stream.found import Finding, find_matches

__all__ = ["Search"]

#: Of a body that matches more articles than this only the first article is paired with
#: all of them; the next with that body are paired with the strongest.
CROWD = 64
_COLUMNS = len(fields(Evidence))
_NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)


class Search:
    """Finds what new articles match in an archive; within its snapshot.

    Attributes
    ----------
    rows : dict[int, StoredArticle]
        The articles of the archive that are in a pair, by number.
    measured : int
        Pairs that were compared.
    cut_keys, unlisted : int
        As of :class:`~dedup.stream.Verdict`, of all articles.
    """

    def __init__(self, index: Index, sites: DaySites, policy: Policy) -> None:
        self._index = index
        self._policy = policy
        self._cutter = Cutter(index.settings.recipe, sites)
        self._crowds: dict[bytes, Finding] = {}
        self.rows: dict[int, StoredArticle] = {}
        self.measured = self.cut_keys = self.unlisted = 0

    def run(self, corpus: Corpus, progress: Progress | None = None) -> list[Pairs]:
        """Find the pairs of new articles, then of what they are duplicates of, and so on.

        Each article is looked at once, so the time is linear in the new articles and
        in those of the clusters that they join.
        """
        first = len(corpus)
        pairs = self._pairs(_new(corpus), first, progress)
        found = [pairs]
        seen: set[int] = set()
        while reached := self._reached(pairs, first) - seen:
            seen |= reached
            pairs = self._pairs(self._archived(sorted(reached), first), first)
            found.append(pairs)
        return found

    def _reached(self, pairs: Pairs, first: int) -> set[int]:
        """Return the numbers that the policy counts as duplicates of something."""
        is_duplicate = pairs.judged_by(self._policy).is_duplicate
        return set((pairs.b[is_duplicate] - first).tolist())

    def _archived(self, numbers: list[int], first: int) -> Iterator[tuple[int, Reading]]:
        for number in numbers:
            row = self.rows[number]
            words = self._index.rows([row.same_as])[0] if row.same_as else row
            reading = Reading(row.article(), row.site, words.tokens, words.units, words.cues)
            yield first + number, reading

    def _pairs(
        self,
        readings: Iterable[tuple[int, Reading]],
        first: int,
        progress: Progress | None = None,
    ) -> Pairs:
        nodes, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        counts, days = [np.empty((0, _COLUMNS), np.int32)], [np.empty(0, np.float64)]
        for done, (node, reading) in enumerate(readings):
            if progress and done % 1000 == 0:
                progress("compare with the archive", done, first)
            finding = self._found(reading, self._cutter.cut(reading))
            matches = finding.matches
            if not isinstance(matches, Matches):
                continue  # nothing was found
            numbers = np.array([row.number for row in finding.rows], np.int64)
            is_other = numbers + first != node
            self.rows |= {row.number: row for row in finding.rows}
            nodes.append(np.full(int(is_other.sum()), node))
            others.append(numbers[is_other] + first)
            counts.append(matches.counts[is_other])
            days.append(matches.days_apart[is_other])
        return Pairs(
            np.concatenate(nodes), np.concatenate(others), np.concatenate(counts),
            np.concatenate(days),
        )  # fmt: skip

    def _found(self, reading: Reading, own: Own) -> Finding:
        """Compare an article with the archive, unless one with its body was in a crowd."""
        body = blake2b(own.tokens.tobytes(), digest_size=16)
        body.update(own.chosen.is_formula.tobytes())
        crowd = self._crowds.get(body.digest())
        if crowd is not None:
            self.unlisted += len(crowd.rows) - 1
            parts = crowd.rows[:1], crowd.relations[:1], crowd.places[:1]
            return Finding(reading, self._policy, *parts, crowd.counts)
        finding = find_matches(
            self._index, self._cutter, self._policy, reading, own, with_origins=True
        )
        self.measured += len(finding.counts)
        self.cut_keys += finding.cut_keys
        self.unlisted += finding.unlisted
        if len(finding.rows) > CROWD:
            self._crowds[body.digest()] = finding
        return finding


def _new(corpus: Corpus) -> Iterator[tuple[int, Reading]]:
    """Yield the day's articles, read before."""
    for start, batch in corpus.tokens.chunks():
        for place in range(len(batch)):
            number = start + place
            tokens, units = batch.tokens_of(place), batch.units_of(place)
            site, cues = corpus.sites[number] or NO_SITE, corpus.cues.get(number, _NO_FLAGS)
            yield number, Reading(corpus.articles[number], site, tokens, units, cues)
