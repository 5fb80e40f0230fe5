"""Which files are meant, and their decompressed bytes."""

import gzip
import os
import shlex
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dedup.errors import FormatError, InputError
from dedup.formats import read_records

LINE = b'{"id": "1", "text": "Rain fell."}\n'


def ids(*paths: str | Path) -> list[str]:
    return [record.article.id for record in read_records(paths)]


def write(path: Path, content: bytes = LINE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_gzip_is_told_by_its_magic_bytes(tmp_path: Path) -> None:
    """A compressed feed is read whatever it is called."""
    assert ids(write(tmp_path / "feed.jsonl", gzip.compress(LINE))) == ["1"]


def test_a_name_does_not_make_a_file_compressed(tmp_path: Path) -> None:
    """A plain feed that is called .gz is read as what it is."""
    assert ids(write(tmp_path / "feed.jsonl.gz")) == ["1"]


def test_gzip_members_one_after_another_are_one_feed(tmp_path: Path) -> None:
    """Feeds that were appended to are read to the end."""
    second = gzip.compress(LINE.replace(b"1", b"2"))
    assert ids(write(tmp_path / "f.gz", gzip.compress(LINE) + second)) == ["1", "2"]


@pytest.mark.parametrize("cut", [12, -4])
def test_a_cut_gzip_file_is_an_error(tmp_path: Path, cut: int) -> None:
    """A download that broke off is never taken for the whole."""
    path = write(tmp_path / "feed.jsonl.gz", gzip.compress(LINE * 50)[:cut])
    with pytest.raises(FormatError, match=r"feed\.jsonl\.gz: broken gzip"):
        list(read_records(path, unique_ids=False))


def test_a_folder_gives_its_feeds_in_order_of_path(tmp_path: Path) -> None:
    """Folders inside count, hidden files and other kinds do not."""
    for name in ("b.txt", "a/z.txt", "a.txt", ".hidden.txt", ".git/x.txt", "notes.md"):
        write(tmp_path / name, b"Rain fell.")
    reader = read_records(tmp_path)
    assert [record.article.id for record in reader] == ["a.txt", "a/z.txt", "b.txt"]
    assert reader.left_out == (str(tmp_path / "notes.md"),)
    assert "1 other file in the folder not read" in reader.notes()[0]


def test_a_glob_gives_its_files_in_order(tmp_path: Path) -> None:
    """The order does not follow the file system's."""
    for name in ("2", "1", "3"):
        write(tmp_path / f"{name}.jsonl", LINE.replace(b"1", name.encode()))
    assert ids(f"{tmp_path}/*.jsonl") == ["1", "2", "3"]


def test_a_file_whose_name_looks_like_a_glob_is_a_file(tmp_path: Path) -> None:
    """What exists is meant as it is written."""
    assert ids(write(tmp_path / "feed[1].jsonl")) == ["1"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("none.jsonl", "no such file"),
        ("*.none", "matches no file"),
        ("empty", "no articles in this folder"),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, path: str, words: str) -> None:
    """Each has its own words."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=words):
        ids(tmp_path / path)


def test_an_empty_file_is_noted(tmp_path: Path) -> None:
    """It holds no record; that is no error, but said."""
    reader = read_records([write(tmp_path / "a.jsonl", b""), write(tmp_path / "b.jsonl")])
    assert len(list(reader)) == 1
    assert reader.notes() == [f"{tmp_path / 'a.jsonl'}: empty, no records"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (LINE.decode().encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04....", "a zip archive: unpack it"),
        (b"%PDF-1.7", "a PDF: extract its text"),
        (b"<opml></opml>", "XML of no kind that is read"),
        (b"no idea", "of no known format"),
    ],
)
def test_an_unknown_format_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    """The message says what the file looks like and how to mend it."""
    with pytest.raises(FormatError, match=words):
        ids(write(tmp_path / "feed", content))


def test_a_file_name_need_not_be_utf8(tmp_path: Path) -> None:
    """Such a name makes an id that can be written down."""
    name = os.fsdecode(b"caf\xe9.txt")
    write(tmp_path / name, b"Rain fell.")
    assert ids(tmp_path) == [r"caf\xe9.txt"]


def test_standard_input_is_read_as_it_arrives() -> None:
    """A line is a record before the next one is there: a pipe may be slow."""
    code = (
        "from dedup import read_records\n"
        "for r in read_records('-'): print(r.article.id, r.path, r.line, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        watchdog = threading.Timer(60, process.kill)  # a reader that waits for more hangs
        watchdog.start()
        for number in (1, 2):
            process.stdin.write(LINE.replace(b"1", str(number).encode()))
            process.stdin.flush()
            assert process.stdout.readline() == f"{number} - {number}\n".encode()
        process.stdin.close()
        watchdog.cancel()


def test_a_closed_standard_input_is_said() -> None:
    """As a daemon may leave it."""
    code = "import sys\nfrom dedup import read_records\nlist(read_records('-'))"
    command = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(code)} <&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert b"InputError: -: standard input is closed" in done.stderr


def test_a_folder_that_may_not_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it holds would go missing without a word."""
    write(tmp_path / "a.jsonl")
    write(tmp_path / "inner" / "b.jsonl")
    scandir = os.scandir

    def refuse(path: str) -> "os._ScandirIterator[str]":
        if str(path).endswith("inner"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match="inner: Permission denied"):
        ids(tmp_path)
