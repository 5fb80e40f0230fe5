"""What the reader makes of an input, before anything is done with it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from dedup.article import Article
from dedup.formats.reader import Paths, RecordReader
from dedup.formats.sources import Source, open_source

__all__ = ["FileExplanation", "InputExplanation", "explain_input"]

#: So many records of each file show its shape.
RECORDS_A_FILE = 1000


@dataclass(frozen=True, slots=True)
class FileExplanation:
    """What the reader made of one file.

    Attributes
    ----------
    path : str
        The file.
    format : str
        What it was taken for.
    records : int
        How many records were looked at; the file may hold more.
    is_whole : bool
        Whether those were all.
    origins : Mapping[str, Mapping[str, int]]
        For each field of an article: which field of the record it came from, or
        what it was made of, and in how many records.
    empty_bodies : int
        Articles whose text is empty or white space.
    invalid : Mapping[str, int]
        Broken records, by what is wrong with them.
    unread_dates : int
        Publication dates that could not be read.
    asides : Mapping[str, int]
        What stood among the records and is no article, by what it is.
    first : Article | None
        The first record as the tool sees it.
    """

    path: str
    format: str
    records: int = 0
    is_whole: bool = True
    origins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    empty_bodies: int = 0
    invalid: Mapping[str, int] = field(default_factory=dict)
    unread_dates: int = 0
    first: Article | None = None
    asides: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputExplanation:
    """What the reader made of an input.

    Attributes
    ----------
    files : tuple[FileExplanation, ...]
        One for each file, in the order of reading.
    left_out : tuple[str, ...]
        Files in folders that would not be read.
    """

    files: tuple[FileExplanation, ...]
    left_out: tuple[str, ...]

    @property
    def empty_share(self) -> float:
        """The share of articles without text, 0 to 1."""
        articles = sum(f.records - sum(f.invalid.values()) for f in self.files)
        return sum(f.empty_bodies for f in self.files) / articles if articles else 0.0


def explain_input(
    paths: Paths,
    *,
    fields: Mapping[str, str] | None = None,
    limit: int = RECORDS_A_FILE,
    extract: str = "best",
) -> InputExplanation:
    """Say how `paths` would be read: which field goes where, what is empty or broken.

    Parameters
    ----------
    paths, fields
        As for `read_records`.
    limit : int
        How many records of each file to look at.
    extract : str
        As for `read_records`.
    """
    reader = RecordReader(paths, fields=fields, skip_invalid=True, extract=extract)
    found = [_explain(reader, source, limit) for source in reader.sources]
    return InputExplanation(tuple(file for file in found if file is not None), reader.left_out)


def _made(article: Article, origins: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that no field of the record gave, and what they were made of."""
    if "id" not in origins:
        yield "id", "url" if article.url else "file, line"
    if "source" not in origins and article.source:
        yield "source", "host of url"


def _explain(reader: RecordReader, source: Source, limit: int) -> FileExplanation | None:
    origins: dict[str, Counter[str]] = {}
    invalid: Counter[str] = Counter()
    asides: Counter[str] = Counter()
    records = empty = unread = 0
    first: Article | None = None
    with open_source(source) as (stream, head):
        file_format = reader.recognise(source, head)
        if file_format is None:
            return None
        rows = file_format.rows(source, stream)
        for row in islice(rows, limit):
            if row.is_aside:
                asides[row.kind or "no article"] += 1
                continue
            records += 1
            mapped = reader.map_row(source, file_format, row)
            for target, name in mapped.origins.items():
                origins.setdefault(target, Counter())[name] += 1
            unread += mapped.unread_date is not None
            if mapped.article is None:
                invalid[mapped.kind or "broken"] += 1
                continue
            for target, name in _made(mapped.article, mapped.origins):
                origins.setdefault(target, Counter())[name] += 1
            empty += not mapped.article.text.strip()
            first = first or mapped.article
        is_whole = next(rows, None) is None
    return FileExplanation(
        source.path,
        file_format.name,
        records,
        is_whole,
        origins,
        empty,
        invalid,
        unread,
        first,
        asides,
    )
