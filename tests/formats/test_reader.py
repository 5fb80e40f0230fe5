"""Records out of files: what is read, raised and counted."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedup.errors import ArgumentError, RecordError
from dedup.formats import explain_input, lineblocks, read_articles, read_records
from dedup.formats import plain as plain_room


def feed(tmp_path: Path, *lines: bytes | dict[str, object], name: str = "f.jsonl") -> Path:
    path = tmp_path / name
    rows = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_raw_lines_rebuild_the_feed(tmp_path: Path, line_end: bytes) -> None:
    """Records keep their bytes, so that kept ones are written as they came in."""
    content = line_end.join(
        [b'{"id":1,  "text":"caf\\u00e9"}', '{"text": "Señal", "id": "2"}'.encode(), b""]
    )
    path = tmp_path / "f.jsonl"
    path.write_bytes(content)
    assert b"".join(record.raw + b"\n" for record in read_records(path)) == content


def test_a_record_says_where_it_stands(tmp_path: Path) -> None:
    """Blank lines are no records, but count as lines."""
    path = feed(tmp_path, {"id": "a", "text": "x"}, b"  ", {"id": "b", "text": "y"})
    assert [(r.article.id, r.path, r.line) for r in read_records(path)] == [
        ("a", str(path), 1),
        ("b", str(path), 3),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "broken JSON"),
        (b'{"id": "1", "text": "a"} {}', "broken JSON: extra data at character"),
        (b"[1]", "a list where an object is needed"),
        (b'"a"', "text where an object is needed"),
        (b"7", "a bare value where an object is needed"),
        (b'{"id": "1", "text": "caf\xe9"}', "not UTF-8: byte 0xe9 at byte 25 of the line"),
        (b'{"id": "1", "text": "\\ud83d"}', 'half a surrogate pair .* in "text"'),
        (b'{"id": "1", "title": "x"}', 'no "text" field; map one with --field text=NAME'),
        (b'{"id": "1", "text": ["a"]}', "the text is a list, not text"),
        (b'{"id": "1", "text": 7}', "the text is a number"),
        (b'{"id": "1", "text": "a\x00"}', "broken JSON: invalid control character at character 23"),
        (b'{"id":' + b"[" * 3000, "broken JSON"),
        (b'{"id":' * 3000, "broken JSON"),
        (b'{"id": 1' + b"0" * 5000 + b"}", "too many digits"),
    ],
)
def test_a_broken_record_stops_the_reading_and_is_named(
    tmp_path: Path, line: bytes, words: str
) -> None:
    """The error has the file, the line and how to mend it."""
    path = feed(tmp_path, {"id": "0", "text": "fine"}, line)
    with pytest.raises(RecordError, match=words) as caught:
        list(read_records(path))
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    assert str(caught.value).startswith(f"{path}:2: ")


def test_skipped_records_are_counted_by_kind(tmp_path: Path) -> None:
    """With skip_invalid the rest is read, and nothing goes missing unsaid."""
    path = feed(
        tmp_path,
        b"{",
        {"id": "1", "text": "a"},
        b"nonsense",
        {"id": "2"},
        {"id": "1", "text": "b"},
        {"id": "3", "text": "c"},
    )
    reader = read_records(path, skip_invalid=True)
    assert [record.article.id for record in reader] == ["1", "3"]
    assert reader.skipped == {"broken JSON": 2, "no text": 1, "duplicate id": 1}
    assert reader.examples["broken JSON"].line == 1
    assert any("2 records skipped, broken JSON" in note for note in reader.notes())


def test_a_duplicate_id_names_both_places(tmp_path: Path) -> None:
    """Across files as well."""
    one = feed(tmp_path, {"id": "x", "text": "a"}, name="1.jsonl")
    two = feed(tmp_path, {"id": "y", "text": "b"}, {"id": "x", "text": "c"}, name="2.jsonl")
    with pytest.raises(RecordError, match=r"2\.jsonl:2: id 'x' was used before, at .*1\.jsonl:1"):
        list(read_records([one, two]))
    assert len(list(read_records([one, two], unique_ids=False))) == 3


def test_the_same_file_twice_is_said(tmp_path: Path) -> None:
    """A glob and a name may mean the same file."""
    path = feed(tmp_path, {"id": "x", "text": "a"})
    with pytest.raises(RecordError, match="used before"):
        list(read_records([path, path]))


def test_a_line_without_end_is_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line after it is read as usual."""
    monkeypatch.setattr(lineblocks, "MAX_LINE_BYTES", 64)
    path = feed(tmp_path, b"{" + b" " * 500, {"id": "1", "text": "a"})
    reader = read_records(path, skip_invalid=True)
    assert [(r.article.id, r.line) for r in reader] == [("1", 2)]
    assert reader.skipped == {"line too long": 1}


def test_a_text_file_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No article is as long."""
    monkeypatch.setattr(plain_room, "MAX_FILE_BYTES", 64)
    (tmp_path / "a.txt").write_bytes(b"Rain. " * 50)
    with pytest.raises(RecordError, match=r"a\.txt: larger than .*no single article"):
        list(read_records(tmp_path))


def test_a_byte_order_mark_is_no_part_of_a_record(tmp_path: Path) -> None:
    """Windows programs write one."""
    path = feed(tmp_path, b'\xef\xbb\xbf{"id": "1", "text": "a"}')
    assert next(read_records(path)).raw.startswith(b"{")
    text = tmp_path / "a.txt"
    text.write_bytes(b"\xef\xbb\xbfRain.")
    assert next(read_articles(text)).text == "Rain."


def test_ids_beyond_64_bits_stay_apart(tmp_path: Path) -> None:
    """A parser that made floats of them would make them one."""
    first, second = 10**24, 10**24 + 1
    path = feed(tmp_path, {"id": first, "text": "a"}, {"id": second, "text": "b"})
    assert [a.id for a in read_articles(path)] == [str(first), str(second)]


def test_nan_is_an_absent_value(tmp_path: Path) -> None:
    """Data frames write it for what is missing."""
    (article,) = read_articles(feed(tmp_path, b'{"id": 3.0, "text": "a", "title": NaN}'))
    assert (article.id, article.title) == ("3", None)


def test_an_article_without_id_is_its_url_else_its_place(tmp_path: Path) -> None:
    """The place is the file and the line."""
    path = feed(tmp_path, {"text": "a", "url": "https://x.example/1"}, {"text": "b"})
    assert [a.id for a in read_articles(path)] == ["https://x.example/1", f"{path}:2"]


def test_text_files_have_their_path_for_id_and_no_source(tmp_path: Path) -> None:
    """Line ends and white space stay as they are: spans point into the original."""
    (tmp_path / "ap").mkdir()
    (tmp_path / "ap" / "1.txt").write_bytes(b" Rain.\r\n\r\nSun.\n")
    (record,) = read_records(tmp_path)
    assert record.article.id == "ap/1.txt"
    assert record.article.text == " Rain.\r\n\r\nSun.\n"
    assert (record.article.source, record.line, record.raw) == (None, None, b" Rain.\r\n\r\nSun.\n")


def test_a_text_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """With the offset of the first bad byte, byte order mark or not."""
    for start, offset in ((b"", 3), (b"\xef\xbb\xbf", 6)):
        path = tmp_path / "a.txt"
        path.write_bytes(start + b"caf\xe9!")
        with pytest.raises(RecordError, match=f"a.txt: not UTF-8: byte 0xe9 at offset {offset}"):
            list(read_articles(path))


def test_a_mapping_leaves_text_files_alone(tmp_path: Path) -> None:
    """A folder may hold both kinds."""
    feed(tmp_path, {"id": "1", "story": {"body": "a"}})
    (tmp_path / "b.txt").write_text("Rain.", encoding="utf-8")
    fields = {"text": "story.body"}
    assert [a.text for a in read_articles(tmp_path, fields=fields)] == ["Rain.", "a"]


def test_a_mapping_of_an_unknown_field_is_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(ArgumentError, match="no field 'body' to map"):
        read_records(feed(tmp_path, {"id": "1"}), fields={"body": "x"})


def test_a_date_that_cannot_be_read_is_counted_and_kept(tmp_path: Path) -> None:
    """The article has no date then, and still has what stood there."""
    path = feed(tmp_path, {"id": "1", "text": "a", "date": "03/04/2026"})
    reader = read_records(path)
    article = next(reader).article
    assert article.published is None
    assert article.extra == {"date": "03/04/2026"}
    assert reader.unread_dates == 1
    assert "1 date not read" in reader.notes()[0]


def test_explain_input_shows_the_mapping(tmp_path: Path) -> None:
    """Which field went where, what is empty, what is broken, the first article."""
    path = feed(
        tmp_path,
        {"guid": "1", "maintext": "Body.", "date_publish": "2026-08-01", "date_download": "x"},
        {"guid": "2", "maintext": None},
        {"guid": "3"},
        b"{",
    )
    (tmp_path / "gold.csv").write_text("id,cluster\n", encoding="utf-8")
    explanation = explain_input(tmp_path)
    (file,) = explanation.files
    assert file.path == str(path)
    assert file.origins["text"] == {"maintext": 2}
    assert file.origins["id"] == {"guid": 3}
    assert file.origins["published"] == {"date_publish": 1}
    assert (file.records, file.empty_bodies, file.is_whole) == (4, 1, True)
    assert file.invalid == {"no text": 1, "broken JSON": 1}
    assert file.first is not None
    assert file.first.published == datetime(2026, 8, 1, tzinfo=UTC)
    assert explanation.empty_share == 0.5
    assert explanation.left_out == (str(tmp_path / "gold.csv"),)
    assert not explain_input(path, limit=2).files[0].is_whole
