"""Stories out of anybody's articles, as many as are asked for.

The first time round the articles are taken as they are. Every time after that
half of the longer words are exchanged, each for the same other word throughout:
so a story told again shares no passage with what it was, and the corpus can be
many times as large as its source. Natural copies within the source stay copies
that the gold does not know of.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from zlib import crc32

from benchmarks.corpus.grammar import LANGUAGES, has_language
from benchmarks.corpus.story import Story, parts_of
from dedup.article import Article
from dedup.formats import read_articles

__all__ = ["FeedStories", "language_of"]

#: Words to exchange others for are taken from so many articles.
VOCABULARY_ARTICLES = 2000
#: A shorter word without a digit stays; of the others this share (of 256) goes.
MIN_EXCHANGED_LETTERS, EXCHANGED_OF_256 = 4, 150
#: The table of exchanged words starts again at this size, for memory's sake.
LARGEST_TABLE = 300_000
MIN_CHARACTERS = 200
_WORD = re.compile(r"\w+")
_KANA = re.compile(r"[\u3041-\u30ff]")


def language_of(article: Article) -> str:
    """Return the language whose chrome suits an article: as it says, or Japanese by its kana."""
    named = str(article.extra.get("language") or article.extra.get("lang") or "")[:2].lower()
    if has_language(named):
        return named
    return "ja" if _KANA.search(article.text, 0, 400) else "en"


class FeedStories:
    """Stories without end out of feeds; the feeds are read again and again.

    Parameters
    ----------
    paths : sequence of Path
        Files that can be opened more than once.
    seed : int
        Of the exchanged words.
    """

    def __init__(self, paths: Sequence[Path], seed: int) -> None:
        self._paths, self._seed = paths, seed
        words: dict[str, dict[str, None]] = {"lower": {}, "title": {}}
        languages: Counter[str] = Counter()
        for article in islice(read_articles(paths), VOCABULARY_ARTICLES):
            languages[language_of(article)] += 1
            for word in _WORD.findall(article.text):
                if len(word) >= MIN_EXCHANGED_LETTERS and not any(map(str.isdigit, word)):
                    words["title" if word[0].isupper() else "lower"].setdefault(word)
        self.languages = sorted(languages) or list(LANGUAGES)[:1]
        self._vocabulary = {shape: sorted(found) or ["word"] for shape, found in words.items()}

    def __iter__(self) -> Iterator[Story]:
        for time_round in count():
            stories = self._once(time_round)
            first = next(stories, None)
            if first is None:
                raise ValueError(f"no article of {MIN_CHARACTERS} characters in the source")
            yield first
            yield from stories

    def _once(self, time_round: int) -> Iterator[Story]:
        exchange = _Exchange(self._vocabulary, f"{self._seed}/{time_round}")
        for article in read_articles(self._paths):
            if len(article.text) < MIN_CHARACTERS:
                continue
            language = language_of(article)
            if language not in self.languages:
                language = self.languages[0]
            title, text = article.title or article.text[:60], article.text
            if time_round:
                title, text = exchange.text(title), exchange.text(text)
            yield Story(title, *parts_of(text, language), language)


class _Exchange(dict[str, str]):
    """What stands between two spaces, and what it becomes."""

    def __init__(self, vocabulary: dict[str, list[str]], salt: str) -> None:
        super().__init__()
        self._vocabulary, self._salt = vocabulary, salt

    def text(self, text: str) -> str:
        if len(self) > LARGEST_TABLE:
            self.clear()
        return " ".join(map(self.__getitem__, text.split(" ")))

    def __missing__(self, piece: str) -> str:
        self[piece] = changed = _WORD.sub(self._other, piece)
        return changed

    def _other(self, found: re.Match[str]) -> str:
        word = found.group()
        drawn = crc32(f"{self._salt}/{word}".encode("utf-8", "surrogatepass"))
        if word.isdecimal() and word.isascii():
            return str(drawn % 10 ** len(word))
        if len(word) < MIN_EXCHANGED_LETTERS or drawn & 255 >= EXCHANGED_OF_256:
            return word
        others = self._vocabulary["title" if word[0].isupper() else "lower"]
        return others[(drawn >> 8) % len(others)]
