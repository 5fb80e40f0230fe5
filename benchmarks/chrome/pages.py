"""Whole web pages against the main text that was copied out of them by hand.

A page is read as ``dedup diff page.html`` reads it: all of its text, with blocks. What
is no main text is chrome. The same text is judged by prose cues alone, beside it; and
so is the main text that a batch reads from the page, where all that is called chrome
and is main text is lost. Words and characters are summed over all pages, so that long
pages count for more; the mean and the median are of pages.

Pages are split in two halves by their sites, so that what was chosen on one half
(even) can be judged on the other.
"""

import hashlib
import logging
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.chrome.tally import Tally
from benchmarks.feeds.pages import Sample, read_samples
from benchmarks.floors import Figure
from dedup.boilerplate.cues import cue_chrome
from dedup.formats.page import extract_page
from dedup.text import Tokens, tokenize

__all__ = ["measure_pages"]

#: A run of this many words found in the main text is main text.
GRAM = 5
#: A headline that shares a few words with the lead is not main text.
MIN_SHARE = 0.6
_WORST = 15
#: One unit: words, characters, whether it is main text, why it is called chrome.
Unit = tuple[int, int, bool, str | None]


def measure_pages(path: Path, *, is_verbose: bool = False) -> tuple[list[str], list[Figure]]:
    """Return a line for each way of judging, and the figures."""
    logging.disable(logging.CRITICAL)
    samples = read_samples(path)
    lines, figures = [], []
    for corpus, extract, has_blocks in (
        ("webpages", "whole", True),
        ("webpages, by prose alone", "whole", False),
        ("main text of webpages", "best", True),
        ("main text, by prose alone", "best", False),
    ):
        pages = [list(_judged(sample, extract, has_blocks=has_blocks)) for sample in samples]
        by_words = _tallies(samples, pages, 0)
        lines += [f"{corpus}: {name:9} words       {tally}" for name, tally in by_words.items()]
        lines.append(f"{corpus}: all       characters  {_tallies(samples, pages, 1)['all']}")
        lines.append(f"{corpus}: a page    words       {_by_page(pages)}")
        if is_verbose:
            lines += _worst(samples, pages)
        figures += [
            Figure(corpus, "recall", by_words["all"].recall),
            Figure(corpus, "precision", by_words["all"].precision),
        ]
    return lines, figures


def main_units(page: Tokens, main: Tokens) -> list[bool]:
    """Say of each unit of the page whether it is main text."""
    grams = {tuple(main.words[i : i + GRAM]) for i in range(len(main) - GRAM + 1)}
    short = {tuple(main.words[first:last]) for first, last in main.unit_ranges()}
    is_main = bytearray(len(page))
    for i in range(len(page) - GRAM + 1):
        if tuple(page.words[i : i + GRAM]) in grams:
            is_main[i : i + GRAM] = b"\1" * GRAM
    return [
        tuple(page.words[first:last]) in short
        or sum(is_main[first:last]) >= MIN_SHARE * (last - first)
        for first, last in page.unit_ranges()
    ]


def _judged(sample: Sample, extract: str, *, has_blocks: bool) -> Iterator[Unit]:
    page = extract_page("", sample.raw, extract=extract)
    tokens = tokenize(page.text)
    is_main = main_units(tokens, tokenize(sample.text))
    reasons = cue_chrome(page.text, tokens, page.blocks if has_blocks else None)
    ranges = tokens.unit_ranges()
    for (first, last), is_body, reason in zip(ranges, is_main, reasons, strict=True):
        yield last - first, tokens.ends[last - 1] - tokens.starts[first], is_body, reason


def _tally(units: list[Unit], column: int) -> Tally:
    tally = Tally()
    for unit in units:
        tally.add(unit[column], is_chrome=not unit[2], is_called=unit[3] is not None)
    return tally


def _tallies(samples: list[Sample], pages: list[list[Unit]], column: int) -> dict[str, Tally]:
    parts: dict[str, list[Unit]] = defaultdict(list)
    for sample, units in zip(samples, pages, strict=True):
        parts["all"] += units
        parts[_half(sample.site)] += units
    return {name: _tally(parts[name], column) for name in ("all", "half even", "half odd")}


def _half(site: str) -> str:
    digest = hashlib.sha256(site.removeprefix("www.").encode()).digest()
    return "half odd" if digest[-1] % 2 else "half even"


def _by_page(pages: list[list[Unit]]) -> str:
    tallies = [_tally(units, 0) for units in pages]
    recalls = [tally.recall for tally in tallies]
    precisions = [tally.precision for tally in tallies]
    return "  ".join(
        f"{name} mean {statistics.mean(values):.4f} median {statistics.median(values):.4f}"
        for name, values in (("recall", recalls), ("precision", precisions))
    )


def _worst(samples: list[Sample], pages: list[list[Unit]]) -> list[str]:
    tallies = [
        (sample.site, _tally(units, 0)) for sample, units in zip(samples, pages, strict=True)
    ]
    wrong = sorted(tallies, key=lambda pair: -pair[1].wrong)[:_WORST]
    missed = sorted(tallies, key=lambda pair: -pair[1].missed)[:_WORST]
    return [
        *(f"    called chrome, main text: {t.wrong:5.0f} words, {site}" for site, t in wrong),
        *(f"    chrome, not called so:    {t.missed:5.0f} words, {site}" for site, t in missed),
    ]
