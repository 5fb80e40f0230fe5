"""The corpora a diff is scored on, and what each asks."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.diff.scoring import Counts, linked_units, units_of
from benchmarks.floors import Figure
from dedup.diff import Diff, Op, Span, diff
from dedup.diff.moves import Link, heaviest_chain

__all__ = ["aligned_read", "alignments", "seeds", "versions"]

_SHOWN = 40
#: Two blocks that changed places weigh the same up to this factor.
_TIE = 1.2
#: A sentence does not end here: the gold's splitter cut after an abbreviation.
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]\.)+|\b(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Jr|Sr|Inc|Corp|Co|Ltd|No"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|vs|v|a\.m|p\.m|approx|etc)\.)[\"')]*$"
)


def seeds(folder: Path) -> list[Figure]:
    """Score the seed pair against ``gold.json``."""
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    names = ("000", "001", "002")
    text = {name: next(folder.glob(f"{name}_*.txt")).read_text("utf-8") for name in names}
    result = diff(text["002"], text["001"])
    links = right = moved = 0
    for group in gold["groups"]:
        for first_a in group["a"]:
            for first_b in group["b"]:
                links += 1
                at = text["002"].index(first_a), text["001"].index(first_b)
                segment = _joining(result, *at)
                right += segment is not None
                moved += segment is not None and (segment == Op.MOVED) == group["moved"]
    end = text["002"].index("AI Disclaimer")
    lead = text["002"].index("The Trump administration is exploring")
    chrome = [s for s in result.segments if s.a and (s.a[1] <= lead or s.a[0] >= end)]
    body = [s for s in result.segments if s.a and lead <= s.a[0] < end and s.op == Op.CHROME]
    others = diff(text["000"], text["002"])
    return [
        Figure("seeds", "links found", right),
        Figure("seeds", "links missed", links - right),
        Figure("seeds", "links told wrong: moved, or stayed", links - moved),
        Figure("seeds", "chrome segments not apart", sum(s.op != Op.CHROME for s in chrome)),
        Figure("seeds", "body segments called chrome", len(body)),
        Figure("seeds", "000 and 002 are distinct", int(others.relation == "distinct")),
    ]


def _joining(result: Diff, a: int, b: int) -> Op | None:
    groups = {s.group for s in result.segments if s.group and s.b and s.b[0] <= b < s.b[1]}
    for segment in result.segments:
        if not (segment.a and segment.b and segment.a[0] <= a < segment.a[1]):
            continue
        if segment.b[0] <= b < segment.b[1] or segment.group in groups:
            return segment.op
    return None


@dataclass(frozen=True, slots=True)
class _Gold:
    name: str
    text_a: str
    text_b: str
    units_a: list[Span]
    units_b: list[Span]
    links: dict[tuple[int, int], str]


def alignments(
    file: Path, joiner: str = "\n", limit: int | None = None, *, is_verbose: bool = False
) -> list[Figure]:
    """Score the machine-edited copies of ``edits/alignments.jsonl.gz``."""
    link, move, gone, new = Counts(), Counts(), Counts(), Counts()
    wrong: list[str] = []
    for gold in _read_alignments(file, joiner, limit):
        result = diff(gold.text_a, gold.text_b)
        found = linked_units(result, gold.units_a, gold.units_b)
        link.add(set(found), set(gold.links))
        moved = {pair for pair, op in found.items() if op == Op.MOVED}
        gold_moved = _smallest(gold, moved)
        move.add(moved, gold_moved)
        linked_a = {i for i, _ in gold.links}
        linked_b = {j for _, j in gold.links}
        dropped = units_of([s.a for s in result.dropped], gold.units_a) - {i for i, _ in found}
        gone.add(dropped, set(range(len(gold.units_a))) - linked_a)
        apart = [s.b for s in (*result.added, *result.chrome)]
        added = units_of(apart, gold.units_b) - {j for _, j in found}
        new.add(added, set(range(len(gold.units_b))) - linked_b)
        for name, bad in (("links", set(found) ^ set(gold.links)), ("moves", moved ^ gold_moved)):
            if bad:
                wrong.append(f"{gold.name}: {name} {sorted(bad)[:6]}")
    both = Counts(gone.true + new.true, gone.false + new.false, gone.missed + new.missed)
    _say(wrong[:_SHOWN], is_verbose=is_verbose)
    return [
        Figure("edits", "links: F1", link.f1),
        Figure("edits", "moves: precision", move.precision),
        Figure("edits", "moves: recall", move.recall),
        Figure("edits", "dropped: F1", gone.f1),
        Figure("edits", "added: F1", new.f1),
        Figure("edits", "dropped and added: F1", both.f1),
    ]


def _say(wrong: list[str], *, is_verbose: bool) -> None:
    if is_verbose:
        print("".join(f"    {line}\n" for line in wrong), end="")


def _smallest(gold: _Gold, found: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the lightest links whose removal leaves the rest in order.

    The gold names the block that a program took out and put back; where the
    text it jumped over is the lesser, a reader sees that move instead. Where
    the two weigh about the same, what was found is taken.
    """
    if "moved" not in gold.links.values():
        return set()
    links = [Link(i, j) for i, j in sorted(gold.links)]
    masses = [
        float(len(gold.text_a[slice(*gold.units_a[link.a])].split()))
        + len(gold.text_b[slice(*gold.units_b[link.b])].split())
        for link in links
    ]
    stayed = heaviest_chain(links, masses)
    mass_of = {(link.a, link.b): mass for link, mass in zip(links, masses, strict=True)}
    smallest = {(link.a, link.b) for index, link in enumerate(links) if index not in stayed}
    rest = sorted(set(mass_of) - found)
    is_in_order = all(x[1] <= y[1] for x, y in pairwise(rest))
    if found and found <= mass_of.keys() and is_in_order:
        weight = sum(map(mass_of.__getitem__, found))
        if weight <= _TIE * sum(map(mass_of.__getitem__, smallest)):
            return found
    return smallest


def _read_alignments(path: Path, joiner: str, limit: int | None) -> Iterator[_Gold]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            row = json.loads(line)
            fragments_a, fragments_b = row["src_sents"], row["copy_sents"]
            of = {i: j for i, j, _ in row["align"] if i is not None and j is not None}
            # where the copy has parted two fragments, they cannot be joined
            open_a = {
                i
                for i, words in enumerate(fragments_a)
                if _ABBREVIATION.search(words)
                and of.get(i + 1, -1) == (of[i] + 1 if i in of else -1)
            }
            # the copy's fragments are joined as the source's are: its U.S. may be US
            open_b = {of[i] for i in open_a if i in of}
            text_a, units_a, of_a = _join(fragments_a, open_a, joiner)
            text_b, units_b, of_b = _join(fragments_b, open_b, joiner)
            links: dict[tuple[int, int], str] = {}
            for i, j, op in row["align"]:
                if i is not None and j is not None:
                    pair = of_a[i], of_b[j]
                    links[pair] = "moved" if "moved" in (op, links.get(pair)) else op
            yield _Gold(f"{number} {row['level']}", text_a, text_b, units_a, units_b, links)


def _join(
    fragments: list[str], is_open: set[int], joiner: str
) -> tuple[str, list[Span], list[int]]:
    """Join fragments into a text; return also its units and the unit of each."""
    text, units, of = "", [], []
    for index, fragment in enumerate(fragments):
        if index - 1 in is_open:
            text += " "
            start = units.pop()[0]
        else:
            text += joiner if text else ""
            start = len(text)
        text += fragment
        units.append((start, len(text)))
        of.append(len(units) - 1)
    return text, units, of


def aligned_read(file: Path, *, is_verbose: bool = False) -> list[Figure]:
    """Score the pairs aligned by reading, ``edits/aligned_read.jsonl``."""
    link, move, chrome = Counts(), Counts(), Counts()
    wrong = []
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        result = diff(row["a"], row["b"])
        units_a, units_b = ([tuple(u) for u in row[key]] for key in ("units_a", "units_b"))
        chrome_a, chrome_b = ({_number(u) for u in row[key]} for key in ("chrome_a", "chrome_b"))
        found = {
            pair: op
            for pair, op in linked_units(result, units_a, units_b).items()
            if pair[0] not in chrome_a and pair[1] not in chrome_b
        }
        gold = {(_number(a), _number(b)) for a, b, _ in row["links"]}
        gold = {pair for pair in gold if pair[0] not in chrome_a and pair[1] not in chrome_b}
        link.add(set(found), gold)
        moved = {i for (i, _), op in found.items() if op == Op.MOVED}
        gold_moved = {_number(u) for u in row["moved"]}
        move.add(moved, gold_moved)
        apart = {("a", i) for i in units_of([s.a for s in result.chrome], units_a)}
        apart |= {("b", j) for j in units_of([s.b for s in result.chrome], units_b)}
        gold_apart = {("a", i) for i in chrome_a} | {("b", j) for j in chrome_b}
        chrome.add(apart, gold_apart)
        if set(found) != gold or moved != gold_moved or apart != gold_apart:
            wrong.append(
                f"{row['n']}: links +{sorted(set(found) - gold)} -{sorted(gold - set(found))} "
                f"moves +{sorted(moved - gold_moved)} -{sorted(gold_moved - moved)} "
                f"chrome +{sorted(apart - gold_apart)} -{sorted(gold_apart - apart)}"
            )
    _say(wrong, is_verbose=is_verbose)
    return [
        Figure("read", "links: F1", link.f1),
        Figure("read", "false moves", move.false),
        Figure("read", "moves missed", move.missed),
        Figure("read", "chrome: F1", chrome.f1),
    ]


def _number(unit: str) -> int:
    """Return the index of a unit named ``A12`` or ``B3``."""
    return int(unit[1:])


def versions(file: Path) -> list[Figure]:
    """Diff every revision of ``wirepool/versions.jsonl.gz``; rebuild both texts."""
    count = torn = 0
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            result = diff(row["old"], row["new"])
            torn += (result.rebuild_a(), result.rebuild_b()) != (row["old"], row["new"])
            count += 1
    return [
        Figure("versions", "pairs", count),
        Figure("versions", "pairs not rebuilt", torn),
    ]
