"""What a copy kept, edited, moved, added and dropped."""

from dedup.diff.pipeline import diff
from dedup.diff.result import Diff, EditKind, Op, Segment, Span, WordEdit, WordOp

__all__ = ["Diff", "EditKind", "Op", "Segment", "Span", "WordEdit", "WordOp", "diff"]
