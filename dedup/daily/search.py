"""What new articles match in an archive, and what that matches there in turn."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate.learned import NO_SITE
from dedup.daily.clusters import ArchivedArticle, Clusters
from dedup.daily.pairs import Pairs
from dedup.daily.sites import DaySites
from dedup.detector import Corpus, Progress
from dedup.index import Index
from dedup.index.names import twin_key
from dedup.match import Evidence, Matches, Policy
from dedup.stream.bodies import Cutter, Own, Reading
from dedup.stream.comparing import Comparer
from dedup.stream.found import Finding, find_matches

__all__ = ["ArchiveMatches", "Search"]

#: Of a body that matches more articles than this only the first article is paired with
#: all of them; the next with that body are paired with the strongest.
CROWD = 64
_COLUMNS = len(fields(Evidence))
_NO_FLAGS: NDArray[np.bool_] = np.empty(0, np.bool_)


@dataclass(frozen=True, slots=True)
class ArchiveMatches:
    """What was found in an archive.

    Attributes
    ----------
    pairs : Pairs
        With new articles, and within the archive; some may be there in both directions.
    archived : Mapping[int, ArchivedArticle]
        The articles of the archive that are in a pair, by number.
    measured : int
        Pairs that were compared.
    cut_keys, unlisted : int
        As of :class:`~dedup.stream.Verdict`, of all articles.
    """

    pairs: Pairs
    archived: Mapping[int, ArchivedArticle]
    measured: int
    cut_keys: int
    unlisted: int


class Search:
    """Finds what new articles match in an archive; within its snapshot.

    Parameters
    ----------
    is_complete : bool
        Compare the archive's articles with all their candidates; otherwise only with
        those that are not yet known to be in one cluster with them.
    """

    def __init__(self, index: Index, sites: DaySites, policy: Policy, *, is_complete: bool) -> None:
        self._index = index
        self._policy = policy
        self._cutter = Cutter(index, sites)
        self._comparer = Comparer(index, sites)
        self._is_complete = is_complete
        self._crowds: dict[bytes, tuple[Finding, int]] = {}
        self._clusters = Clusters()
        self._archived: dict[int, ArchivedArticle] = {}
        self._measured = self._cut_keys = self._unlisted = 0

    def run(self, corpus: Corpus, progress: Progress | None = None) -> ArchiveMatches:
        """Find the pairs of new articles, then of what they are duplicates of, and so on.

        Each article is looked at once, so the time is linear in the new articles and
        in those of the clusters that they join.
        """
        first = len(corpus)
        pairs = self._pairs(_new(corpus), first, progress)
        found = [pairs]
        seen: set[int] = set()
        while reached := [one for one in self._reached(pairs, first) if one not in seen]:
            seen.update(reached)
            pairs = self._pairs(self._readings(reached, first), first)
            found.append(pairs)
        return ArchiveMatches(
            Pairs.joined(found), self._archived, self._measured, self._cut_keys, self._unlisted
        )

    def _reached(self, pairs: Pairs, first: int) -> list[int]:
        """Return the numbers that the policy counts as duplicates of something.

        Those of one article stand together: their words are read once.
        """
        is_duplicate = pairs.judged_by(self._policy).is_duplicate
        return list(dict.fromkeys((pairs.b[is_duplicate] - first).tolist()))

    def _readings(self, numbers: list[int], first: int) -> Iterator[tuple[int, Reading]]:
        for number in numbers:
            (row,) = self._index.rows([number])
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
            own = self._cutter.cut(reading)
            is_new = node < first
            if is_new or self._is_complete:
                finding = self._found(reading, own)
            else:
                finding = self._found_apart(node - first, reading, own)
            matches = finding.matches
            if not isinstance(matches, Matches):
                continue  # nothing was found
            numbers = np.array([row.number for row in finding.rows], np.int64)
            is_other = numbers + first != node
            for row in finding.rows:
                if row.number not in self._archived:
                    self._archived[row.number] = ArchivedArticle.of(row)
            if not is_new:
                self._clusters.join(node - first, finding.rows, matches.is_duplicate.tolist())
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
            strongest, others = crowd
            self._unlisted += others
            return strongest._replace(reading=reading)
        finding = self._compared(reading, own)
        self._cut_keys += finding.cut_keys
        self._unlisted += finding.unlisted
        if len(finding.rows) > CROWD:
            counts = finding.counts[finding.places[:1]]
            strongest = Finding(
                reading, self._policy, finding.rows[:1], finding.relations[:1], [0], counts
            )
            self._crowds[body.digest()] = strongest, len(finding.rows) - 1
        return finding

    def _found_apart(self, number: int, reading: Reading, own: Own) -> Finding:
        """Compare an article of the archive with what is not known to be in its cluster."""
        known = self._clusters.known_of(number)
        if self._index.numbers_of(twin_key(number), 1):
            known -= {number}  # beside it its repeats are found
        return self._compared(reading, own, known)

    def _compared(
        self, reading: Reading, own: Own, known: AbstractSet[int] = frozenset()
    ) -> Finding:
        index, comparer = self._index, self._comparer
        finding = find_matches(
            index, comparer, self._policy, reading, own, with_origins=True, known=known
        )
        self._measured += len(finding.counts)
        return finding


def _new(corpus: Corpus) -> Iterator[tuple[int, Reading]]:
    """Yield the day's articles, read before."""
    for start, batch in corpus.tokens.chunks():
        for place in range(len(batch)):
            number = start + place
            tokens, units = batch.tokens_of(place), batch.units_of(place)
            site, cues = corpus.sites[number] or NO_SITE, corpus.cues.get(number, _NO_FLAGS)
            yield number, Reading(corpus.articles[number], site, tokens, units, cues)
