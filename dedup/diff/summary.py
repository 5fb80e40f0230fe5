"""The lines an editor reads before the text itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from dedup.diff.direction import Direction, guess_direction
from dedup.diff.facts import name_facts
from dedup.diff.markup import without_markup
from dedup.diff.places import number_sentences
from dedup.diff.result import Diff, EditKind, Op, Segment, WordOp
from dedup.diff.typography import StyleChange, list_style_changes

__all__ = ["FactChange", "Lead", "Summary", "summarize"]

_CALLED_OUT = (EditKind.NUMBER, EditKind.NAME, EditKind.QUOTATION)


@dataclass(frozen=True, slots=True)
class FactChange:
    """A number, a name or a quotation that changed."""

    kind: EditKind
    a: str
    b: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.a or '–'} → {self.b or '–'}"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where the first sentence of a's body stands in b.

    Parameters
    ----------
    place_in_b : int | None
        1-based sentence of b's body; ``None`` where b dropped it.
    paragraph_in_b : int | None
        1-based paragraph of b's body.
    new_lead_from : int | None
        1-based sentence of a's body that now leads; ``None`` where b wrote it.
    """

    place_in_b: int | None
    paragraph_in_b: int | None
    new_lead_from: int | None

    @property
    def is_moved(self) -> bool:
        """Whether a's lead is in b, but does not lead it."""
        return self.place_in_b is not None and self.place_in_b > 1

    def __str__(self) -> str:
        if self.place_in_b is None:
            return "the lead of a is not in b"
        if not self.is_moved:
            return "the lead of a leads b"
        opens = (
            "a sentence of its own"
            if self.new_lead_from is None
            else (f"sentence {self.new_lead_from} of a")
        )
        return (
            f"the lead of a moved to paragraph {self.paragraph_in_b} "
            f"(sentence {self.place_in_b}); b opens with {opens}"
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of sentences, and what changed that is worth a line.

    Parameters
    ----------
    relation : str
    containment_ab, containment_ba : float
    identical, typography_only, edited, moved, dropped, added : int
        Sentences; ``edited`` are in place, ``moved`` may be edited as well.
    moved_and_edited : int
        Of the moved, those with word edits.
    merged, split : int
        Sentences of b made of several of a, and of a cut into several of b.
    chrome_a, chrome_b : int
        Lines or sentences of either that belong to its site.
    lead : Lead | None
        ``None`` where a has no body.
    style : tuple[StyleChange, ...]
    facts : tuple[FactChange, ...]
    direction : Direction | None
    limits : tuple[str, ...]
    """

    relation: str
    containment_ab: float
    containment_ba: float
    identical: int
    typography_only: int
    edited: int
    moved: int
    moved_and_edited: int
    merged: int
    split: int
    dropped: int
    added: int
    chrome_a: int
    chrome_b: int
    lead: Lead | None
    style: tuple[StyleChange, ...]
    facts: tuple[FactChange, ...]
    direction: Direction | None
    limits: tuple[str, ...]

    def verdict(self) -> str:
        """Return the first line: what a is to b, and how much of each is in the other."""
        return (
            f"a to b: {self.relation}; {self.containment_ab:.0%} of a is in b, "
            f"{self.containment_ba:.0%} of b is in a"
        )

    def counts(self) -> str:
        """Return the second line: sentences by what became of them."""
        parts = [
            f"{self.identical} identical",
            f"{self.typography_only} typography only",
            f"{self.edited} edited",
            f"{self.moved} moved" + (f" ({self.moved_and_edited} edited)" if self.moved else ""),
            f"{self.merged} merged, {self.split} split",
            f"{self.dropped} dropped",
            f"{self.added} added",
            f"chrome {self.chrome_a} in a, {self.chrome_b} in b",
        ]
        return "sentences: " + ", ".join(parts)

    def lines(self) -> list[str]:
        """Return all lines, the surest first."""
        lines = [self.verdict(), self.counts()]
        if self.style:
            lines.append("house style: " + ", ".join(map(str, self.style)))
        if self.facts:
            lines.append("changed: " + "; ".join(map(str, self.facts)))
        if self.lead is not None:
            lines.append(str(self.lead))
        if self.direction is not None:
            lines.append(str(self.direction))
        return lines + [f"note: {limit}" for limit in self.limits]

    def __str__(self) -> str:
        return "\n".join(self.lines())


def summarize(diff: Diff) -> Summary:
    """Count what became of a, and find what is worth a line."""
    kept, moved = diff.kept, diff.moved
    return Summary(
        relation=diff.relation,
        containment_ab=diff.containment_ab,
        containment_ba=diff.containment_ba,
        identical=_count(s for s in kept if not s.words),
        typography_only=_count(s for s in kept if s.words),
        edited=_count(diff.edited),
        moved=_count(moved),
        moved_and_edited=_count(s for s in moved if s.is_edited),
        merged=len({s.group for s in diff.segments if s.note == "merged"}),
        split=len({s.group for s in diff.segments if s.note == "split"}),
        dropped=len(diff.dropped),
        added=len(diff.added),
        chrome_a=sum(s.a is not None for s in diff.chrome),
        chrome_b=sum(s.b is not None for s in diff.chrome),
        lead=_find_lead(diff),
        style=list_style_changes(diff.text_a, diff.text_b, diff.segments),
        facts=_list_facts(diff),
        direction=guess_direction(diff),
        limits=diff.limits,
    )


def _count(segments: Iterable[Segment]) -> int:
    return sum(1 for _ in segments)


def _list_facts(diff: Diff) -> tuple[FactChange, ...]:
    found: dict[FactChange, None] = {}
    for segment in diff.segments:
        for word in segment.words:
            if word.op != WordOp.KEPT and word.kind in _CALLED_OUT:
                a = without_markup(diff.text_a[slice(*word.a)]) if word.a else ""
                b = without_markup(diff.text_b[slice(*word.b)]) if word.b else ""
                if _letters(a) != _letters(b):
                    a, b = name_facts(a, b, word.kind)
                    if a or b:
                        found.setdefault(FactChange(word.kind, a, b))
    return tuple(found)


def _letters(run: str) -> str:
    """Return the letters and digits of a run: other marks are no facts."""
    return "".join(filter(str.isalnum, run))


def _find_lead(diff: Diff) -> Lead | None:
    body_a = [s for s in diff.segments if s.a and s.op != Op.CHROME]
    body_b = [s for s in diff.in_order_of_b() if s.op != Op.CHROME]
    if not body_a:
        return None
    places = number_sentences(diff)
    place = places[body_a[0]].b
    paragraph = None
    if place is not None:
        end = (body_a[0].b or (0, 0))[0]
        starts = [s.b[0] for s in body_b if s.b and s.b[0] <= end]
        paragraph = 1 + sum(_starts_line(diff.text_b, start) for start in starts[1:])
    from_ = places[body_b[0]].a if body_b else None
    return Lead(place, paragraph, from_)


def _starts_line(text: str, at: int) -> bool:
    """Whether only white space stands between a line break, or the start, and a place."""
    while at and text[at - 1].isspace():
        if text[at - 1] in "\n\r\u2028\u2029\v\f\x85":
            return True
        at -= 1
    return at == 0
