"""The pairs of articles that the diff's speed is measured on."""

import csv
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["Pair", "copies", "long_pair"]

#: What the pair is of, and the two texts.
Pair = tuple[str, str, str]

_FEWEST_WORDS, _MOST_WORDS = 800, 1250


def copies(folder: Path) -> list[Pair]:
    """Return every pair of copies of about 1,000 words whose words differ.

    Real ones: an article and its later version (``wirepool/versions.jsonl.gz``), two
    outlets' copies of a story (labelled ``dup`` or ``partial`` in ``wirepool/pairs.csv``);
    and edited by a program: ``edits/alignments.jsonl.gz``. None is left out but those of
    which a text has fewer than 800 words, or more than 1,250.
    """
    found = [*_versions(folder), *_outlets(folder), *_edited(folder)]
    return [pair for pair in found if _is_chosen(*pair[1:])]


def _is_chosen(a: str, b: str) -> bool:
    words_a, words_b = a.split(), b.split()
    sizes = (len(words_a), len(words_b))
    return all(_FEWEST_WORDS <= size <= _MOST_WORDS for size in sizes) and words_a != words_b


def _versions(folder: Path) -> Iterator[Pair]:
    for row in _rows(folder / "wirepool" / "versions.jsonl.gz"):
        yield "versions", row["old"], row["new"]


def _outlets(folder: Path) -> Iterator[Pair]:
    texts = {row["id"]: row["text"] for row in _rows(folder / "wirepool" / "articles.jsonl.gz")}
    with (folder / "wirepool" / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["label"] in ("dup", "partial"):
                yield "outlets", texts[row["id_a"]], texts[row["id_b"]]


def _edited(folder: Path) -> Iterator[Pair]:
    for row in _rows(folder / "edits" / "alignments.jsonl.gz"):
        yield "edits", "\n".join(row["src_sents"]), "\n".join(row["copy_sents"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def long_pair(folder: Path, words: int) -> Pair:
    """Return a text of that many words, of articles end to end, and an edited copy.

    The copy drops a sixth of the paragraphs, moves one in twelve and replaces
    one word in thirty; the seed is fixed.
    """
    paragraphs: list[str] = []
    size = 0
    for row in _rows(folder / "reuters" / "articles.jsonl.gz"):
        for paragraph in filter(str.strip, row["text"].split("\n")):
            paragraphs.append(paragraph)
            size += len(paragraph.split())
        if size >= words:
            break
    return "long", "\n\n".join(paragraphs), _edit(paragraphs, random.Random(7))


def _edit(paragraphs: list[str], chosen: random.Random) -> str:
    kept = [paragraph for paragraph in paragraphs if chosen.random() > 1 / 6]
    for _ in range(len(kept) // 12):
        kept.insert(chosen.randrange(len(kept)), kept.pop(chosen.randrange(len(kept))))
    return "\n\n".join(
        " ".join("changed" if chosen.random() < 1 / 30 else word for word in paragraph.split(" "))
        for paragraph in kept
    )
