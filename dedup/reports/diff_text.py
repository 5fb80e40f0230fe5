"""A diff for a terminal: verdict, summary, then the text with its edits inline."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from io import StringIO

from rich.console import Console
from rich.text import Text

from dedup.diff import Diff, EditKind, Op, Segment, WordEdit, WordOp
from dedup.reports.diff_rows import Arrival, Fold, Row, Shown, list_rows
from dedup.reports.visible import one_line, visible

__all__ = ["SIDE_BY_SIDE_COLUMNS", "TextStyle", "render_text"]

#: From this width on two columns read better than one.
SIDE_BY_SIDE_COLUMNS = 120
_MARKS = {
    Op.KEPT: " ",
    Op.EDITED: "~",
    Op.MOVED: ">",
    Op.ADDED: "+",
    Op.DROPPED: "-",
    Op.CHROME: "#",
}
_STYLES = {
    Op.KEPT: "",
    Op.EDITED: "yellow",
    Op.MOVED: "cyan",
    Op.ADDED: "green",
    Op.DROPPED: "red",
    Op.CHROME: "dim",
}
_OLD, _NEW = "red strike", "green underline"
_CALLED_OUT = (EditKind.NUMBER, EditKind.NAME, EditKind.QUOTATION)
_GUTTER = 2
_MIN_COLUMN = 20


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How to set a diff as text.

    Parameters
    ----------
    width : int
        Columns of the terminal.
    is_colour : bool
        Without colour, edits stand in brackets as in wdiff: ``[-old-] {+new+}``.
    is_side_by_side : bool
    is_by_words : bool
        Word edits inline; otherwise the old and the new sentence, whole.
    is_summary_only : bool
    is_typography_shown : bool
        Mark edits of typography as well.
    is_chrome_shown : bool
    only : Collection[Op]
        Operations to show; all, if empty.
    context : int | None
        Kept sentences to show around a change; all, if ``None``.
    """

    width: int = 80
    is_colour: bool = False
    is_side_by_side: bool = False
    is_by_words: bool = True
    is_summary_only: bool = False
    is_typography_shown: bool = False
    is_chrome_shown: bool = False
    only: Collection[Op] = ()
    context: int | None = None


def render_text(diff: Diff, style: TextStyle | None = None) -> str:
    """Return a diff as text. Control characters of the articles are made visible."""
    style = style or TextStyle()
    page = _Page(diff, style)
    page.summary()
    if not style.is_summary_only:
        page.line(Text())
        rows = list_rows(
            diff,
            only=style.only,
            context=style.context,
            is_chrome_shown=style.is_chrome_shown,
        )
        for row in rows:
            page.row(row)
    return page.out.getvalue()


class _Page:
    """A page of text under way."""

    def __init__(self, diff: Diff, style: TextStyle) -> None:
        self.diff = diff
        self.style = style
        self.out = StringIO()
        self.console = Console(
            file=self.out,
            width=style.width,
            force_terminal=style.is_colour,
            color_system="standard" if style.is_colour else None,
            no_color=not style.is_colour,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self.column = (style.width - 3 - 2 * _GUTTER) // 2
        self.is_side_by_side = style.is_side_by_side and self.column >= _MIN_COLUMN

    def line(self, text: Text, indent: int = 0, mark: Text | None = None) -> None:
        """Print a paragraph, wrapped, its first line after a mark."""
        lines = self._wrap(text, self.style.width - indent) or [Text()]
        for number, part in enumerate(lines):
            lead = mark if mark is not None and number == 0 else Text(" " * indent)
            self.console.print(Text.assemble(lead, part), soft_wrap=True)

    def _wrap(self, text: Text, width: int) -> list[Text]:
        lines = list(text.wrap(self.console, max(width, 1)))
        for part in lines:
            part.rstrip()
        return lines

    def summary(self) -> None:
        """Print the verdict and the lines under it."""
        for side, title in zip("ab", self.diff.titles, strict=True):
            if title:
                self.line(Text(f"{side}: {one_line(title).strip()}"), indent=3)
        first, *rest = self.diff.summary().lines()
        self.line(Text(visible(first), style="bold"), indent=2, mark=Text())
        for line in rest:
            self.line(Text(one_line(line)), indent=2, mark=Text())

    def row(self, row: Row) -> None:
        """Print one row."""
        if isinstance(row, Fold):
            self.line(Text(_describe_fold(row), style="dim"), indent=_GUTTER, mark=Text("# "))
        elif isinstance(row, Arrival):
            self._arrival(row)
        elif self.is_side_by_side:
            self._side_by_side(row)
        else:
            self._stacked(row)

    def _arrival(self, row: Arrival) -> None:
        words = _excerpt(self.diff.text_b, row.segment)
        said = Text(f"< moved here from sentence {row.place.a} of a: {words}", style="cyan")
        if self.is_side_by_side:
            self._columns(Text(), Text("<", style="cyan"), said[2:])
        else:
            self.line(said[2:], indent=_GUTTER, mark=Text("< ", style="cyan"))

    def _stacked(self, row: Shown) -> None:
        segment = row.segment
        mark = Text(_MARKS[segment.op] + " ", style=_STYLES[segment.op])
        label = _label(row)
        if self.style.is_by_words or not segment.is_edited:
            text = self._inline(segment)
            self.line(Text.assemble(label, text), indent=_GUTTER, mark=mark)
        else:
            old = Text.assemble(label, self._side(segment, "a"))
            self.line(old, indent=_GUTTER, mark=Text("- ", style=_STYLES[Op.DROPPED]))
            new = self._side(segment, "b")
            self.line(new, indent=_GUTTER, mark=Text("+ ", style=_STYLES[Op.ADDED]))

    def _side_by_side(self, row: Shown) -> None:
        segment = row.segment
        label = _label(row)
        left = Text.assemble(label, self._side(segment, "a")) if segment.a else Text()
        right = self._side(segment, "b") if segment.b else Text()
        if segment.op == Op.MOVED:
            right = Text(f"(at sentence {row.place.b} of b) ", style="cyan") + right
        mark = Text(_MARKS[segment.op], style=_STYLES[segment.op])
        self._columns(left, mark, right)

    def _columns(self, left: Text, mark: Text, right: Text) -> None:
        lines_a = self._wrap(left, self.column) if left else []
        lines_b = self._wrap(right, self.column) if right else []
        for number in range(max(len(lines_a), len(lines_b), 1)):
            part_a = lines_a[number] if number < len(lines_a) else Text()
            part_b = lines_b[number] if number < len(lines_b) else Text()
            part_a.pad_right(self.column - part_a.cell_len)
            middle = mark if number == 0 else Text(" ")
            line = Text.assemble(part_a, "  ", middle, "  ", part_b)
            line.rstrip()
            self.console.print(line, soft_wrap=True)

    def _inline(self, segment: Segment) -> Text:
        """Return both sides in one: kept words, and old and new ones marked."""
        diff, style = self.diff, self.style
        if not segment.words:
            return self._side(segment, "a" if segment.a else "b")
        parts = Text()
        for word in segment.words:
            is_hidden = word.kind == EditKind.TYPOGRAPHY and not style.is_typography_shown
            if word.op == WordOp.KEPT or is_hidden:
                parts.append(_kept(diff, word))
                continue
            if word.a:
                old = one_line(diff.text_a[slice(*word.a)])
                is_replaced = word.b is not None and not old.endswith(" ")
                _append(parts, "[-", old + " " * is_replaced, "-]", _OLD, style)
            if word.b:
                new = _NEW + (" bold" if word.kind in _CALLED_OUT else "")
                _append(parts, "{+", one_line(diff.text_b[slice(*word.b)]), "+}", new, style)
        parts.rstrip()
        return parts

    def _side(self, segment: Segment, side: str) -> Text:
        """Return one side, with what the other has not marked."""
        text = self.diff.text_a if side == "a" else self.diff.text_b
        span = segment.a if side == "a" else segment.b
        if span is None:
            return Text()
        if not segment.words or not self.style.is_by_words:
            op = segment.op
            colour = _STYLES[op] if op in (Op.ADDED, Op.DROPPED, Op.CHROME) else ""
            return Text(one_line(text[slice(*span)]).strip(), style=colour)
        parts = Text()
        for word in segment.words:
            own = word.a if side == "a" else word.b
            if own is None:
                continue
            is_hidden = word.kind == EditKind.TYPOGRAPHY and not self.style.is_typography_shown
            if word.op == WordOp.KEPT or is_hidden:
                parts.append(one_line(text[slice(*own)]))
                continue
            marks = ("[-", "-]", _OLD) if side == "a" else ("{+", "+}", _NEW)
            _append(parts, marks[0], one_line(text[slice(*own)]), marks[1], marks[2], self.style)
        parts.rstrip()
        return parts


def _kept(diff: Diff, word: WordEdit) -> str:
    """Return b's words; with the space that a has after them, for a dropped clause."""
    kept = one_line(diff.text_b[slice(*word.b)]) if word.b else ""
    has_space = word.a is not None and diff.text_a[slice(*word.a)][-1:].isspace()
    return kept + (" " if has_space and kept and not kept.endswith(" ") else "")


def _append(parts: Text, open_: str, text: str, close: str, colour: str, style: TextStyle) -> None:
    bare = text.strip()
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    if style.is_colour:
        parts.append(before)
        parts.append(bare, style=colour)
        parts.append(after)
    else:
        parts.append(before + open_ + bare + close + after)


def _label(row: Shown) -> Text:
    segment, place = row.segment, row.place
    if segment.op == Op.MOVED:
        return Text(f"(sentence {place.a}, moved to sentence {place.b} of b) ", style="cyan")
    if segment.note in ("merged", "split"):
        return Text(f"({segment.note}) ", style="dim")
    return Text()


def _excerpt(text: str, segment: Segment) -> str:
    words = visible(" ".join(text[slice(*(segment.b or (0, 0)))].split()))
    limit = 48
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _describe_fold(fold: Fold) -> str:
    count = len(fold.shown)
    if fold.op == Op.KEPT:
        return f"{count} kept sentence{'s' if count > 1 else ''} not shown"
    sides = " and ".join(s for s, has in (("a", fold.is_in_a), ("b", fold.is_in_b)) if has)
    reasons = Counter(shown.segment.note or "chrome" for shown in fold.shown)
    said = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common())
    return f"chrome of {sides}, {count} line{'s' if count > 1 else ''}: {said} (--show-chrome)"
