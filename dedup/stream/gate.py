"""The filter: articles come one by one, and it says which were seen before."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from dedup.article import Article
from dedup.index import Index, Settings, StoredArticle
from dedup.index.seal import TextPacker
from dedup.match import Match, Policy, Relation
from dedup.stream.ahead import Expected, Lookahead
from dedup.stream.bodies import Cutter, Reading
from dedup.stream.comparing import Comparer
from dedup.stream.found import Finding, find_matches
from dedup.stream.keeping import Keeper
from dedup.stream.resting import collector_at_rest
from dedup.stream.sites import Sites
from dedup.stream.verdict import Verdict
from dedup.stream.versions import Versions

__all__ = ["REJECTED", "DuplicateFilter"]

#: What the gate rejects unless told otherwise: nothing of these is news to who has
#: the article they match.
REJECTED = frozenset({Relation.IDENTICAL, Relation.COPY, Relation.EXCERPT})
#: Another version of a page is a revision of it, whichever of these it looks like.
_VERSION = frozenset({Relation.COPY, Relation.EXCERPT, Relation.EXPANSION})
#: ``admit_many`` holds the index for so many articles at a time.
_AT_ONCE = 256


class DuplicateFilter:
    """Says of each article whether it was seen before, and remembers it.

    Threads may share one; processes each open the index and make their own.

    Parameters
    ----------
    index : Index
        What was seen; see :func:`~dedup.index.open_index`.
    policy : Policy | None
        Where the lines between relations run; the default policy if none.
    rejects : frozenset of Relation
        What the gate does not let pass. A rerun (see ``Policy.rerun_days``) passes
        unless it is identical.
    added : int | None
        Seconds since 1970 at which articles are said to have come; by default each
        says when it did. Those of one import have one time.

    Examples
    --------
    >>> from dedup.index import open_index
    >>> text = "The town council voted on Monday to close the old bridge for repairs. " * 3
    >>> with open_index("memory:") as index:
    ...     gate = DuplicateFilter(index)
    ...     [gate.admit(Article(str(n), text)).is_new for n in range(2)]
    [True, False]
    """

    def __init__(
        self,
        index: Index,
        *,
        policy: Policy | None = None,
        rejects: frozenset[Relation] = REJECTED,
        added: int | None = None,
    ) -> None:
        self.index = index
        self.policy = policy or Policy()
        self.rejects = rejects
        self._added = added
        self._sites = Sites(index)
        self._cutter = Cutter(index, self._sites)
        self._comparer = Comparer(index, self._sites)
        self._lock = threading.RLock()
        self._reading = threading.Lock()
        self._packer = TextPacker(index.settings.compression)
        # Compression and the loops let other threads run.
        self._threads = ThreadPoolExecutor(2, "dedup-filter")
        self._keeper = Keeper(index, self._sites, self._threads)

    def check(self, article: Article) -> Verdict:
        """Say whether an article was seen before; the index stays as it is."""
        with self._lock:
            with self._reading:
                reading = self._cutter.read(article)
            with self.index.snapshot():
                own = self._cutter.cut(reading)
                return self._judge(reading, Expected(own), None, Versions(self.index, [reading]))[0]

    def admit(self, article: Article) -> Verdict:
        """Check an article and add it, rejected or not, in one transaction.

        When it returns, the article is kept. Of workers that admit copies of each
        other at the same time one is told that its article is new.
        """
        return self._admit_all([article])[0]

    def admit_many(self, articles: Iterable[Article]) -> list[Verdict]:
        """Admit articles one after another, many in one transaction.

        Verdicts are as by :meth:`admit`; what was returned is kept.
        """
        return [verdict for chunk in self.admit_stream(articles) for verdict in chunk]

    def admit_stream(self, articles: Iterable[Article]) -> Iterator[list[Verdict]]:
        """Admit articles as :meth:`admit_many`; yield the verdicts of each transaction."""
        stream = iter(articles)
        while chunk := list(islice(stream, _AT_ONCE)):
            yield self._admit_all(chunk)

    def add(self, article: Article) -> Verdict:
        """Add an article as accepted, whatever was seen before; say what it matched."""
        return self._admit_all([article], is_forced=True)[0]

    def _admit_all(self, articles: Sequence[Article], *, is_forced: bool = False) -> list[Verdict]:
        packed = self._packed([article.text for article in articles])
        with self._reading:
            readings = self._cutter.read_many(articles)

        def work() -> list[Verdict]:
            versions = Versions(self.index, readings)
            ahead = Lookahead(
                self.index, self._cutter, self._comparer, self.policy, readings, self._threads
            )
            # Texts are being packed meanwhile.
            ahead.look()
            verdicts = [
                self._admit_one(reading, ahead, versions, text, is_forced)
                for reading, text in zip(readings, packed(), strict=True)
            ]
            ahead.close()
            return verdicts

        with self._lock, collector_at_rest():
            try:
                return self.index.transact(work)
            except BaseException:
                self._sites.forget()
                raise

    def _packed(self, texts: Sequence[str]) -> Callable[[], Sequence[bytes | None]]:
        """Have texts compressed, many by another thread; return what waits for their rows."""
        settings = self.index.settings
        if not settings.keeps_text:
            return lambda: [None] * len(texts)
        if len(texts) > 1:
            # Once it packs, the other thread needs the interpreter no more.
            begun = threading.Event()
            packed_later = self._threads.submit(_pack_all, texts, settings, begun)
            begun.wait()
            return packed_later.result
        with self._reading:
            packed = self._packer.pack(texts)
        return lambda: packed

    def _admit_one(
        self,
        reading: Reading,
        ahead: Lookahead,
        versions: Versions,
        text: bytes | None,
        is_forced: bool,
    ) -> Verdict:
        expected = ahead.next()
        own, known = expected.own, self._sites.of(reading.site)
        verdict, finding, origin = self._judge(reading, expected, ahead, versions)
        is_accepted = verdict.is_new or is_forced
        added = int(time.time()) if self._added is None else self._added
        number = self._keeper.keep(
            reading, own, text, same_as=finding.twin, is_accepted=is_accepted,
            origin=0 if is_accepted else origin, added=added,
        )  # fmt: skip
        versions.note(reading, number, is_repeat=finding.twin > 0)
        if finding.twin:
            ahead.note_twin(number, finding.twin)
        else:
            ahead.note(number, reading, own, known)
        return verdict

    def _judge(
        self, reading: Reading, expected: Expected, ahead: Lookahead | None, pages: Versions
    ) -> tuple[Verdict, Finding, int]:
        own, has_words = expected.own, len(reading.tokens) > 0
        # An empty page says nothing of how another of its name went on.
        versions = pages.of(reading) if has_words else {}
        finding = find_matches(
            self.index, self._comparer, self.policy, reading, own,
            sharing=expected.sharing, measured=expected.measured,
            same_words=pages.repeats_of(reading),
            twins=None if ahead is None else ahead.twins_of,
        )  # fmt: skip
        rejecting = shown = decisive = None
        if finding.rows:
            rejecting, decisive = self._rejecting(finding, versions)
            shown = rejecting
            if rejecting is None:
                of_own_page = (n for n, row in enumerate(finding.rows) if row.number in versions)
                shown = next(of_own_page, 0)
            if decisive is None and shown is not None:
                decisive = finding.match(shown)
        row = None if shown is None else finding.rows[shown]
        known = self._sites.of(reading.site)
        verdict = Verdict(
            id=reading.article.id,
            is_new=rejecting is None,
            matches=finding.listed,
            decisive=decisive,
            relation=_relation(decisive, row, versions),
            original=self._original(decisive, row),
            updates=_updated(versions, finding),
            has_words=has_words,
            has_body=own.has_body,
            is_too_short=own.has_body and self.policy.is_too_short(own.weight),
            boilerplate=known.digest,
            boilerplate_version=self.index.version,
            cut_keys=finding.cut_keys,
            unlisted=finding.unlisted,
        )
        origin = 0 if rejecting is None or row is None else row.origin or row.number
        return verdict, finding, origin

    def _rejecting(
        self, finding: Finding, versions: dict[int, StoredArticle]
    ) -> tuple[int | None, Match | None]:
        """Return the place of the match that the article is rejected for; the match, if made."""
        for place, (row, relation) in enumerate(zip(finding.rows, finding.relations, strict=True)):
            match = None
            if relation is Relation.IDENTICAL:
                is_rejected = Relation.IDENTICAL in self.rejects
            elif row.number in versions:
                is_rejected = Relation.REVISION in self.rejects
            elif relation in self.rejects and row.origin not in versions:
                # What was copied from an earlier version does not make a new one a copy.
                match = finding.match(place)
                is_rejected = not match.is_rerun and match.resemblance >= self.policy.resemblance
            else:
                continue
            if is_rejected:
                return place, match
        return None, None

    def _original(self, decisive: Match | None, row: StoredArticle | None) -> str | None:
        if decisive is None or row is None or decisive.relation is Relation.OVERLAP:
            return None
        if not row.origin:
            return row.id
        first = self.index.rows([row.origin])
        return first[0].id if first else row.id


def _pack_all(texts: Sequence[str], settings: Settings, begun: threading.Event) -> list[bytes]:
    begun.set()
    return TextPacker(settings.compression).pack(texts)


def _relation(
    decisive: Match | None, row: StoredArticle | None, versions: dict[int, StoredArticle]
) -> Relation:
    if decisive is None or row is None:
        return Relation.DISTINCT
    if row.number in versions and decisive.relation in _VERSION:
        return Relation.REVISION
    return decisive.relation


def _updated(versions: dict[int, StoredArticle], finding: Finding) -> str | None:
    if not versions:
        return None
    same = {
        row.number
        for row, relation in zip(finding.rows, finding.relations, strict=True)
        if relation is Relation.IDENTICAL
    }
    others = [row for number, row in versions.items() if number not in same]
    return max(others, key=lambda row: row.number).id if others and not same else None
