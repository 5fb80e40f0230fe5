"""Results as a table: JSON Lines, CSV or Parquet, by the name of the file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

import orjson

from dedup.errors import OptionalDependencyError
from dedup.formats.packing import packed
from dedup.formats.sources import inner_name

__all__ = ["write_rows"]

_ROWS_A_GROUP = 10_000
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rows(
    stream: BinaryIO,
    path: str,
    rows: Iterable[Mapping[str, object]],
    *,
    columns: Sequence[str],
) -> int:
    r"""Write rows in the format that a path's suffix names.

    ``.csv`` and ``.tsv`` are tables with lists and objects as JSON in their
    cells; a text that a spreadsheet would run as a formula has an apostrophe
    put before it. ``.parquet`` keeps lists as lists. Any other name is JSON
    Lines. A suffix such as ``.gz`` behind it compresses.

    Parameters
    ----------
    stream : BinaryIO
        An open file, as from `open_output`.
    path : str
        Its name.
    rows : Iterable[Mapping[str, object]]
        Written in their order; memory holds 10,000 at most.
    columns : Sequence[str]
        The columns of a table, in order, so that one without rows has them too.

    Returns
    -------
    int
        How many rows were written.

    Examples
    --------
    >>> out = io.BytesIO()
    >>> write_rows(out, "c.csv", [{"id": "=1+1", "n": ["a"]}], columns=["id", "n"])
    1
    >>> out.getvalue().decode()
    'id,n\n\'=1+1,"[""a""]"\n'
    """
    name = inner_name(path)
    if name.endswith(".parquet"):
        return _write_parquet(stream, rows, columns)
    with packed(stream, path) as out:
        if name.endswith((".csv", ".tsv")):
            return _write_csv(out, rows, columns, "\t" if name.endswith(".tsv") else ",")
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last is the number of rows
            out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        return count


def _write_csv(
    out: BinaryIO, rows: Iterable[Mapping[str, object]], columns: Sequence[str], delimiter: str
) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    quoting = csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(columns)
    count = 0
    for row in rows:
        cells = [_cell(row.get(name)) for name in columns]
        # The module quotes no carriage return where lines end without one; readers break there.
        is_plain = not any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (table if is_plain else quoting).writerow(cells)
        count += 1
    text.flush()
    text.detach()
    return count


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _write_parquet(
    out: BinaryIO, rows: Iterable[Mapping[str, object]], columns: Sequence[str]
) -> int:
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise OptionalDependencyError("pyarrow", "parquet", "writing Parquet files") from error
    groups = _groups(iter(rows), columns)
    first = next(groups, [])
    # The first rows tell the types: those of one kind of result are the same throughout.
    table = pa.Table.from_pylist(first) if first else pa.table({name: [] for name in columns})
    writer = ParquetWriter(out, table.schema)
    writer.write_table(table)
    count = len(first)
    for group in groups:
        writer.write_table(pa.Table.from_pylist(group, schema=table.schema))
        count += len(group)
    writer.close()
    return count


def _groups(
    rows: Iterator[Mapping[str, object]], columns: Sequence[str]
) -> Iterator[list[dict[str, object]]]:
    while part := list(islice(rows, _ROWS_A_GROUP)):
        yield [{name: row.get(name) for name in columns} for row in part]
