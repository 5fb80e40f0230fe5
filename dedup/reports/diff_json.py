"""A diff as JSON, with code-point spans into both originals."""

import json
from dataclasses import asdict

from dedup.diff import Diff, Segment, WordEdit
from dedup.diff.summary import Summary

__all__ = ["diff_to_dict", "render_json"]


def diff_to_dict(diff: Diff) -> dict[str, object]:
    """Return a diff as plain values; the keys are fixed."""
    return {
        "relation": diff.relation,
        "containment_ab": round(diff.containment_ab, 4),
        "containment_ba": round(diff.containment_ba, 4),
        "titles": list(diff.titles),
        "summary": _summary(diff.summary()),
        "segments": [_segment(segment) for segment in diff.segments],
    }


def render_json(diff: Diff) -> str:
    """Return a diff as one JSON object on one line, in ASCII.

    Examples
    --------
    >>> from dedup.diff import diff
    >>> json.loads(render_json(diff("One.", "One.")))["segments"]
    [{'op': 'kept', 'a': [0, 4], 'b': [0, 4], 'words': [], 'group': None, 'note': None}]
    """
    return json.dumps(diff_to_dict(diff))


def _summary(summary: Summary) -> dict[str, object]:
    values = asdict(summary)
    for key in ("relation", "containment_ab", "containment_ba"):
        del values[key]  # they stand one level up
    if summary.lead is not None:
        values["lead"]["is_moved"] = summary.lead.is_moved
    return values


def _segment(segment: Segment) -> dict[str, object]:
    return {
        "op": segment.op.value,
        "a": segment.a,
        "b": segment.b,
        "words": [_word(word) for word in segment.words],
        "group": segment.group,
        "note": segment.note,
    }


def _word(word: WordEdit) -> dict[str, object]:
    kind = None if word.kind is None else word.kind.value
    return {"op": word.op.value, "a": word.a, "b": word.b, "kind": kind}
