"""Blocks of JSON Lines to columns of articles, where the lines are plain.

What is read here by compiled loops, :mod:`dedup.formats.jsonl` and
:func:`~dedup.formats.columns.map_columns` read for some lines at a time; where the
loops are in doubt about a line, it is left to them.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from dedup.article import BLOCKS, UNDATED, host_of
from dedup.columns import ArticleColumns, Look, MomentColumn, NameColumn, TextColumn
from dedup.formats.columns import MappedColumns
from dedup.formats.dates import parse_dates, shown_date
from dedup.formats.fields import FieldMap
from dedup.formats.lineblocks import LineBlock
from dedup.kernels.gathering import (
    DATE,
    ID,
    NEEDED_ID,
    OUTLET,
    PLAIN,
    TEXT,
    either,
    gather,
    number_names,
    read_hosts,
)  # fmt: skip
from dedup.kernels.jsonlines import (
    DOUBTFUL,
    UNWANTED,
    Keys,
    ScannedLines,
    UnknownKey,
    scan_lines,
)  # fmt: skip
from dedup.kernels.moments import read_moments

__all__ = ["LineScanner", "Run"]

#: Longer blocks are lines that are no articles; what they hold would be in memory twice.
_MAX_BYTES = 4 << 20
#: Of feeds with ever other keys no more are known; their lines are left to a parser.
_MAX_KEYS = 200
#: Where more lines are odd, a parser reads them all in less time.
_MAX_ODD_SHARE = 0.25
#: Fewer texts are looked at with others.
_MANY = 32
_PADDING_BYTES = 64
_LINE_FEED = ord("\n")
#: Names that say more of a record than one value: articles of other formats, and blocks.
_DOUBTFUL_NAMES = frozenset({BLOCKS, "uri"})
_RULES = {"title": PLAIN, "url": PLAIN, "source": OUTLET, "published": DATE}


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of a block that stand one behind another.

    Attributes
    ----------
    block : LineBlock
        They alone.
    count : int
        How many they are.
    mapped : MappedColumns | None
        What they hold; None where a parser must look.
    """

    block: LineBlock
    count: int
    mapped: MappedColumns | None


class LineScanner:
    """Reads blocks, in any number of threads; what it learns of one serves the others.

    Parameters
    ----------
    fields : FieldMap
        Which field of a record is what.
    look : callable | None
        Looks at the texts.
    """

    def __init__(self, fields: FieldMap, look: Look | None = None) -> None:
        self._fields, self._look = fields, look
        self._slots: dict[bytes, int] = {}
        self._keys = Keys.of({})
        self._growing = Lock()

    def read(self, block: LineBlock) -> list[Run]:
        """Return the lines of a block in runs; ids that are absent are not filled in."""
        if block.is_too_long:
            return [Run(block, 1, None)]
        data = np.frombuffer(block.data, np.uint8)
        count = int(np.count_nonzero(data == _LINE_FEED))  # in a fraction of bytes.count's time
        scanned = None if block.size > _MAX_BYTES else self._scan(data, block.size, count)
        columns = None if scanned is None else self._columns(scanned)
        if scanned is None or columns is None:
            return [Run(block, count, None)]
        is_odd = scanned.is_odd
        if not is_odd.any():
            return [Run(block, count, self._looked_at(columns))]
        if is_odd.mean() > _MAX_ODD_SHARE:
            return [Run(block, count, None)]
        edges = [0, *(np.flatnonzero(np.diff(is_odd)) + 1).tolist(), len(is_odd)]
        return [
            Run(
                block.part(int(scanned.lines[first]), int(scanned.lines[last])),
                last - first,
                None if is_odd[first] else self._looked_at(_part(columns, first, last)),
            )
            for first, last in pairwise(edges)
        ]

    def _looked_at(self, mapped: MappedColumns) -> MappedColumns:
        """Have someone look at many texts; those between odd lines may be few."""
        if self._look is None or len(mapped.columns) < _MANY:
            return mapped
        columns = mapped.columns
        return replace(mapped, columns=replace(columns, texts=self._look(columns.texts)))

    def _scan(self, data: NDArray[np.uint8], size: int, count: int) -> ScannedLines | None:
        while len(self._slots) <= _MAX_KEYS:
            scanned = scan_lines(data, size, count, self._keys)
            if not isinstance(scanned, UnknownKey):
                return scanned
            self._add(scanned.name)
        return None

    def _add(self, name: bytes) -> None:
        """Take a key for known."""
        with self._growing:
            if name not in self._slots:
                slots = {**self._slots, name: self._slot(name)}
                self._slots = slots  # before the keys: who reads by these finds all of them
                self._keys = Keys.of(slots)

    def _slot(self, name: bytes) -> int:
        if b"\\" in name or name.decode() in _DOUBTFUL_NAMES:
            return DOUBTFUL
        paths = self._fields.common_paths(frozenset({name.decode()}))
        if paths is None:
            return DOUBTFUL
        if any(path[0] == name.decode() for some in paths.values() for path in some):
            return sum(slot >= 0 for slot in self._slots.values())
        return UNWANTED

    def _columns(self, scanned: ScannedLines) -> MappedColumns | None:
        """Return what the lines hold; more of them may turn out to be odd."""
        known = zip(self._slots.items(), scanned.seen, strict=False)
        slots = {name.decode(): slot for (name, slot), is_seen in known if is_seen}
        paths = self._fields.common_paths(frozenset(slots))
        if paths is None:
            return None

        def column(target: str, rule: int) -> TextColumn[str | None]:
            # Where a value is no text, in which paths go deeper, the line is odd.
            flat = [path[0] for path in paths[target] if len(path) == 1]
            places = [slots[name] for name in flat if name in slots]
            return _gathered(scanned, np.array(places, np.int64), rule)

        texts = column("text", TEXT)
        ids = column("id", NEEDED_ID if self._fields.needs_id else ID)
        titles, urls, sources, dates = (column(target, rule) for target, rule in _RULES.items())
        ids = _either(ids, urls)
        hosts = _hosts(urls)
        moments, unread = _moments(dates, scanned.is_odd)
        columns = ArticleColumns(
            ids,  # type: ignore[arg-type]  # the reader fills in those that are absent
            texts,  # type: ignore[arg-type]  # lines without one are odd
            titles,
            urls,
            _names(_either(sources, hosts)),
            _names(_either(hosts, sources)),
            moments,
            [None] * len(scanned.is_odd),
        )
        return MappedColumns(columns, unread)


def _part(mapped: MappedColumns, first: int, last: int) -> MappedColumns:
    unread = [(i - first, date) for i, date in mapped.unread_dates if first <= i < last]
    return MappedColumns(mapped.columns.part(first, last), unread)


def _empty(size: int, rows: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return room for a column, with a byte for each row that has no value."""
    return np.empty(size + rows + 2 * _PADDING_BYTES, np.uint8), np.zeros(rows + 1, np.int64)


def _gathered(scanned: ScannedLines, slots: NDArray[np.int64], rule: int) -> TextColumn[str | None]:
    size = int((scanned.ends[slots] - scanned.starts[slots]).sum())
    out = _empty(size, len(scanned.is_odd))
    found = scanned.values, scanned.starts, scanned.ends, scanned.kinds
    gather(*found, slots, rule, *out, scanned.is_odd)
    return TextColumn(*out)


def _either(
    column: TextColumn[str | None], other: TextColumn[str | None]
) -> TextColumn[str | None]:
    """Return what the first has, else what the other has."""
    out = _empty(int(column.offsets[-1] + other.offsets[-1]), len(column))
    either(column.buffer, column.offsets, other.buffer, other.offsets, *out)
    return TextColumn(*out)


def _hosts(urls: TextColumn[str | None]) -> TextColumn[str | None]:
    """Return the host of each URL."""
    out = _empty(int(urls.offsets[-1]), len(urls))
    is_unclear = np.zeros(len(urls), np.bool_)
    read_hosts(urls.buffer, urls.offsets, *out, is_unclear)
    hosts: TextColumn[str | None] = TextColumn(*out)
    if not is_unclear.any():
        return hosts
    return TextColumn.of(
        [
            host_of(url) if unclear and url else host
            for url, host, unclear in zip(urls, hosts, is_unclear.tolist(), strict=True)
        ]
    )


def _names(column: TextColumn[str | None]) -> NameColumn:
    """Return a column of which each different text is made once."""
    n = len(column)
    codes, firsts = np.empty(n, np.int32), np.empty(n, np.int64)
    places = np.zeros(4 << n.bit_length(), np.int64)
    found = number_names(column.buffer, column.offsets, places, codes, firsts)
    return NameColumn([column[first] for first in firsts[:found].tolist()], codes)


def _moments(
    dates: TextColumn[str | None], is_odd: NDArray[np.bool_]
) -> tuple[MomentColumn, list[tuple[int, str]]]:
    """Return the dates, and those that could not be read."""
    microseconds, offsets = np.empty(len(dates), np.int64), np.empty(len(dates), np.int64)
    is_unclear = np.zeros(len(dates), np.bool_)
    read_moments(dates.buffer, dates.offsets, UNDATED, microseconds, offsets, is_unclear)
    rows = np.flatnonzero(is_unclear & ~is_odd)
    texts = [dates[row] or "" for row in rows.tolist()]
    read = parse_dates(texts)
    found = MomentColumn.of(read)
    microseconds[rows], offsets[rows] = found.microseconds, found.offsets
    unread = [
        (row, shown_date(text))
        for row, text, moment in zip(rows.tolist(), texts, read, strict=True)
        if moment is None
    ]
    return MomentColumn(microseconds, offsets), unread
