"""How fast the diff is, beside difflib and rapidfuzz on the same texts in the same run.

All times are CPU time of one process, the best of several runs that take turns, so that
other work on the machine costs either side the same. Each turn is a few runs in a row: a
process that does nothing else has its own code in the caches, not the rival's.
"""

import difflib
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz.distance import Indel

from benchmarks.diff.pairs import Pair, copies, long_pair
from benchmarks.floors import Figure
from dedup.diff import diff
from dedup.kernels.compiled import compile_all

__all__ = ["hostile", "process", "speed"]

_REPEATS, _IN_A_ROW = 5, 3
_WORDS_AND_MARKS = re.compile(r"\w+|[^\w\s]")
_MS = 1e3


def _ours(a: str, b: str) -> object:
    return diff(a, b)


def _difflib(a: str, b: str) -> object:
    return _opcodes(a.split(), b.split())


def _difflib_with_marks(a: str, b: str) -> object:
    return _opcodes(_WORDS_AND_MARKS.findall(a), _WORDS_AND_MARKS.findall(b))


def _opcodes(a: list[str], b: list[str]) -> object:
    # autojunk drops frequent words in silence
    return difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def _rapidfuzz(a: str, b: str) -> object:
    return Indel.opcodes(a.split(), b.split())


#: Ours gives sentences, moves, chrome, a verdict and word edits, of words and marks; the
#: others one list of word edits, without moves.
_RIVALS = (_ours, _difflib, _difflib_with_marks, _rapidfuzz)


def speed(folder: Path) -> list[Figure]:
    """Time pairs of about 1,000 words, and one of 20,000."""
    compile_all()
    pairs = copies(folder)
    for pair in pairs:
        diff(*pair[1:])  # tables are read, hashes of frequent words known
    figures = []
    for name in ("", *sorted({pair[0] for pair in pairs})):
        chosen = [pair for pair in pairs if name in ("", pair[0])]
        corpus = f"speed, 1,000 words{name and ': '}{name}"
        figures += _compare(corpus, chosen, _REPEATS)
    return figures + _compare("speed, 20,000 words", [long_pair(folder, 20000)], 3)


def _compare(corpus: str, pairs: Sequence[Pair], repeats: int) -> list[Figure]:
    rows = [_times(a, b, repeats) for _, a, b in pairs]
    ours, words, marks, rapidfuzz = (
        [_MS * seconds for seconds in column] for column in zip(*rows, strict=True)
    )
    return [
        Figure(corpus, "pairs", len(rows)),
        Figure(corpus, "CPU ms, median", statistics.median(ours)),
        Figure(corpus, "CPU ms of difflib on words, median", statistics.median(words)),
        Figure(corpus, "CPU ms of difflib on words and marks, median", statistics.median(marks)),
        Figure(corpus, "CPU ms of rapidfuzz on words, median", statistics.median(rapidfuzz)),
        Figure(corpus, "times as fast as difflib on words", _ratio(words, ours)),
        Figure(corpus, "times as fast as difflib on words and marks", _ratio(marks, ours)),
    ]


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """Return the median over the pairs of how many times as long the others took."""
    return statistics.median(x / y for x, y in zip(theirs, ours, strict=True))


def _times(a: str, b: str, repeats: int) -> list[float]:
    """Return the best CPU time of each rival, taking turns."""
    best = [float("inf")] * len(_RIVALS)
    for _ in range(repeats):
        for number, rival in enumerate(_RIVALS):
            for _ in range(_IN_A_ROW):
                start = time.process_time()
                rival(a, b)
                best[number] = min(best[number], time.process_time() - start)
    return best


def hostile() -> list[Figure]:
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
    figures = []
    for name, (a, b) in texts.items():
        start = time.process_time()
        diff(a, b)
        figures.append(Figure("hostile", f"{name}: CPU s", time.process_time() - start))
    return figures


def process(seeds: Path) -> list[Figure]:
    """Time the whole process on the seed pair over ``import typer``."""
    a, b = (str(next(seeds.glob(f"{name}_*.txt"))) for name in ("002", "001"))

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=False)

    ours = _child_seconds(lambda: run("-m", "dedup", "diff", a, b, "--no-pager"))
    base = _child_seconds(lambda: run("-c", "import typer"))
    return [
        Figure("process", "CPU s on the seeds", ours),
        Figure("process", "CPU s over import typer", ours - base),
    ]


def _child_seconds(work: Callable[[], object]) -> float:
    """Return the best CPU time of the processes that a call starts."""
    best = float("inf")
    for _ in range(_REPEATS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, spent)
    return best
