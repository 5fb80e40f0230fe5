"""A hint who abridged whom, with its reasons."""

from dataclasses import dataclass

from dedup.diff.result import Diff, Op, WordOp

__all__ = ["Direction", "guess_direction"]

#: One body is an abridgement when the other has this many times its words.
_MUCH_LONGER = 1.2
#: Words lost for each gained, inside shared sentences, that tell a cut.
_MUCH_MORE = 2.0
_MIN_WORDS = 8
_MIN_SHARED = 0.5
_HOUR_SECONDS = 3600
_MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Direction:
    """Which article looks like the fuller original, and why.

    Parameters
    ----------
    original : str
        ``"a"`` or ``"b"``.
    reasons : tuple[str, ...]
    against : tuple[str, ...]
        What speaks for the other direction.
    """

    original: str
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()

    def __str__(self) -> str:
        copy = "b" if self.original == "a" else "a"
        said = f"{copy} looks abridged from {self.original}: " + "; ".join(self.reasons)
        return said + (f" (but {'; '.join(self.against)})" if self.against else "")


def guess_direction(diff: Diff) -> Direction | None:
    """Return who looks abridged, or ``None`` where nothing tells."""
    reasons: dict[str, list[str]] = {"a": [], "b": []}
    words_a, words_b = _body_words(diff, "a"), _body_words(diff, "b")
    shared = max(diff.containment_ab, diff.containment_ba)
    if shared < _MIN_SHARED or not words_a or not words_b:
        return None
    longer = "a" if words_a >= words_b else "b"
    if max(words_a, words_b) >= _MUCH_LONGER * min(words_a, words_b):
        shorter = "b" if longer == "a" else "a"
        inside = diff.containment_ba if shorter == "b" else diff.containment_ab
        reasons[longer].append(
            f"{shorter} has {min(words_a, words_b)} words, {longer} {max(words_a, words_b)}; "
            f"{inside:.0%} of {shorter} is in {longer}"
        )
    lost, gained = _inner_words(diff)
    if max(lost, gained) >= max(_MIN_WORDS, _MUCH_MORE * min(lost, gained)):
        fuller, other = ("a", "b") if lost > gained else ("b", "a")
        reasons[fuller].append(
            f"inside the sentences of both, {other} lacks {max(lost, gained)} words "
            f"and has {min(lost, gained)} of its own"
        )
    merged = len({s.group for s in diff.segments if s.note == "merged"})
    split = len({s.group for s in diff.segments if s.note == "split"})
    if merged != split and (reasons["a"] or reasons["b"]):
        # alone it tells nothing: an editor joins and parts sentences at any length
        fuller, other = ("a", "b") if merged > split else ("b", "a")
        reasons[fuller].append(f"{other} joins sentences of {fuller} into one")
    when_a, when_b = diff.published
    has_evidence = bool(reasons["a"] or reasons["b"])
    if has_evidence and when_a and when_b and when_a != when_b:
        first, second = ("a", "b") if when_a < when_b else ("b", "a")
        lead = _span(abs((when_b - when_a).total_seconds()))
        reasons[first].append(f"{first} was published {lead} before {second}")
    original = "a" if len(reasons["a"]) >= len(reasons["b"]) else "b"
    if not reasons[original] or len(reasons["a"]) == len(reasons["b"]):
        return None
    other = "b" if original == "a" else "a"
    return Direction(original, tuple(reasons[original]), tuple(reasons[other]))


def _span(seconds: float) -> str:
    """Return a time span in the largest unit of which there is one.

    Examples
    --------
    >>> _span(5400), _span(90), _span(1)
    ('1.5 hours', '2 min', '1 s')
    """
    if seconds >= _HOUR_SECONDS:
        return f"{seconds / _HOUR_SECONDS:.1f} hours"
    minutes = round(seconds / _MINUTE_SECONDS)
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def _body_words(diff: Diff, side: str) -> int:
    text = diff.text_a if side == "a" else diff.text_b
    spans = [getattr(s, side) for s in diff.segments if s.op != Op.CHROME]
    return sum(len(text[slice(*span)].split()) for span in spans if span)


def _inner_words(diff: Diff) -> tuple[int, int]:
    """Count the words that shared sentences lost and gained."""
    lost = gained = 0
    for segment in diff.segments:
        for word in segment.words:
            if word.op != WordOp.KEPT:
                lost += len(diff.text_a[slice(*word.a)].split()) if word.a else 0
                gained += len(diff.text_b[slice(*word.b)].split()) if word.b else 0
    return lost, gained
