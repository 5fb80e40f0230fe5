"""Bytes to articles: what scrapers leave behind, read as a stream.

One file per idea, so that each further format finds its place:

- `sources`: which files are meant; decompression by magic bytes;
- `registry`: the `Format` protocol, and which format a file is of;
- `jsonl`, `plain`, ...: one file per format, bytes -> rows of named fields;
- `fields`: named fields -> `Article`; `dates`: their dates;
- `reader`: all of it together, broken records counted or raised;
- `explain`: what the reader made of an input.
"""

from dedup.formats.explain import FileExplanation, InputExplanation, explain_input
from dedup.formats.reader import RecordReader, read_articles, read_records
from dedup.formats.record import Record

__all__ = [
    "FileExplanation",
    "InputExplanation",
    "Record",
    "RecordReader",
    "explain_input",
    "read_articles",
    "read_records",
]
