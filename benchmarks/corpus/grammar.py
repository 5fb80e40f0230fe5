"""Articles, sites and forms invented by a seeded grammar of phrases."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from benchmarks.corpus.story import Story

__all__ = ["LANGUAGES", "Cast", "expand", "invented_stories", "phrases_of"]

#: How often each language is spoken.
LANGUAGES = {"en": 11, "de": 3, "es": 3, "ja": 3}
#: Sentences a paragraph, paragraphs a story.
SENTENCES, PARAGRAPHS = (1, 3), (5, 12)
MAGNITUDES = (10, 30, 100, 1000, 10_000)

#: Texts and the names of rules, in turn; the texts have the even places.
Phrase: TypeAlias = tuple[str, ...]
Rules: TypeAlias = Mapping[str, Sequence[Phrase]]
_SLOT = re.compile(r"\{(\w+)\}")


class Cast:
    """Who and where one story is about, and what fills the slots of its phrases."""

    def __init__(self, language: str, random: Random, size: int = 3) -> None:
        phrases = phrases_of(language)
        self._random = random
        self._days: Sequence[str] = phrases["days"]
        self._thousands = language == "en"
        gap = " " if phrases["spaced"] else ""
        syllables = [_syllables(phrases, random) for _ in range(3 * size)]
        self.places = syllables[:size]
        ends, firsts = phrases["org_ends"], phrases["first_names"]
        self.orgs = [name + random.choice(ends) for name in syllables[size : 2 * size]]
        if gap:
            self.people = [random.choice(firsts) + gap + name for name in syllables[2 * size :]]
        else:
            self.people = [name + random.choice(firsts) for name in syllables[2 * size :]]
        self.slots: dict[str, Callable[[], str]] = {
            "place": self._chooser(self.places),
            "org": self._chooser(self.orgs),
            "person": self._chooser(self.people),
            "day": self._chooser(self._days),
            "syllables": lambda: _syllables(phrases, random),
            "number": self._number,
        }

    def _chooser(self, values: Sequence[str]) -> Callable[[], str]:
        count, draw = len(values), self._random.random
        return lambda: values[int(draw() * count)]

    def _number(self) -> str:
        draw = self._random.random
        value = 2 + int(draw() * MAGNITUDES[int(draw() * len(MAGNITUDES))])
        return f"{value:,}" if self._thousands else str(value)


def _syllables(phrases: Mapping[str, Sequence[str]], random: Random) -> str:
    parts = phrases["syllables"]
    draw = random.random
    return "".join(parts[int(draw() * len(parts))] for _ in range(2 + int(draw() * 2))).capitalize()


@cache
def _file() -> dict[str, dict[str, Any]]:
    with Path(__file__).with_name("phrases.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def phrases_of(language: str) -> dict[str, Any]:
    """Return a language's phrases as they stand in the file."""
    return _file()[language]


def has_language(language: str) -> bool:
    """Say whether there are phrases of a language."""
    return language in _file()


@cache
def rules_of(language: str, kind: str) -> Rules:
    """Return the rules of stories or of sites, cut at their slots."""
    found: dict[str, Sequence[Phrase]] = {}
    for name, phrases in phrases_of(language)[kind].items():
        found[name] = [cut(phrase) for phrase in phrases]
    return found


@cache
def cut(phrase: str) -> Phrase:
    """Cut a phrase into texts and names of rules, in turn."""
    return tuple(_SLOT.split(phrase))


def expand(phrase: Phrase, rules: Rules, cast: Cast, random: Random) -> str:
    """Fill the slots of a phrase."""
    out = [phrase[0]]
    slots, draw = cast.slots, random.random
    for place in range(1, len(phrase), 2):
        name = phrase[place]
        fill = slots.get(name)
        if fill is not None:
            out.append(fill())
        else:
            choices = rules[name]
            chosen = choices[int(draw() * len(choices))]
            out.append(chosen[0] if len(chosen) == 1 else expand(chosen, rules, cast, random))
        out.append(phrase[place + 1])
    return "".join(out)


def invented_stories(seed: int) -> Iterator[Story]:
    """Yield stories without end; no two are the same but by chance."""
    random = Random(f"{seed}/stories")
    languages, weights = list(LANGUAGES), list(LANGUAGES.values())
    while True:
        yield invent_story(random.choices(languages, weights)[0], random)


def invent_story(language: str, random: Random) -> Story:
    """Write one story."""
    rules, cast = rules_of(language, "story"), Cast(language, random)

    def say(name: str) -> str:
        text = expand(random.choice(rules[name]), rules, cast, random)
        return text[:1].upper() + text[1:]

    gap = " " if phrases_of(language)["spaced"] else ""
    paragraphs = [say("lead")]
    paragraphs += [
        gap.join([say("body") for _ in range(random.randint(*SENTENCES))])
        for _ in range(random.randint(*PARAGRAPHS))
    ]
    return Story(say("title"), tuple(paragraphs), "\n\n", language)
