"""Feeds read as columns: the same as one record after another."""

import json
import os
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.columns import ArticleColumns
from dedup.detector.workers import map_in_order
from dedup.errors import DedupError
from dedup.formats import RecordReader, lineblocks, read_articles, read_records
from dedup.formats import jsonl as jsonl_room
from dedup.formats.columns import map_columns
from dedup.formats.fields import FieldMap

NAMES = (
    "id", "_id", "guid", "text", "Text", "body", "title", "url", "link", "source", "hostname",
    "published", "date", "blocks", "uri", "type", "author", "story", "story.body",
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        (
            None, "", " ", "Rain fell.", "a", "b", "caf\xe9", "\ud83d", 0, 7, 3.0, 2.5, 2**63,
            2**63 + 1, 10**24, -(10**24), 1e300, float("nan"), True, [], ["a"], {"$oid": "o"},
            {"body": "Rain."}, {"name": "N", "id": None}, "https://www.x.example/1",
            "http://x.example", "http://[broken", "2026-08-01", "2026-08-01T10:00:00+02:00",
            "03/04/2026", 1787435255, {"$date": "2026-08-22"}, [[0, 4, "heading"]],
        )
    ),
    st.text(max_size=6),
)  # fmt: skip
PLAIN = st.fixed_dictionaries(
    {
        "id": st.integers(0, 99).map(str) | st.sampled_from((None, " ", 3.0, 2**64, 2**64 + 1)),
        "text": st.sampled_from(("Rain fell.", "Snow.", " ", "")),
    },
    optional={
        "title": st.sampled_from(("Rain", " ", None)),
        "url": st.sampled_from(("https://www.x.example/1", "http://y.example/a?b", "ftp:x", None)),
        "source": st.sampled_from(("Wire", " ", "http://x.example/feed", None)),
        "published": st.sampled_from(("2026-08-01", "2026-08-01T10:00:00Z", "May", 1787435255)),
    },
)
ODD_LINES = st.sampled_from(
    (b"", b"  ", b"\r", b"[1]", b"7", b"{", b'"a"', b'{"id": "1", "text": "caf\xe9"}', b"{}" * 2)
)
ANY = st.dictionaries(st.sampled_from(NAMES), VALUES)
LINES = st.one_of(st.one_of(PLAIN, PLAIN, PLAIN, ANY).map(json.dumps).map(str.encode), ODD_LINES)
FEEDS = st.one_of(
    st.lists(LINES, max_size=12), st.lists(PLAIN.map(json.dumps).map(str.encode), max_size=12)
)
MAPPINGS = st.sampled_from(
    ({}, {}, {"text": "story.body"}, {"id": "author"}, {"title": "blocks"}, {"url": "story.0"})
)


def outcome(reader: RecordReader, *, as_columns: bool, jobs: int = 1) -> object:
    """Return all that can be seen of a reading: articles, counts, notes, the error."""
    error = None
    columns: list[ArticleColumns] = []
    try:
        if as_columns:
            columns.extend(reader.columns(partial(map_in_order, jobs=jobs)))
        else:
            columns.extend(ArticleColumns.of([record.article]) for record in reader)
    except DedupError as caught:
        error = (type(caught), str(caught))
    articles = [row for part in columns for row in rows_of(part)]
    notes = (reader.skipped, reader.asides, reader.notes(), reader.unread_dates)
    # What came before an error is lost either way.
    return (error,) if error else (articles, notes)


def rows_of(columns: ArticleColumns) -> list[tuple[object, ...]]:
    """Return what the columns hold of each article."""
    return list(zip(*(getattr(columns, name) for name in columns.__slots__), strict=True))


@settings(max_examples=200, deadline=None)
@given(
    lines=FEEDS,
    end=st.sampled_from((b"\n", b"\r\n")),
    fields=MAPPINGS,
    skip_invalid=st.booleans(),
    unique_ids=st.booleans(),
    sizes=st.sampled_from(((2, 1 << 20), (3, 50), (128, 1 << 20), (4, 1))),
)
def test_columns_are_the_records(
    lines: list[bytes],
    end: bytes,
    fields: dict[str, str],
    skip_invalid: bool,
    unique_ids: bool,
    sizes: tuple[int, int],
) -> None:
    """Whatever stands in the lines and wherever a block ends: articles, counts, notes, errors."""

    def reader() -> RecordReader:
        return read_records(paths, fields=fields, skip_invalid=skip_invalid, unique_ids=unique_ids)

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl_room, "_GROUP_LINES", sizes[0])
        patch.setattr(lineblocks, "_BLOCK_BYTES", sizes[1])
        paths = [Path(folder, "1.jsonl"), Path(folder, "2.jsonl")]
        paths[0].write_bytes(b"\xef\xbb\xbf" + end.join(lines[:7]))
        paths[1].write_bytes(end.join(lines[7:]) + end)
        assert outcome(reader(), as_columns=True) == outcome(reader(), as_columns=False)


def test_plain_records_are_read_at_once() -> None:
    """Fields may be absent, null or by two names: no record is looked at by itself."""
    rows: list[dict[str, object]] = [
        {"id": "1", "body": "Rain.", "date": "2026-08-01"},
        {"id": 2, "text": None, "body": "Sun.", "url": "https://www.x.example/2"},
        {"text": "", "link": "https://y.example/3", "date": "May"},
    ]
    read = map_columns(FieldMap(), rows, str)
    assert read is not None
    columns = read.columns
    assert list(columns.ids) == ["1", "2", "https://y.example/3"]
    assert list(columns.texts) == ["Rain.", "Sun.", ""]
    assert (list(columns.sources), read.unread_dates) == (
        [None, "x.example", "y.example"],
        [(2, "May")],
    )


def test_what_was_begun_one_by_one_goes_on_as_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And back: no article is lost or read twice."""
    monkeypatch.setattr(lineblocks, "_BLOCK_BYTES", 3000)
    path = tmp_path / "f.jsonl"
    path.write_text("".join(f'{{"id": "{n}", "text": "x"}}\n' for n in range(600)), "utf-8")
    articles = read_articles(path)
    begun = [next(articles).id for _ in range(5)]
    columns = articles.columns()
    begun += [*next(columns).ids, *next(columns).ids]
    begun += [article.id for article in articles]
    assert begun == [str(n) for n in range(600)]


def test_a_line_of_a_pipe_is_read_when_it_comes(tmp_path: Path) -> None:
    """The next may take an hour: neither way of reading waits for it."""
    path = tmp_path / "f.jsonl"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)  # so that there is always somebody who may write more
    try:
        os.write(pipe, b'{"id": "1", "text": "Rain."}\n{"id": "2",')
        articles = read_articles(path)
        assert next(articles).id == "1"
        os.write(pipe, b' "text": "Sun."}\n')
        assert list(next(articles.columns()).ids) == ["2"]
    finally:
        os.close(pipe)


@given(st.lists(st.none() | st.text("htps:/w.x?#@[]1A\t ", max_size=14) | st.from_regex(
    r"\Ahttps?://[wx.@:?#/\[\]A\t]{0,9}\Z"
)))  # fmt: skip
def test_sites_of_columns_are_the_articles(urls: list[str | None]) -> None:
    """URLs that begin alike are taken apart once, and alike."""
    articles = [Article("1", "", url=url, source="S") for url in urls]
    assert list(ArticleColumns.of(articles).sites) == [article.site for article in articles]
