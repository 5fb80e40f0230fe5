"""How much site chrome the prose cues find: ``python -m benchmarks.chrome --data DIR``.

Two corpora: whole web pages against their hand-made main text (scored by words
and by characters), and article pairs whose chrome was marked by reading (scored
by unit). Pages are split in two halves by the first hex digit of their id, so
that numbers tuned on one half are judged on the other.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dedup.boilerplate.cues import cue_chrome
from dedup.text import Tokens, tokenize

#: A run of this many words found in the main text is main text.
GRAM = 5
#: A headline that shares a few words with the lead is not main text.
MIN_SHARE = 0.6
_SKIPPED = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "select",
        "option",
        "textarea",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)


@dataclass(slots=True)
class Tally:
    """Counts of chrome found, missed and wrongly called, by weight."""

    found: float = 0
    missed: float = 0
    wrong: float = 0
    worst: list[tuple[float, str]] = field(default_factory=list)

    def add(self, weight: float, *, is_chrome: bool, is_called: bool) -> None:
        """Count one unit."""
        if is_chrome and is_called:
            self.found += weight
        elif is_chrome:
            self.missed += weight
        elif is_called:
            self.wrong += weight

    def __str__(self) -> str:
        precision = self.found / max(self.found + self.wrong, 1e-9)
        recall = self.found / max(self.found + self.missed, 1e-9)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        return f"recall {recall:.4f}  precision {precision:.4f}  F1 {f1:.4f}"


def page_text(page: bytes) -> str:
    """Return a page's visible text, one line a block element."""
    import lxml.html  # type: ignore[import-untyped] # no stubs in the dev extra

    root = lxml.html.document_fromstring(page.decode("utf-8", "replace"))
    pieces: list[str] = []
    pending = [(root, False)]
    while pending:
        node, is_closing = pending.pop()
        is_skipped = not isinstance(node.tag, str) or node.tag in _SKIPPED
        is_block = not is_skipped and node.tag not in _INLINE
        if is_closing or is_skipped:
            pieces.append("\n" if is_block else "")
            pieces.append(_flat(node.tail))
            continue
        pieces.append("\n" if is_block else "")
        pieces.append(_flat(node.text))
        pending.append((node, True))
        pending.extend((child, False) for child in reversed(node))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _flat(text: str | None) -> str:
    return " ".join(f"|{text}|".split())[1:-1] if text else ""


def main_units(page: Tokens, main: Tokens) -> list[float]:
    """Return 1 for each unit of the page that is main text, else 0."""
    grams = {tuple(main.words[i : i + GRAM]) for i in range(len(main) - GRAM + 1)}
    short = {tuple(main.words[first:last]) for first, last in main.unit_ranges()}
    is_main = bytearray(len(page))
    for i in range(len(page) - GRAM + 1):
        if tuple(page.words[i : i + GRAM]) in grams:
            is_main[i : i + GRAM] = b"\1" * GRAM
    shares = []
    for first, last in page.unit_ranges():
        is_whole = tuple(page.words[first:last]) in short
        share = sum(is_main[first:last]) / (last - first)
        shares.append(float(is_whole or share >= MIN_SHARE))
    return shares


def read_pages(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (id, page as text, main text)."""
    with tarfile.open(data / "webpages" / "scrapinghub.tar.gz") as archive:
        content = {
            member.name.removeprefix("./"): archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive
            if member.isfile()
        }
    for line in content["docs.jsonl"].splitlines():
        record = json.loads(line)
        page = gzip.decompress(content[record["html_file"]])
        yield record["id"], page_text(page), record["text"]


def measure_pages(data: Path) -> None:
    """Print recall and precision on whole pages, in all and by half."""
    names = ("all", "half 0-7", "half 8-f")
    by_words = {name: Tally() for name in names}
    by_characters = {name: Tally() for name in names}
    for page_id, text, main in read_pages(data):
        page = tokenize(text)
        shares = main_units(page, tokenize(main))
        reasons = cue_chrome(text, page)
        half = names[1] if page_id[0] in "01234567" else names[2]
        for (first, last), share, reason in zip(page.unit_ranges(), shares, reasons, strict=True):
            width = page.ends[last - 1] - page.starts[first]
            for tally, weight in ((by_words, last - first), (by_characters, width)):
                for name in ("all", half):
                    for part, is_chrome in ((share, False), (1 - share, True)):
                        tally[name].add(
                            weight * part, is_chrome=is_chrome, is_called=reason is not None
                        )
    for name in names:
        print(f"webpages  {name:9} words       {by_words[name]}")
        print(f"webpages  {name:9} characters  {by_characters[name]}")


def measure_pairs(data: Path) -> None:
    """Print recall and precision on the pairs marked by reading."""
    tally, by_words = Tally(), Tally()
    for line in (data / "edits" / "aligned_read.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        for side in "ab":
            text = record[side]
            tokens = tokenize(text)
            called = bytearray(len(text))
            ranges = zip(tokens.unit_ranges(), cue_chrome(text, tokens), strict=True)
            for (first, last), reason in ranges:
                if reason is not None:
                    start, end = tokens.starts[first], tokens.ends[last - 1]
                    called[start:end] = b"\1" * (end - start)
            chrome = {int(name[1:]) for name in record["chrome_" + side]}
            for number, (start, end) in enumerate(record["units_" + side]):
                is_called = sum(called[start:end]) * 2 > end - start
                is_chrome = number in chrome
                tally.add(1, is_chrome=is_chrome, is_called=is_called)
                by_words.add(len(text[start:end].split()), is_chrome=is_chrome, is_called=is_called)
    print(f"pairs     all       units       {tally}")
    print(f"pairs     all       words       {by_words}")


def measure_cost(data: Path) -> None:
    """Print the cost beside tokenising, in the same run."""
    path = data / "wirepool" / "articles.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] or "" for line in lines]
    start = time.perf_counter()
    tokens = [tokenize(text) for text in texts]
    middle = time.perf_counter()
    for text, cut in zip(texts, tokens, strict=True):
        cue_chrome(text, cut)
    end = time.perf_counter()
    words = sum(map(len, tokens))
    print(
        f"cost      {(end - middle) / (middle - start):.2f} of tokenising; "
        f"{(end - middle) / words * 500 * 1000:.3f} ms for 500 words"
    )


def main() -> None:
    """Print chrome recall and precision per corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    data = parser.parse_args().data
    if data is None:
        print("chrome: not measured (give --data or DEDUP_DATA)")
        return
    measure_pages(Path(data))
    measure_pairs(Path(data))
    measure_cost(Path(data))


if __name__ == "__main__":
    main()
