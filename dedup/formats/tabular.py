"""Parquet and Arrow files: column tables, a batch of rows at a time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dedup.errors import FormatError, OptionalDependencyError
from dedup.formats.record import Row
from dedup.formats.sources import Source, refuse_second, seekable

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Arrow", "Parquet"]

_ROWS_A_BATCH = 256
#: What is written together: readers of Parquet look into one group of rows at a time.
_ROWS_A_GROUP, _GROUP_BYTES = 1 << 14, 32 << 20
_INSTALL = ("pyarrow", "parquet", "reading Parquet and Arrow files")
#: What an Arrow stream begins with: the mark of a message, no magic of its own.
_STREAM = b"\xff\xff\xff\xff"


class _Writer(Protocol):
    def write_table(self, table: "pa.Table") -> None: ...
    def close(self) -> None: ...


class _Table:
    """What both have in common: batches of rows with one schema."""

    has_own_names = True
    name = ""

    def rows(self, source: Source, stream: BinaryIO) -> Iterator[Row]:
        """Yield the rows; their numbers count from 1."""
        with self._batches(source, stream) as (_, batches):
            for _, rows in _numbered(batches):
                yield from rows

    def keep(
        self,
        source: Source,
        stream: BinaryIO,
        out: BinaryIO,
        is_kept: Callable[[Row], bool],
        before: bytes,
    ) -> bytes:
        """Write the kept rows with the schema and in the order of the file."""
        refuse_second(source, before, "tables")
        import pyarrow as pa

        with self._batches(source, stream) as (schema, batches):
            writer = self._writer(out, schema)
            kept = (
                batch.filter(pa.array(map(is_kept, rows), pa.bool_()))
                for batch, rows in _numbered(batches)
            )
            for group in _groups(kept, schema):
                writer.write_table(group)
            writer.close()
        return b"table"

    @contextmanager
    def _batches(
        self, source: Source, stream: BinaryIO
    ) -> "Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]":
        try:
            import pyarrow as pa
        except ImportError as error:
            raise OptionalDependencyError(*_INSTALL) from error
        try:
            with seekable(source, stream) as (path, _):
                schema, batches = self._open(path)
                yield schema, batches
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            what = (str(error).splitlines() or [type(error).__name__])[0][:200]
            reason = f"broken {self.name} ({what}): fetch or write the file again"
            raise FormatError(source.path, reason) from error

    def _open(self, path: str) -> "tuple[pa.Schema, Iterator[pa.RecordBatch]]":
        raise NotImplementedError

    def _writer(self, out: BinaryIO, schema: "pa.Schema") -> _Writer:
        raise NotImplementedError


class Parquet(_Table):
    """A Parquet file, as pandas, Spark and the `datasets` library write them."""

    name = "Parquet (.parquet)"
    suffixes = (".parquet", ".pq")

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins as Parquet does."""
        del source
        return head.startswith(b"PAR1")

    def _open(self, path: str) -> "tuple[pa.Schema, Iterator[pa.RecordBatch]]":
        from pyarrow.parquet import ParquetFile

        file = ParquetFile(path)
        return file.schema_arrow, map(_checked, file.iter_batches(_ROWS_A_BATCH))

    def _writer(self, out: BinaryIO, schema: "pa.Schema") -> _Writer:
        from pyarrow.parquet import ParquetWriter

        writer: _Writer = ParquetWriter(out, schema)
        return writer


class Arrow(_Table):
    """An Arrow file (Feather 2) or stream, as the `datasets` library caches them."""

    name = "Arrow (.arrow, .feather)"
    suffixes = (".arrow", ".feather", ".ipc")

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether it begins as an Arrow file or stream does."""
        del source
        return head.startswith((b"ARROW1", _STREAM))

    def _open(self, path: str) -> "tuple[pa.Schema, Iterator[pa.RecordBatch]]":
        import pyarrow as pa

        mapped = pa.memory_map(path)
        if mapped.read(6) != b"ARROW1":
            mapped.seek(0)
            stream = pa.ipc.open_stream(mapped)
            return stream.schema, map(_checked, stream)
        mapped.seek(0)
        file = pa.ipc.open_file(mapped)
        batches = (file.get_batch(number) for number in range(file.num_record_batches))
        return file.schema, map(_checked, batches)

    def _writer(self, out: BinaryIO, schema: "pa.Schema") -> _Writer:
        import pyarrow as pa

        writer: _Writer = pa.ipc.new_file(out, schema)
        return writer


def _checked(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    # Arrow trusts the offsets in a file; wrong ones lead outside of it and end the process.
    batch.validate(full=True)
    return batch


def _numbered(
    batches: "Iterable[pa.RecordBatch]",
) -> "Iterator[tuple[pa.RecordBatch, Iterator[Row]]]":
    """Yield each batch with its rows; their numbers count from 1 over all batches."""
    numbers = count(1)
    for batch in batches:
        yield batch, (Row(b"", next(numbers), fields) for fields in _plain(batch))


def _groups(batches: "Iterable[pa.RecordBatch]", schema: "pa.Schema") -> "Iterator[pa.Table]":
    """Join small batches into tables of a size to be written together."""
    import pyarrow as pa

    group: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        group.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= _ROWS_A_GROUP or size >= _GROUP_BYTES:
            yield pa.Table.from_batches(group, schema)
            group, rows, size = [], 0, 0
    if rows:
        yield pa.Table.from_batches(group, schema)


def _plain(batch: "pa.RecordBatch") -> Iterator[dict[str, object]]:
    """Return the rows of a batch as Python's own values, column by column."""
    names = batch.schema.names
    for start in range(0, batch.num_rows, _ROWS_A_BATCH):
        part = batch.slice(start, _ROWS_A_BATCH)
        columns = [_values(column) for column in part.columns]
        for values in zip(*columns, strict=True):
            yield dict(zip(names, values, strict=True))


def _values(column: "pa.Array") -> list[object]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        # As text a moment of nanoseconds needs no pandas, and is read as any date is.
        column = column.cast(pa.timestamp("us", tz=getattr(column.type, "tz", None)), safe=False)
        return [None if value is None else value.isoformat() for value in column.to_pylist()]
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [
            None if value is None else value.decode("utf-8", "replace")
            for value in column.to_pylist()
        ]
    values: list[object] = column.to_pylist()
    return values
