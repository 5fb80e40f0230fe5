"""What a diff is: segments that tile both texts.

::

    Diff
    ├── segments   Segment*  in the order of a, added text at its place in b
    │   └── words  WordEdit*  tile the segment on both sides; empty when nothing changed
    ├── relation, containment_ab, containment_ba   the verdict of ``dedup.match``
    └── summary()  Summary   the counts and the lines an editor reads first
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.diff.summary import Summary
    from dedup.match import Evidence

__all__ = ["Diff", "EditKind", "Found", "Op", "Segment", "Span", "WordEdit", "WordOp"]

#: Code-point offsets ``(start, end)`` into an original text.
Span = tuple[int, int]


class Op(StrEnum):
    """What became of a stretch of text on its way from a to b."""

    KEPT = "kept"
    EDITED = "edited"
    MOVED = "moved"
    ADDED = "added"
    DROPPED = "dropped"
    CHROME = "chrome"


class WordOp(StrEnum):
    """What became of a run of words inside a segment."""

    KEPT = "kept"
    REPLACED = "replaced"
    ADDED = "added"
    DROPPED = "dropped"


class EditKind(StrEnum):
    """What a word edit touches; ``WORDING`` when nothing more can be said."""

    WORDING = "wording"
    TYPOGRAPHY = "typography"
    NUMBER = "number"
    NAME = "name"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class WordEdit:
    """A run of words inside a segment.

    Parameters
    ----------
    op : WordOp
    a, b : Span | None
        Code points of the run in either text; ``None`` where it has no words.
    kind : EditKind | None
        ``None`` for kept words. ``TYPOGRAPHY`` is no edit of substance.
    """

    op: WordOp
    a: Span | None
    b: Span | None
    kind: EditKind | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, or the part of one, with what became of it.

    Parameters
    ----------
    op : Op
        ``KEPT`` allows differences of typography, which ``words`` then lists.
    a, b : Span | None
        Its place in either text; white space belongs to the segment before it.
    words : tuple[WordEdit, ...]
        Empty when the two sides are the same code points.
    group : int | None
        Segments that one merge or split joins share a number.
    note : str | None
        ``"typography"`` on a kept segment with differences; ``"merged"`` or
        ``"split"`` on the segments of a group; why text is chrome.
    """

    op: Op
    a: Span | None
    b: Span | None
    words: tuple[WordEdit, ...] = ()
    group: int | None = None
    note: str | None = None

    @property
    def is_typography_only(self) -> bool:
        """Whether the two sides differ, but in nothing of substance."""
        return bool(self.words) and all(
            word.kind in (None, EditKind.TYPOGRAPHY) for word in self.words
        )

    @property
    def is_edited(self) -> bool:
        """Whether words of substance changed, in place or on the move."""
        return bool(self.words) and not self.is_typography_only


@dataclass(frozen=True, slots=True)
class Diff:
    """What a copy kept, edited, moved, added and dropped.

    The spans of :attr:`segments` cover every character of either text once.

    Parameters
    ----------
    text_a, text_b : str
        The two texts as given.
    segments : tuple[Segment, ...]
        In the order of a, with added text at its place in b.
    relation : str
        What a is to b, in the words of :class:`dedup.match.Relation`.
    containment_ab, containment_ba : float
        The share of a's body that is in b, and of b's that is in a; 0..1.
    titles : tuple[str | None, str | None]
        Of a and b, where the articles had them; they are no part of the texts.
    published : tuple[datetime | None, datetime | None]
        When a and b appeared, where known.
    limits : tuple[str, ...]
        What was bounded to stay fast, in plain words; empty as a rule.
    """

    text_a: str
    text_b: str
    segments: tuple[Segment, ...]
    relation: str
    containment_ab: float
    containment_ba: float
    titles: tuple[str | None, str | None] = (None, None)
    published: tuple[datetime | None, datetime | None] = (None, None)
    limits: tuple[str, ...] = ()

    def of(self, op: Op) -> tuple[Segment, ...]:
        """Return the segments of one operation."""
        return tuple(segment for segment in self.segments if segment.op == op)

    @property
    def kept(self) -> tuple[Segment, ...]:
        """Segments in both texts, alike but for typography."""
        return self.of(Op.KEPT)

    @property
    def edited(self) -> tuple[Segment, ...]:
        """Segments in both texts whose words changed, in place."""
        return self.of(Op.EDITED)

    @property
    def moved(self) -> tuple[Segment, ...]:
        """Segments that stand elsewhere in b; they may carry word edits too."""
        return self.of(Op.MOVED)

    @property
    def added(self) -> tuple[Segment, ...]:
        """Segments that only b has."""
        return self.of(Op.ADDED)

    @property
    def dropped(self) -> tuple[Segment, ...]:
        """Segments that only a has."""
        return self.of(Op.DROPPED)

    @property
    def chrome(self) -> tuple[Segment, ...]:
        """Segments that are a site's own text, no part of the article."""
        return self.of(Op.CHROME)

    def is_different(self, *, strict: bool = False) -> bool:
        """Whether anything was edited, moved, added or dropped.

        Parameters
        ----------
        strict : bool
            Count differences of typography as well. Chrome never counts.
        """
        return any(
            segment.op not in (Op.KEPT, Op.CHROME) or (strict and segment.words)
            for segment in self.segments
        )

    def summary(self) -> "Summary":
        """Count what became of a, and say what an editor reads first."""
        from dedup.diff.summary import summarize  # the room above this one

        return summarize(self)

    def in_order_of_b(self) -> Iterator[Segment]:
        """Yield the segments that b has, in its order."""
        placed = [segment for segment in self.segments if segment.b is not None]
        return iter(sorted(placed, key=lambda segment: segment.b or (0, 0)))

    def rebuild_a(self) -> str:
        """Put a together again from the segments."""
        spans = sorted(segment.a for segment in self.segments if segment.a is not None)
        return "".join(self.text_a[start:end] for start, end in spans)

    def rebuild_b(self) -> str:
        """Put b together again from the segments."""
        spans = sorted(segment.b for segment in self.segments if segment.b is not None)
        return "".join(self.text_b[start:end] for start, end in spans)


#: What a diff is made of: segments, what was bounded, and what the articles share.
Found = tuple[tuple[Segment, ...], tuple[str, ...], "Evidence"]
