"""Bytes to articles: what scrapers leave behind, read as a stream.

One file per idea, so that each further format finds its place:

- `sources`: which files are meant; `compression`: told by magic bytes, bounded;
- `registry`: the `Format` protocol, and which format a file is of;
- one file per format, bytes -> rows of named fields: `plain`, `jsonl`,
  `jsondoc` (with `ninjs`), `delimited`, `tabular` (Parquet, Arrow), `sqlite`,
  `syndication` (RSS, Atom, RDF), `newswire` (NITF, NewsML-G2), `mail`
  and `mailbox`, `pages` and `warc` (with `wacz`);
- what several of them need: `jsontext`, `xml` from strangers, `markup` -> text, `page` (the
  main text of a web page, with `decoding`, and `remembered`), `linkeddata` and `depth`;
- `names`, `values` and `fields`: named fields -> `Article`; `columns`: many at
  once; `dates`: their dates;
- `reader` (with `ids`): all of it together, broken records counted or raised;
  `feeds`: what users call; `shares`: stops when most have no text; `explain`:
  what the reader made of an input;
- `tables`, `kept`: results as tables, the input without the duplicates;
  `packing`: either of them compressed.
"""

from dedup.formats.explain import FileExplanation, InputExplanation, explain_input
from dedup.formats.feeds import read_articles, read_records
from dedup.formats.reader import RecordReader
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
