"""The corpus itself: families of copies, recurring forms, pages without a body."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.corpus.copies import KINDS, abridge, can_be_abridged, edit, reorder
from benchmarks.corpus.grammar import LANGUAGES, Cast, expand, invented_stories, rules_of
from benchmarks.corpus.sites import Site, form_phrases, invent_sites
from benchmarks.corpus.sources import FeedStories
from benchmarks.corpus.story import Story

__all__ = ["Piece", "Settings", "generate"]

START = datetime(2026, 1, 1, tzinfo=UTC)
SPAN_DAYS = 60.0
MAX_LAG_HOURS = 36.0
#: Share of families that are a form filled in again, a page without a body, and
#: of stories that quote a paragraph of an earlier one.
FORM_SHARE, NO_BODY_SHARE, QUOTE_SHARE = 0.06, 0.01, 0.03
#: How many families have no copy; how likely each further copy is.
ALONE_SHARE, ANOTHER_CHANCE = 0.45, 0.55
#: One family in so many is on every site, on this many pages of each; with more
#: sites hits are as much rarer as they are larger, or they would be all there is.
FAMILIES_A_HIT, HIT_SITES, HIT_PAGES = 400, 40, (1, 6)
#: Share of originals on the wire, without chrome; share of copies that are wrapped.
WIRE_SHARE, WRAPPED_SHARE = 0.5, 0.75
#: A quoted paragraph has at least so many characters, its host so many times as many.
MIN_QUOTE, HOST_TO_QUOTE = 120, 6
_WIRE = "wire.example"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a corpus depends on.

    Parameters
    ----------
    articles : int
    seed : int
    sites : int
        Invented sites, shared among the languages.
    window : int
        Articles in memory at a time; copies come so far apart.
    """

    articles: int
    seed: int = 0
    sites: int = 40
    window: int = 4096


@dataclass(frozen=True, slots=True)
class Piece:
    """One article and the gold about it.

    Attributes
    ----------
    id, title, text, url, source : str
    published : datetime
    cluster : str
        The same for copies of one original and nothing else.
    kind : str
        ``original``, ``exact``, ``edited``, ``abridged``, ``reordered``, ``form`` or
        ``no_body``; ``+wrapped`` after it for a page in chrome.
    language : str
    pair : (str, str) or None
        Id of an earlier article, and what the two are: ``copy``, ``abridged``,
        ``template``, ``overlap``.
    """

    id: str
    title: str
    text: str
    url: str
    source: str
    published: datetime
    cluster: str
    kind: str
    language: str
    pair: tuple[str, str] | None

    def as_row(self) -> dict[str, object]:
        """Return the article as a record of a feed."""
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "url": self.url,
            "source": self.source,
            "published": self.published.isoformat(),
            "language": self.language,
        }


def generate(settings: Settings, sources: Iterable[Path] = ()) -> Iterator[Piece]:
    """Yield articles one by one; memory for ``window`` of them.

    Parameters
    ----------
    sources : iterable of Path
        Feeds of articles; without any, stories are invented.
    """
    paths = list(sources)
    writer = _Writer(settings, paths)
    pieces = islice(writer.pieces(), settings.articles)
    return _shuffled(pieces, settings.window, Random(f"{settings.seed}/order"))


def _shuffled(pieces: Iterator[Piece], window: int, random: Random) -> Iterator[Piece]:
    held = list(islice(pieces, window))
    random.shuffle(held)
    for piece in pieces:
        place = int(random.random() * len(held))
        yield held[place]
        held[place] = piece
    yield from held


class _Writer:
    def __init__(self, settings: Settings, paths: list[Path]) -> None:
        self._settings = settings
        self._random = Random(f"{settings.seed}/families")
        self._stories: Iterator[Story]
        if paths:
            feeds = FeedStories(paths, settings.seed)
            languages, self._stories = feeds.languages, iter(feeds)
        else:
            languages, self._stories = list(LANGUAGES), invented_stories(settings.seed)
        self._sites = invent_sites(settings.sites, languages, settings.seed)
        self._languages = languages
        self._quotable: deque[tuple[str, Story]] = deque(maxlen=64)
        self._last_form: dict[tuple[str, int, str], str] = {}
        self._made = 0

    def pieces(self) -> Iterator[Piece]:
        for family in range(self._settings.articles):
            drawn = self._random.random()
            if drawn < FORM_SHARE:
                yield from self._form(family)
            elif drawn < FORM_SHARE + NO_BODY_SHARE:
                yield self._page_without_body(family)
            else:
                yield from self._family(family, next(self._stories))

    def _family(self, family: int, story: Story) -> Iterator[Piece]:
        random = self._random
        quoted = None
        if random.random() < QUOTE_SHARE:
            story, quoted = self._with_quote(story)
        is_on_wire = random.random() < WIRE_SHARE
        known = self._sites[story.language]
        copies = self._copies(len(known) - (not is_on_wire))
        sites = random.sample(known, min(copies + (not is_on_wire), len(known)))
        home = None if is_on_wire else sites.pop()
        pair = (quoted, "overlap") if quoted else None
        kind = "original" if is_on_wire else "original+wrapped"
        first = self._piece(family, 0, story, home, kind, pair)
        yield first
        if len(max(story.parts, key=len)) >= MIN_QUOTE:
            self._quotable.append((first.id, story))
        versions: dict[str, tuple[str, Story]] = {}
        for number in range(1, 1 + copies):
            site = sites[number % len(sites)]
            # A site has one version of a story, on however many pages.
            kind, copied = versions.setdefault(site.host, self._copy(story))
            label = "abridged" if kind == "abridged" else "copy"
            if random.random() < WRAPPED_SHARE:
                kind += "+wrapped"
            yield self._piece(family, number, copied, site, kind, (first.id, label))

    def _copies(self, sites: int) -> int:
        random = self._random
        larger = max(self._settings.sites / HIT_SITES, 1)
        if random.random() < 1 / (FAMILIES_A_HIT * larger):
            return sites * random.randint(*HIT_PAGES)
        if random.random() < ALONE_SHARE:
            return 0
        copies = 1
        while random.random() < ANOTHER_CHANCE:
            copies += 1
        return copies

    def _copy(self, story: Story) -> tuple[str, Story]:
        kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "exact" or not can_be_abridged(story):
            return "exact", story
        how = {"edited": edit, "abridged": abridge, "reordered": reorder}[kind]
        return kind, how(story, self._random)

    def _with_quote(self, story: Story) -> tuple[Story, str | None]:
        for identity, other in self._quotable:
            quote = max(other.parts, key=len)
            room = sum(map(len, story.parts)) / HOST_TO_QUOTE
            if other.language == story.language and MIN_QUOTE <= len(quote) <= room:
                parts = list(story.parts)
                parts.insert(self._random.randrange(1, len(parts)), quote)
                return Story(story.title, tuple(parts), story.joint, story.language), identity
        return story, None

    def _form(self, family: int) -> Iterator[Piece]:
        random = self._random
        weights = [LANGUAGES[language] for language in self._languages]
        language = random.choices(self._languages, weights)[0]
        forms, cast = form_phrases(language), Cast(language, random)
        number = random.randrange(len(forms))
        rules = rules_of(language, "story")
        title, *text = (
            expand(p, rules, cast, random) for p in (forms[number][0], *forms[number][1])
        )
        story = Story(title, tuple(text), "\n\n", language)
        site = random.choice(self._sites[language][:3])
        key = (language, number, site.host)
        before = self._last_form.get(key)
        first = self._piece(
            family, 0, story, site, "form+wrapped", (before, "template") if before else None
        )
        self._last_form[key] = first.id
        yield first
        if random.random() < ALONE_SHARE:
            other = random.choice(self._sites[language][3:] or self._sites[language])
            kind = "exact+wrapped"
            yield self._piece(family, 1, story, other, kind, (first.id, "copy"))

    def _page_without_body(self, family: int) -> Piece:
        random = self._random
        language = random.choice(self._languages)
        site = random.choice(self._sites[language])
        story = next(self._stories)
        page = site.page_without_body(story.title, random)
        return self._record(family, 0, story.title, page, site, "no_body", language, None)

    def _piece(
        self, family: int, number: int, story: Story, site: Site | None, kind: str,
        pair: tuple[str, str] | None,
    ) -> Piece:  # fmt: skip
        text = story.text
        if site is not None:
            if kind.endswith("+wrapped"):
                text = site.wrap(story, self._random)
            site.announce(story.title)
        return self._record(family, number, story.title, text, site, kind, story.language, pair)

    def _record(
        self, family: int, number: int, title: str, text: str, site: Site | None, kind: str,
        language: str, pair: tuple[str, str] | None,
    ) -> Piece:  # fmt: skip
        cluster = f"s{self._settings.seed}-{family:07d}"
        host = _WIRE if site is None else site.host
        identity = f"{cluster}-{number}"
        days = SPAN_DAYS * self._made / self._settings.articles
        lag = self._random.random() * MAX_LAG_HOURS if number else 0.0
        self._made += 1
        return Piece(
            identity,
            title,
            text,
            f"https://{host}/{identity}",
            "Wire" if site is None else site.name,
            START + timedelta(days=days, hours=lag),
            cluster,
            kind,
            language,
            pair,
        )
