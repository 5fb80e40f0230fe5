"""Invented sites, and the chrome that each puts round an article."""

from collections import deque
from collections.abc import Iterator, Sequence
from random import Random

from benchmarks.corpus.grammar import LANGUAGES, Cast, Phrase, cut, expand, phrases_of, rules_of
from benchmarks.corpus.story import Story

__all__ = ["Site", "invent_sites"]

#: Headlines a site has to show beside an article.
HEADLINES = 40


class Site:
    """A site with its own menu, boxes, notices and list of headlines.

    Parameters
    ----------
    language : str
        One that there are phrases of.
    number : int
        Among the sites of that language.
    seed : int
        Of the corpus.
    """

    def __init__(self, language: str, number: int, seed: int) -> None:
        random = Random(f"{seed}/site/{language}/{number}")
        self._cast = Cast(language, random, size=12)
        self._rules = rules_of(language, "site")
        name = self._fill(random.choice(self._rules["names"]), random)
        self.name = name
        self.host = f"{language}{number}.{_latin(name)}.example"
        self._headlines: deque[str] = deque([name], HEADLINES)
        self._cast.slots |= {"site": lambda: name}
        self._above = self._choose("above", 2, 5, random)
        self._byline = self._choose("byline", 1, 3, random)
        self._share = self._choose("share", 1, 3, random)
        self._boxes = self._choose("box", 1, 4, random)
        self._below = self._choose("below", 1, 2, random)
        self._notices = self._choose("notice", 2, 5, random)
        self._end = self._choose("end", 1, 3, random)
        sections = list(phrases_of(language)["site"]["sections"])
        random.shuffle(sections)
        gap = random.choice(["\n", " | ", " · ", "\n"])
        self._menu = gap.join(sections[: random.randint(6, 12)])
        self._box_chance = random.choice([0.4, 0.8, 1.0])
        self._listed = random.randint(3, 14)

    def _choose(self, name: str, least: int, most: int, random: Random) -> list[Phrase]:
        phrases = self._rules[name]
        most = min(most, len(phrases))
        return random.sample(phrases, random.randint(min(least, most), most))

    def announce(self, title: str) -> None:
        """Put a headline into the lists of the pages that follow."""
        self._headlines.append(title)

    def _fill(self, phrase: Phrase, random: Random) -> str:
        return expand(phrase, self._rules, self._cast, random)

    def _lines(self, phrases: Sequence[Phrase], random: Random, most: int) -> Iterator[str]:
        titles = list(self._headlines)
        for phrase in phrases:
            if "headlines" in phrase or "title" in phrase:
                shown = random.sample(titles, min(len(titles), random.randint(2, most)))
                slots = {"headlines": lambda: "\n".join(shown), "title": lambda: shown[0]}  # noqa: B023
                self._cast.slots |= slots
            yield self._fill(phrase, random)

    def wrap(self, story: Story, random: Random) -> str:
        """Return the page of a story as a scraper takes it: chrome and body."""
        parts = list(story.parts)
        if len(parts) > 2 and random.random() < self._box_chance:
            boxes = random.sample(self._boxes, random.randint(1, min(2, len(self._boxes))))
            for box in self._lines(boxes, random, 4):
                parts.insert(random.randrange(1, len(parts)), f"\n\n{box}\n\n")
        body = story.joint.join(parts)
        return "\n\n".join((*self._top(story.title, random), body, *self._bottom(random)))

    def page_without_body(self, title: str, random: Random) -> str:
        """Return a page whose body did not load."""
        return "\n\n".join((*self._top(title, random), *self._bottom(random)))

    def _top(self, title: str, random: Random) -> Iterator[str]:
        yield self.name
        yield self._menu
        yield "\n".join(self._lines(self._above, random, 1))
        yield title
        yield "\n".join(self._lines(self._byline, random, 1))
        yield "\n".join(self._lines(self._share, random, 1))

    def _bottom(self, random: Random) -> Iterator[str]:
        yield from self._lines(self._below, random, self._listed)
        yield "\n".join(self._lines(self._notices, random, 1))
        yield "\n".join(self._lines(self._end, random, 1))


def _latin(name: str) -> str:
    return "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or "site"


def invent_sites(number: int, languages: Sequence[str], seed: int) -> dict[str, list[Site]]:
    """Share a number of sites among languages as they are spoken, two at least for each."""
    weights = {language: LANGUAGES[language] for language in languages}
    total = sum(weights.values())
    return {
        language: [Site(language, i, seed) for i in range(max(2, round(number * weight / total)))]
        for language, weight in weights.items()
    }


def form_phrases(language: str) -> list[tuple[Phrase, tuple[Phrase, ...]]]:
    """Return the recurring forms of a language: (title, paragraphs)."""
    forms = phrases_of(language)["forms"]
    return [(cut(form["title"]), tuple(map(cut, form["text"]))) for form in forms]
