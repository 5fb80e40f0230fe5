"""Many records to columns of articles at once, where none of them is odd.

What is told here for a hundred records by one look at a column,
:class:`~dedup.formats.fields.FieldMap` tells for one record; where the look is
not enough, nothing is guessed: the records are left to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dedup.article import BLOCKS, hosts_of
from dedup.columns import ArticleColumns, MomentColumn, NameColumn, TextColumn
from dedup.formats.dates import parse_dates, shown_date
from dedup.formats.fields import FieldMap
from dedup.formats.names import Path
from dedup.formats.values import INT_LIMIT, as_text, find_value, is_address, link_and_outlet

__all__ = ["MappedColumns", "map_columns"]

_Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class MappedColumns:
    """Records as columns.

    Attributes
    ----------
    columns : ArticleColumns
    unread_dates : Sequence[tuple[int, str]]
        Which records have a publication date that could not be read, and it.
    """

    columns: ArticleColumns
    unread_dates: Sequence[tuple[int, str]]


class _OddError(Exception):
    """A value that takes a closer look."""


def map_columns(
    fields: FieldMap, rows: _Rows, fallback_id: Callable[[int], str]
) -> MappedColumns | None:
    """Map many records as :meth:`FieldMap.article` maps each of them.

    Parameters
    ----------
    rows : sequence of mappings
        The records' fields; their texts can be encoded.
    fallback_id : callable
        Returns the id of the i-th record, if it has neither an id nor a URL.

    Returns
    -------
    MappedColumns | None
        None where one of them is broken, or may be.
    """
    names: frozenset[str] = frozenset().union(*rows)
    paths = fields.common_paths(names)
    if paths is None:
        return None
    try:
        texts = _texts(rows, "text", paths["text"], is_needed=True)
        ids = _texts(rows, "id", paths["id"], is_needed=fields.needs_id)
        titles = _texts(rows, "title", paths["title"])
        links = _texts(rows, "url", paths["url"])
        outlets = _texts(rows, "source", paths["source"])
        dates = _column(rows, "published", paths["published"])
    except _OddError:
        return None
    if any(outlet is not None and is_address(outlet) for outlet in set(outlets)):
        settled = map(link_and_outlet, links, outlets)
        links, outlets = map(list, zip(*settled, strict=True))
    hosts = hosts_of(links)
    if not all(outlets):
        outlets = [outlet or host for outlet, host in zip(outlets, hosts, strict=True)]
    sites = [host or outlet for host, outlet in zip(hosts, outlets, strict=True)]
    if not all(ids):
        named = enumerate(zip(ids, links, strict=True))
        ids = [identity or link or fallback_id(i) for i, (identity, link) in named]
    published = parse_dates(dates)
    blocks = [row.get(BLOCKS) if BLOCKS in names else None for row in rows]
    if float in set(map(type, blocks)):  # an integer before it was parsed, perhaps
        return None
    columns = ArticleColumns(
        TextColumn.of(ids),  # type: ignore[arg-type]  # ids and texts are there
        TextColumn.of(texts),  # type: ignore[arg-type]
        TextColumn.of(titles),
        TextColumn.of(links),
        NameColumn.of(outlets),
        NameColumn.of(sites),
        MomentColumn.of(published),
        blocks,
    )
    return MappedColumns(columns, _unread(dates, published))


def _unread(dates: Sequence[object], published: Sequence[datetime | None]) -> list[tuple[int, str]]:
    return [
        (i, shown_date(date))
        for i, (date, moment) in enumerate(zip(dates, published, strict=True))
        if moment is None and date is not None
    ]


def _texts(
    rows: _Rows, target: str, paths: Sequence[Path], *, is_needed: bool = False
) -> list[str | None]:
    """Return the values of one field as texts; of one that is needed all are there."""
    values = _column(rows, target, paths, is_needed=is_needed)
    if set(map(type, values)) == {str}:
        return values  # type: ignore[return-value]  # just seen
    return [as_text(value) for value in values]


def _column(
    rows: _Rows, target: str, paths: Sequence[Path], *, is_needed: bool = False
) -> list[object]:
    """Return the value of one field in each record, None where there is none."""
    if not paths:
        if is_needed:
            raise _OddError
        return [None] * len(rows)
    key = paths[0][0]
    is_flat, is_text = len(paths[0]) == 1, target == "text"
    values = [row.get(key) if is_flat else None for row in rows]
    if set(map(type, values)) == {str} and all(values):
        texts: list[str] = values  # type: ignore[assignment]  # just seen
        if is_text or not any(map(str.isspace, texts)):
            return values
    is_only_place = is_flat and len(paths) == 1 and not is_needed
    for i, value in enumerate(values):
        if type(value) is str and value and (is_text or not value.isspace()):
            continue
        if value is None and is_only_place:
            continue
        value, path, _ = find_value(rows[i], target, paths)
        if (is_needed and not path) or (type(value) is float and abs(value) >= INT_LIMIT):
            raise _OddError
        values[i] = value
    return values
