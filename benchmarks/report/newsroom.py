"""Invented news at scale: clusters of copies, some cut, some edited, in many outlets."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dedup.article import Article

__all__ = ["invented_articles"]

_OUTLETS = 40
_VOCABULARY = 6000
_START = datetime(2026, 8, 1, tzinfo=UTC)


def invented_articles(clusters: int, copies: int = 2, *, seed: int = 0) -> Iterator[Article]:
    """Yield clusters of one article and its copies, 14 to 30 sentences each."""
    chance = random.Random(seed)
    syllables = "ba de ki lo mu na pe ri so tu va we xi yo zu cha dri fle gro ple sta tri".split()  # noqa: SIM905
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(_VOCABULARY)]
    for number in range(clusters):
        sentences = [_sentence(chance, words) for _ in range(chance.randint(14, 30))]
        when = _START + timedelta(minutes=chance.randrange(30 * 24 * 60))
        for copy in range(copies + 1):
            lag = timedelta(minutes=copy * chance.randrange(1, 600))
            outlet = chance.randrange(_OUTLETS) if copy else number % 4
            yield Article(
                f"{number:06d}-{copy}-{chance.getrandbits(48):012x}",
                " ".join(_edited(sentences, chance, copy)),
                title=" ".join(chance.choices(words, k=9)).capitalize(),
                url=f"https://outlet{outlet}.example/{number}/{copy}/{chance.getrandbits(40):x}",
                source=f"Outlet {outlet}",
                published=when + lag,
            )


def _sentence(chance: random.Random, words: list[str]) -> str:
    line = chance.choices(words, k=chance.randint(9, 24))
    if chance.random() < 0.3:
        line.insert(chance.randrange(len(line)), str(chance.randrange(3, 9000)))
    return " ".join(line).capitalize() + "."


def _edited(sentences: list[str], chance: random.Random, copy: int) -> list[str]:
    if not copy or chance.random() < 0.3:
        return sentences
    kept = list(sentences)
    if chance.random() < 0.4:
        kept = kept[: max(8, len(kept) * 2 // 3)]
    if chance.random() < 0.5:
        kept.append(kept.pop(0))
    place = chance.randrange(len(kept))
    words = kept[place].split(" ")
    words[len(words) // 2] = str(chance.randrange(10, 999))
    kept[place] = " ".join(words)
    return kept
