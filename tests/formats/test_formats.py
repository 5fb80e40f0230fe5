"""What each format does with what is not as it should be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.errors import FormatError, InputError, RecordError
from dedup.formats import read_articles, read_records
from dedup.formats.kept import write_kept

ARTICLE = {"id": "1", "text": "Rain fell."}


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ids(path: Path, **options: object) -> list[str]:
    return [a.id for a in read_articles(path, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gdelt.csv", "\t".join(["20260803"] + ["x"] * 60) + "\n", "a GDELT event table"),
        ("gkg", "\t".join(["20260803150000-1"] + ["x"] * 26) + "\n", "a GDELT GKG table"),
        ("doc.csv", "URL,MobileURL,Date,Title\nhttps://x.example,,,T\n", "a GDELT article list"),
        (
            "mc.csv",
            "id,indexed_date,language,media_name,media_url,publish_date,title,url\n",
            "a Media Cloud story list",
        ),
        ("mc.csv", "stories_id,publish_date,title,url,media_id\n", "a Media Cloud story list"),
    ],
)
def test_lists_of_pages_without_bodies_are_refused(
    tmp_path: Path, name: str, content: str, words: str
) -> None:
    """With what to do instead."""
    with pytest.raises(FormatError, match=f"{words}: .*fetch the pages"):
        ids(write(tmp_path / name, content))


def test_most_records_without_text_stop_the_reading(tmp_path: Path) -> None:
    """With reasons: a wrong field, or headlines alone."""
    lines = [json.dumps({"id": str(n), "text": "" if n % 3 else "Rain."}) for n in range(30)]
    path = write(tmp_path / "f.jsonl", "\n".join(lines))
    with pytest.raises(FormatError, match="20 of the first 30 records have no text"):
        ids(path)
    assert len(ids(write(tmp_path / "g.jsonl", "\n".join(lines[:19])))) == 19


def test_a_folder_gives_what_names_a_text_and_says_the_rest(tmp_path: Path) -> None:
    """Not every table and document in a folder holds articles."""
    write(tmp_path / "a.csv", "id,text\n1,Rain fell.\n")
    write(tmp_path / "b.json", json.dumps([{"id": "2", "body": "Rain fell."}]))
    write(tmp_path / "clusters.csv", "id,cluster\n1,1\n")
    write(tmp_path / "package.json", '{"name": "left-pad"}')
    write(tmp_path / "sitemap.xml", "<urlset></urlset>")
    reader = read_records(tmp_path)
    assert [record.article.id for record in reader] == ["1", "2"]
    names = [Path(path).name for path in reader.left_out]
    assert names == ["clusters.csv", "package.json", "sitemap.xml"]
    with pytest.raises(InputError, match="no articles in this folder"):
        ids(write(tmp_path / "none" / "x.json", "{}").parent)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,text\n1,Rain,more\n", "3 cells where the header names 2"),
        ('id,text\n1,"Rain" fell\n', "broken CSV"),
        (b"id,text\n1,caf\xe9\n", "not UTF-8: byte 0xe9 on line 2"),
    ],
)
def test_a_broken_row_is_named_and_the_next_is_read(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    """By the line on which it begins."""
    raw = content if isinstance(content, bytes) else content.encode()
    path = write(tmp_path / "t.csv", raw + b"2,Sun.\n")
    with pytest.raises(RecordError, match=rf"t\.csv:2: .*{words}"):
        ids(path)
    assert ids(path, skip_invalid=True) == ["2"]


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would make one record of the rest."""
    from dedup.formats import delimited

    monkeypatch.setattr(delimited, "MAX_RECORD_BYTES", 1 << 10)
    path = write(tmp_path / "t.csv", 'id,text\n1,"Rain\n' + "2,Sun.\n" * 1000)
    with pytest.raises(FormatError, match=r"begins on line 2 is longer than .* an open quote"):
        ids(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_header(tmp_path: Path, delimiter: str) -> None:
    """Whatever the file is called."""
    content = f'"id, or key"{delimiter}text{delimiter}url\n1{delimiter}"a{delimiter}b"{delimiter}\n'
    (article,) = read_articles(write(tmp_path / "t", content))
    assert article.text == f"a{delimiter}b"


def test_a_field_of_more_than_128_kilobytes_is_read(tmp_path: Path) -> None:
    """The csv module stops there unless told."""
    (article,) = read_articles(write(tmp_path / "t.csv", f"id,text\n1,{'rain ' * 50_000}\n"))
    assert len(article.text) == 250_000


def test_json_is_read_value_by_value(tmp_path: Path) -> None:
    """Arrays, and documents one behind another, with line breaks or without."""
    one, two = {"id": "1", "text": "a"}, {"id": "2", "text": "b"}
    for content in (
        json.dumps([one, two]),
        json.dumps([one, two], indent=1),
        json.dumps(one, indent=1) + json.dumps(two, indent=1),
        f"[{json.dumps(one)}]\n[{json.dumps(two)}]",
        json.dumps({"response": {"results": [one, two]}}),
        json.dumps({"hits": {"hits": [{"_id": "1", "_source": {"text": "a"}},
                                      {"_id": "2", "_source": {"text": "b"}}]}}),
        json.dumps({"columns": ["id", "text"], "rows": [["1", "a"], ["2", "b"]]}),
    ):  # fmt: skip
        assert ids(write(tmp_path / "f.json", content)) == ["1", "2"], content


def test_values_larger_than_a_block_are_read(tmp_path: Path) -> None:
    """At every length around the size of a block."""
    for size in (65_490, 65_536, 200_000):
        rows = [{"id": str(n), "text": "é" * size} for n in range(3)]
        path = write(tmp_path / "f.json", json.dumps(rows, ensure_ascii=False))
        assert [len(a.text) for a in read_articles(path)] == [size] * 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"id": "1", "text": "a"}', "ends inside an array"),
        ('[{"id": "1", "text": "a"} {}]', "no comma"),
        ('[{"id": "1", "text": "a', "broken JSON"),
        ("[" * 100_000, "broken JSON|ends inside"),
        (b'[{"id": "1", "text": "caf\xe9"}]', "not UTF-8"),
    ],
)
def test_a_broken_document_is_an_error(tmp_path: Path, content: str | bytes, words: str) -> None:
    """It cannot be read behind the break."""
    with pytest.raises((FormatError, RecordError), match=words):
        ids(write(tmp_path / "f.json", content))


def test_several_tables_of_one_header_become_one(tmp_path: Path) -> None:
    """With the header once; of different ones they are refused."""
    paths = [write(tmp_path / f"{n}.csv", f"id,text\n{n},Rain\n") for n in range(2)]
    out = tmp_path / "kept.csv"
    assert write_kept(str(out), paths, set()) == 2
    assert out.read_text("utf-8") == "id,text\n0,Rain\n1,Rain\n"
    paths.append(write(tmp_path / "2.csv", "text,id\nRain,2\n"))
    with pytest.raises(InputError, match="other columns"):
        write_kept(str(out), paths, set())


@pytest.mark.parametrize(
    ("package", "sample", "extra"),
    [
        ("pyarrow", "articles.parquet", "parquet"),
        ("feedparser", "rss.xml", "wire"),
        ("lxml", "nitf.xml", "wire"),
        ("resiliparse", "pages", "web"),
        ("trafilatura", "pages", "web"),
        ("warcio", "archive.warc.gz", "web"),
    ],
)
def test_a_missing_package_prints_the_install_line(package: str, sample: str, extra: str) -> None:
    """Exactly what to type."""
    path = Path(__file__).parents[2] / "fixtures" / "formats" / sample
    code = (
        f"import sys; sys.modules[{package!r}] = None; sys.modules['{package}.etree'] = None\n"
        f"from dedup import read_articles\nlist(read_articles({str(path)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"pip install 'dedup[{extra}]'" in done.stderr
