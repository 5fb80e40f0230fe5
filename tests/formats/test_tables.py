"""Results as JSON Lines, CSV or Parquet."""

import csv
import gzip
import io
import json
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from dedup.formats.kept import write_kept
from dedup.formats.tables import write_rows

ROWS = [
    {"cluster": "a", "members": ["a", "b, c"], "size": 2, "share": 0.5, "is_exact": True},
    {"cluster": '=cmd|"/c calc"', "members": [], "size": 1, "share": None, "is_exact": False},
]
COLUMNS = list(ROWS[0])


def written(path: str, rows: list[dict[str, object]] = ROWS) -> bytes:
    out = io.BytesIO()
    assert write_rows(out, path, rows, columns=COLUMNS) == len(rows)
    return out.getvalue()


def test_any_other_name_is_json_lines() -> None:
    """One row a line, as it is."""
    for path in ("rows.jsonl", "rows", "-"):
        assert [json.loads(line) for line in written(path).splitlines()] == ROWS


@pytest.mark.parametrize(("path", "delimiter"), [("r.csv", ","), ("R.TSV", "\t")])
def test_cells_hold_lists_as_json_and_no_formula(path: str, delimiter: str) -> None:
    """A spreadsheet runs what begins with an equals sign."""
    table = csv.reader(io.StringIO(written(path).decode()), delimiter=delimiter)
    assert list(table) == [
        COLUMNS,
        ["a", '["a", "b, c"]', "2", "0.5", "true"],
        ['\'=cmd|"/c calc"', "[]", "1", "", "false"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_beginning_of_a_formula_is_disarmed(start: str) -> None:
    """As spreadsheets take them."""
    row = {**ROWS[0], "cluster": f"{start}1"}
    _, cells = csv.reader(io.StringIO(written("r.csv", [row]).decode(), newline=""))
    assert cells[0] == f"'{start}1"


def test_parquet_keeps_types() -> None:
    """Lists are lists, absent values null."""
    assert parquet.read_table(io.BytesIO(written("r.parquet"))).to_pylist() == ROWS


def test_a_table_without_rows_has_its_columns() -> None:
    """Programs that read it look for them."""
    assert written("r.csv", []).decode().strip() == ",".join(COLUMNS)
    assert parquet.read_table(io.BytesIO(written("r.parquet", []))).schema.names == COLUMNS


def test_a_suffix_compresses_and_gives_the_same_bytes() -> None:
    """No time of writing is stored."""
    assert written("r.csv.gz") == written("r.csv.gz")
    assert gzip.decompress(written("r.csv.gz")) == written("r.csv")


def test_kept_rows_are_written_in_large_groups(tmp_path: Path) -> None:
    """They are read a few hundred at a time; so many groups would make a file slow to read."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rows = {"id": [str(n) for n in range(1500)], "text": ["Rain fell."] * 1500}
    parquet.write_table(pa.table(rows), tmp_path / "a.parquet")
    out = tmp_path / "kept.parquet"
    assert write_kept(str(out), tmp_path / "a.parquet", {"7"}) == 1499
    assert parquet.ParquetFile(out).num_row_groups == 1
