"""Pairs of articles whose chrome was marked by reading, unit by unit."""

import json
from pathlib import Path

from benchmarks.chrome.tally import Tally
from benchmarks.floors import Figure
from dedup.boilerplate.cues import cue_chrome
from dedup.text import tokenize

__all__ = ["measure_pairs"]

CORPUS = "pairs marked by reading"


def measure_pairs(path: Path) -> tuple[list[str], list[Figure]]:
    """Return the lines and the figures of prose cues alone."""
    tally, by_words = Tally(), Tally()
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        for side in "ab":
            text = record[side]
            called = _called(text)
            chrome = {int(name[1:]) for name in record["chrome_" + side]}
            for number, (start, end) in enumerate(record["units_" + side]):
                is_called = sum(called[start:end]) * 2 > end - start
                is_chrome = number in chrome
                tally.add(1, is_chrome=is_chrome, is_called=is_called)
                by_words.add(len(text[start:end].split()), is_chrome=is_chrome, is_called=is_called)
    lines = [f"{CORPUS}: units  {tally}", f"{CORPUS}: words  {by_words}"]
    return lines, [
        Figure(CORPUS, "recall", tally.recall),
        Figure(CORPUS, "precision", tally.precision),
    ]


def _called(text: str) -> bytearray:
    """Say of each character whether it is called chrome."""
    tokens = tokenize(text)
    called = bytearray(len(text))
    for (first, last), reason in zip(tokens.unit_ranges(), cue_chrome(text, tokens), strict=True):
        if reason is not None:
            start, end = tokens.starts[first], tokens.ends[last - 1]
            called[start:end] = b"\1" * (end - start)
    return called
