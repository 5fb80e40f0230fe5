"""A diff as Markdown, for an issue, a wiki or a chat."""

import re
from collections.abc import Collection

from dedup.diff import Diff, EditKind, Op, Segment, WordOp
from dedup.reports.diff_rows import Arrival, Fold, Row, Shown, list_rows
from dedup.reports.visible import one_line

__all__ = ["render_markdown", "safe_markdown"]

#: What Markdown or HTML would read, and what would turn an address into a link.
_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|$]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_AT_LINE_START = re.compile(r"^(\s*)([#+\-=]|\d+(?=[.)]))")
_TAGS = {
    Op.ADDED: "added",
    Op.DROPPED: "dropped",
    Op.EDITED: "edited",
    Op.CHROME: "chrome",
}


def render_markdown(
    diff: Diff,
    *,
    names: tuple[str, str] = ("a", "b"),
    only: Collection[Op] = (),
    context: int | None = None,
    is_chrome_shown: bool = False,
    is_typography_shown: bool = False,
) -> str:
    """Return a diff as Markdown: ``~~old~~`` and ``**new**`` words inline.

    Whatever the articles hold is escaped; it makes no markup, link or HTML.
    """
    summary = diff.summary()
    heads = [safe_markdown(title or name) for title, name in zip(diff.titles, names, strict=True)]
    lines = [f"## {heads[0]} → {heads[1]}", "", f"**{safe_markdown(summary.verdict())}**", ""]
    lines += [f"- {safe_markdown(line)}" for line in summary.lines()[1:]]
    rows = list_rows(diff, only=only, context=context, is_chrome_shown=is_chrome_shown)
    for row in rows:
        lines += ["", _row(diff, row, is_typography_shown=is_typography_shown)]
    return "\n".join(lines) + "\n"


def _row(diff: Diff, row: Row, *, is_typography_shown: bool) -> str:
    if isinstance(row, Fold):
        name = "line" if row.op == Op.CHROME else "sentence"
        plural = "s" if len(row.shown) > 1 else ""
        return f"*{row.op.value}: {len(row.shown)} {name}{plural} not shown*"
    if isinstance(row, Arrival):
        return f"> *↑ sentence {row.place.a} of a moved here*"
    text = _inline(diff, row.segment, is_typography_shown=is_typography_shown)
    return f"{_tag(row)}{text}"


def _tag(row: Shown) -> str:
    if row.segment.op == Op.MOVED:
        return f"*moved to sentence {row.place.b} of b:* "
    name = _TAGS.get(row.segment.op)
    return f"*{name}:* " if name else ""


def _inline(diff: Diff, segment: Segment, *, is_typography_shown: bool) -> str:
    if not segment.words:
        span, text = (segment.a, diff.text_a) if segment.a else (segment.b, diff.text_b)
        bare = safe_markdown(text[slice(*span)] if span else "").strip()
        return f"~~{bare}~~" if segment.op == Op.DROPPED else bare
    parts = []
    for word in segment.words:
        old = diff.text_a[slice(*word.a)] if word.a else ""
        new = diff.text_b[slice(*word.b)] if word.b else ""
        is_hidden = word.kind == EditKind.TYPOGRAPHY and not is_typography_shown
        if word.op == WordOp.KEPT or is_hidden:
            kept = safe_markdown(new)
            parts.append(kept + (" " if old[-1:].isspace() and kept[-1:] not in (" ", "") else ""))
            continue
        parts.append(_marked(old, "~~") + (" " if old and new and not old[-1:].isspace() else ""))
        parts.append(_marked(new, "**"))
    return "".join(parts).strip()


def _marked(text: str, mark: str) -> str:
    safe = safe_markdown(text)
    bare = safe.strip()
    if not bare:
        return safe
    return (" " if safe[:1] == " " else "") + mark + bare + mark + (" " if safe[-1:] == " " else "")


def safe_markdown(text: str) -> str:
    """Return a text with everything that Markdown or HTML would read escaped."""
    return _AT_LINE_START.sub(_unlisted, _SPECIAL.sub(r"\\\1", one_line(text)))


def _unlisted(found: re.Match[str]) -> str:
    """Escape what would begin a list or a heading."""
    space, mark = found.groups()
    return f"{space}{mark}\u2060" if mark.isdigit() else f"{space}\\{mark}"
