"""How fast the diff is, beside difflib and rapidfuzz on the same words in the same run."""

import difflib
import gzip
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz.distance import Indel

from dedup.diff import diff

__all__ = ["hostile", "pairs_of_words", "process", "speed"]

_REPEATS = 5
_WORDS_AND_MARKS = re.compile(r"\w+|[^\w\s]")


def pairs_of_words(folder: Path, words: int, count: int) -> list[tuple[str, str]]:
    """Return pairs of a text of that many words and an edited copy, from real articles.

    The copy drops a sixth of the paragraphs, moves one in twelve and replaces
    one word in thirty; the seed is fixed.
    """
    chosen = random.Random(7)
    found: list[tuple[str, str]] = []
    paragraphs: list[str] = []
    size = 0
    with gzip.open(folder / "reuters" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for paragraph in json.loads(line)["text"].split("\n"):
                if paragraph.strip():
                    paragraphs.append(paragraph)
                    size += len(paragraph.split())
                if size >= words:
                    found.append(("\n\n".join(paragraphs), _edit(paragraphs, chosen)))
                    paragraphs, size = [], 0
                    if len(found) == count:
                        return found
    return found


def _edit(paragraphs: list[str], chosen: random.Random) -> str:
    kept = [paragraph for paragraph in paragraphs if chosen.random() > 1 / 6]
    for _ in range(len(kept) // 12):
        kept.insert(chosen.randrange(len(kept)), kept.pop(chosen.randrange(len(kept))))
    return "\n\n".join(
        " ".join("changed" if chosen.random() < 1 / 30 else word for word in paragraph.split(" "))
        for paragraph in kept
    )


def _seconds(work: Callable[[], object], repeats: int = _REPEATS) -> float:
    best = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best.append(time.perf_counter() - start)
    return min(best)


def speed(folder: Path) -> list[str]:
    """Time pairs of 1,000 words and one of 20,000 words."""
    lines = []
    for words, count in ((1000, 40), (20000, 1)):
        ours, theirs, marks, plain = [], [], [], []
        for a, b in pairs_of_words(folder, words, count):
            ours.append(_seconds(lambda a=a, b=b: diff(a, b)))
            x, y = a.split(), b.split()
            theirs.append(_seconds(lambda x=x, y=y: _difflib(x, y), 3 if words < 5000 else 1))
            p, q = (_WORDS_AND_MARKS.findall(text) for text in (a, b))
            marks.append(_seconds(lambda p=p, q=q: _difflib(p, q), 3 if words < 5000 else 1))
            plain.append(_seconds(lambda x=x, y=y: Indel.opcodes(x, y)))
        lines.append(
            f"speed: {words} words: median {statistics.median(ours) * 1e3:.1f} ms, "
            f"difflib on words {statistics.median(theirs) * 1e3:.1f} ms "
            f"({statistics.median(theirs) / statistics.median(ours):.1f}x), "
            f"on words and marks {statistics.median(marks) * 1e3:.1f} ms "
            f"({statistics.median(marks) / statistics.median(ours):.1f}x), "
            f"rapidfuzz on words {statistics.median(plain) * 1e3:.1f} ms"
        )
    return lines


def _difflib(a: list[str], b: list[str]) -> object:
    # autojunk drops frequent words in silence
    return difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def hostile() -> list[str]:
    """Time texts made to be slow: repetition of a word, a sentence, a line without end."""
    texts = {
        "one word 20,000 times": ("word " * 20000, "word " * 19000 + "other"),
        "one sentence 2,000 times": ("He said so today. " * 2000, "He said so today. " * 1900),
        "2,000 sentences alike but for a number": tuple(
            "\n".join(
                f"The price of item {n + step} rose by {n * 7 % 13} percent." for n in range(2000)
            )
            for step in (0, 1)
        ),
        "20,000 words, no sentence mark": tuple(
            " ".join(f"w{n * step % 5003}" for n in range(20000)) for step in (7, 11)
        ),
        "20,000 words of two": tuple(
            " ".join("ab"[(n * n // step) % 2] for n in range(20000)) for step in (3, 5)
        ),
        "20,000 lines": tuple(
            "\n".join(f"line {n * step % 9973}" for n in range(20000)) for step in (1, 3)
        ),
    }
    lines = []
    for name, (a, b) in texts.items():
        start = time.perf_counter()
        result = diff(a, b)
        seconds = time.perf_counter() - start
        said = f"; said: {result.limits[0]}" if result.limits else ""
        lines.append(f"hostile: {name}: {seconds:.2f} s{said}")
    return lines


def process(seeds: Path) -> list[str]:
    """Time the whole process on the seed pair over ``import typer``."""
    a, b = (str(next(seeds.glob(f"{name}_*.txt"))) for name in ("002", "001"))

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=False)

    ours = _seconds(lambda: run("-m", "dedup", "diff", a, b, "--no-pager"))
    base = _seconds(lambda: run("-c", "import typer"))
    return [f"process: {ours:.3f} s, import typer {base:.3f} s, over it {ours - base:.3f} s"]
