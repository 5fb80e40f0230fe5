"""Files made to harm: a clear error or a counted skip, in little memory, nothing fetched.

Every reading asserts less than 300 MB, five CPU seconds and no connection (see `conftest`). A
file that would take hours is ended after a minute, which fails its test.
"""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from dedup.formats.kept import write_kept
from tests.hostile.conftest import ReadHostile

SAMPLES = Path(__file__).parents[2] / "fixtures" / "formats"
BLOCK = b"\0" * (1 << 20)
GOOD = b'{"id": "good", "text": "Rain fell."}\n'
LETTER = b"From a\nFrom: a@b.example\nMessage-ID: <good>\n\nRain fell.\n"
SECRET = "the secret that no feed may show"


def _gzip(out: io.BufferedWriter) -> Iterator[Callable[[bytes], object]]:
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as stream:
        yield stream.write


def _bzip2(out: io.BufferedWriter) -> Iterator[Callable[[bytes], object]]:
    with bz2.BZ2File(out, "wb") as stream:
        yield stream.write


def _xz(out: io.BufferedWriter) -> Iterator[Callable[[bytes], object]]:
    with lzma.LZMAFile(out, "wb", preset=0) as stream:
        yield stream.write


def _zstd(out: io.BufferedWriter) -> Iterator[Callable[[bytes], object]]:
    with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as stream:
        yield stream.write


@pytest.mark.parametrize(
    ("pack", "name"),
    [
        (_gzip, "bomb.jsonl"),
        (_bzip2, "bomb.jsonl"),
        (_xz, "bomb.jsonl"),
        (_zstd, "bomb.jsonl"),
        (_gzip, "bomb.csv"),
        (_gzip, "bomb.html"),
        (_zstd, "bomb.xml"),
    ],
)
def test_a_bomb_is_refused_in_each_compression(
    pack: Callable[[io.BufferedWriter], Iterator[Callable[[bytes], object]]],
    name: str,
    tmp_path: Path,
    read_hostile: ReadHostile,
) -> None:
    """A quarter of a gigabyte or more that take a few kilobytes."""
    start = {"jsonl": b'{"id": "1", "text": "', "csv": b"id,text\n1,", "html": b"<html><p>",
             "xml": b"<rss><channel><item><title>"}[name.rpartition(".")[2]]  # fmt: skip
    with (tmp_path / name).open("wb") as out:
        for write in pack(out):
            write(start)
            for _ in range(256):
                write(BLOCK)
    assert (tmp_path / name).stat().st_size < 2 << 20
    assert read_hostile(tmp_path / name).is_said


def test_a_bomb_in_a_bomb_is_refused(tmp_path: Path, read_hostile: ReadHostile) -> None:
    """Only one layer is ever taken off."""
    inner = gzip.compress(gzip.compress(bytes(64 << 20)))
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(inner))
    assert read_hostile(tmp_path / "b.jsonl").is_said


def test_a_bomb_in_a_web_archive_is_a_skip(tmp_path: Path, read_hostile: ReadHostile) -> None:
    """What a server compressed is decompressed to the size of a page and no further."""
    bomb = gzip.compress(bytes(256 << 20), 1)
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(_response(bomb, "Content-Encoding: gzip") for _ in range(2)))
    outcome = read_hostile(path)
    assert outcome.is_said
    brotli = pytest.importorskip("brotli")
    path.write_bytes(
        _response(brotli.compress(bytes(256 << 20), quality=5), "Content-Encoding: br")
    )
    assert read_hostile(path).is_said


def test_a_zip_bomb_in_a_collection_is_refused(tmp_path: Path, read_hostile: ReadHostile) -> None:
    """A WACZ is a zip file from a stranger."""
    path = tmp_path / "c.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", "{}")
        with archive.open("archive/a.warc", "w", force_zip64=True) as member:
            member.write(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999\r\n\r\n")
            for _ in range(256):
                member.write(BLOCK)
    assert read_hostile(path).is_said


LAUGHS = '<!DOCTYPE {0} [<!ENTITY a "{1}">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
XXE = '<!DOCTYPE {0} [<!ENTITY j SYSTEM "{1}">]>'
DOCUMENTS = {
    "rss": "<rss version='2.0'><channel><item><guid>1</guid><title>T</title>"
    "<description>&j;</description></item></channel></rss>",
    "feed": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>T</title>"
    "<content>&j;</content></entry></feed>",
    "nitf": "<nitf><body><body.content><p>&j;</p></body.content></body></nitf>",
    "newsItem": "<newsItem guid='1'><contentSet><inlineXML><p>&j;</p></inlineXML></contentSet>"
    "</newsItem>",
    "html": "<html><body><article><p>&j;</p></article></body></html>",
}


@pytest.mark.parametrize("root", DOCUMENTS)
def test_a_billion_laughs_are_not_laughed(
    root: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """No entity of a document's own is expanded."""
    path = tmp_path / "a.xml"
    path.write_text(LAUGHS.format(root, "ha" * 50) + DOCUMENTS[root], "utf-8")
    outcome = read_hostile(path)
    assert outcome.is_said or all("haha" * 50 not in text for text in outcome.texts)


@pytest.mark.parametrize("root", DOCUMENTS)
@pytest.mark.parametrize("scheme", ["file://{}", "{}", "http://127.0.0.1:9/{}"])
def test_no_entity_reads_a_file_or_fetches_a_page(
    root: str, scheme: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """An external entity is not followed."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET, "utf-8")
    path = tmp_path / "a.xml"
    path.write_text(XXE.format(root, scheme.format(secret)) + DOCUMENTS[root], "utf-8")
    outcome = read_hostile(path)
    assert not any(SECRET in text for text in outcome.texts)
    assert str(secret) not in outcome.opened


def test_an_external_document_type_is_not_fetched(
    tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """NITF documents name one by its URL, and are read without it."""
    path = tmp_path / "a.xml"
    path.write_text(
        '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf.dtd">'
        + DOCUMENTS["nitf"].replace("&j;", "Rain fell."),
        "utf-8",
    )
    assert read_hostile(path).texts == ["Rain fell."]


@pytest.mark.parametrize("name", ["http://127.0.0.1:9/x.xml", "/etc/passwd", "file:///etc/passwd"])
def test_a_feed_that_is_a_path_opens_nothing(
    name: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """feedparser, given a string, would open the file or URL of that name."""
    path = tmp_path / "a.rss"
    path.write_text(f"<rss><channel><item><description>{name}</description></item></channel></rss>")
    outcome = read_hostile(path)
    assert outcome.texts == [name]
    assert "/etc/passwd" not in outcome.opened


@pytest.mark.parametrize("extract", ["best", "fast", "whole"])
@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "x-y", "table><tr><td"])
def test_nested_elements_take_no_hours(
    tag: str, extract: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """200,000 deep, closed and not."""
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>{f'<{tag}>' * 200_000}<p>Rain fell.</p></body></html>", "utf-8")
    read_hostile(path, extract=extract)
    if ">" not in tag:
        ends = f"</{tag}>" * 200_000
        path.write_text(f"<html><body>{f'<{tag}>' * 200_000}<p>Rain.</p>{ends}</body></html>")
        assert read_hostile(path, extract=extract).is_said


@pytest.mark.parametrize(
    ("name", "start", "part"),
    [
        ("a.xml", "<rss><channel>", "<item><title>a</title></item>"),
        ("b.xml", "<rss><channel><item><description>", "rain fell "),
        ("c.xml", "<nitf><body><body.content>", "<p>rain</p>"),
        ("d.xml", "<newsMessage><itemSet>", "<newsItem guid='a'></newsItem>"),
        ("e.html", "<html><body>", "<i>a</i>"),
        ("f.html", "<html><body>", "<p>Rain fell on the town for most of the day. </p>"),
        ("g.eml", "From: a@b.example\n\n", "rain fell\n"),
        ("g2.mbox", "From a\nFrom: a@b.example\n\n", "rain fell\n"),
        ("h.jsonl", '{"id": "1", "text": "', "rain fell "),
        ("i.json", '[{"id": "1", "text": "', "rain fell "),
        (
            "i2.json",
            '{"version": "https://jsonfeed.org/version/1", "items": [{"content_html": "',
            "<i>a</i>",
        ),
        ("h2.jsonl", '{"uri": "1", "urgency": 1, "body_xhtml": "', "<i>a</i>"),
        ("j.csv", 'id,text\n1,"', "rain fell "),
        ("k.txt", "", "rain fell "),
    ],
)
@pytest.mark.parametrize("megabytes", [7.9, 11.9, 15.9, 23.9, 31.9])
def test_no_file_below_a_limit_fills_the_memory(
    name: str, start: str, part: str, megabytes: float, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """As large as may be, with a character that makes each one take four bytes."""
    size = int(megabytes * (1 << 20))
    ends = {"jsonl": '"}', "json": '"}]', "csv": '"\n'}
    if "items" in start:
        ends["json"] = '"}]}'
    text = start + "\U0001f327" + part * ((size - 100) // len(part))
    (tmp_path / name).write_text(text + ends.get(name.partition(".")[2], ""), "utf-8")
    read_hostile(tmp_path / name)


@pytest.mark.parametrize("name", ["a.xml", "b.xml", "c.xml", "d.json", "e.html", "f.html"])
def test_markup_inside_feeds_is_as_bounded(
    name: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """In content, in XML itself, in JSON, in JSON-LD, and comments without end."""
    deep = "<div>" * 200_000 + "Rain fell."
    content = {
        "a.xml": f"<rss><channel><item><description><![CDATA[{deep}]]></description></item>"
        "</channel></rss>",
        "b.xml": "<nitf>" + "<p>" * 200_000,
        "c.xml": "<rss><channel><item>" + "<!--" * 1_000_000,
        "d.json": json.dumps(
            {"version": "https://jsonfeed.org/version/1.1",
             "items": [{"id": "1", "content_html": deep}]}
        ),
        "e.html": f"<html><script type='application/ld+json'>{'[' * 200_000}</script>"
         "<p>Rain.</p></html>",
        "f.html": "<html><!--" * 200_000,
    }[name]  # fmt: skip
    (tmp_path / name).write_text(content, "utf-8")
    read_hostile(tmp_path / name)


@pytest.mark.parametrize("part", ["<h2>Rain</h2>", "<a href='/'>Rain</a> ", "rain fell<br>"])
@pytest.mark.parametrize("tags", [19_000, 100_000, 199_000])
def test_a_page_of_little_but_tags_takes_no_minutes(
    tags: int, part: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """With as many as are asked about, and as many as are read."""
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><article>{part * (tags // part.count('<'))}", "utf-8")
    assert len(read_hostile(path).texts) == 1


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.json", "a.csv", "a.xml", "a.html", "a.eml", "a.mbox", "a.txt"]
)
def test_a_line_of_100_megabytes_is_said(
    name: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """Where lines are records the next one is read."""
    start, end = {
        "a.jsonl": (b'{"id": "1", "text": "', b'"}\n'),
        "a.json": (b'[{"id": "1", "text": "', b'"}]'),
        "a.csv": (b'id,text\n1,"', b'"\n'),
        "a.xml": (b"<rss><channel><item><description>", b"</description></item></channel></rss>"),
        "a.html": (b"<html><p>", b"</p></html>"),
        "a.eml": (b"From: a@b.example\n\n", b"\n"),
        "a.mbox": (b"From a\nFrom: a@b.example\n\n", b"\n\n"),
        "a.txt": (b"", b""),
    }[name]
    with (tmp_path / name).open("wb") as out:
        out.write(start)
        for _ in range(100):
            out.write(b"rain " * 200_000)
        out.write(end)
        out.write({"a.jsonl": GOOD, "a.mbox": LETTER}.get(name, b""))
    outcome = read_hostile(tmp_path / name)
    assert outcome.is_said
    assert outcome.ids == (["good"] if name in ("a.jsonl", "a.mbox") else [])


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.csv", "a.html", "a.txt", "a.xml", "a.eml", "a.json"]
)
def test_nul_bytes_harm_nothing(name: str, tmp_path: Path, read_hostile: ReadHostile) -> None:
    """Among the text, and as all there is."""
    path = tmp_path / name
    path.write_bytes(bytes(1 << 20))
    read_hostile(path)
    prose = "Rain fell\0on the town for most of the day, and nobody there minded it much. " * 5
    path.write_text(
        {
            "a.jsonl": json.dumps({"id": "1", "text": prose}),
            "a.json": json.dumps([{"id": "1", "text": prose}]),
            "a.csv": f"id,text\n1,{prose.replace(',', '')}\n",
            "a.html": f"<html><body><article><p>{prose}</p></article></body></html>",
            "a.xml": f"<rss><channel><item><description>{prose}</description></item></channel>",
            "a.txt": prose,
            "a.eml": f"From: a@b.example\n\n{prose}",
        }[name],
        "utf-8",
    )
    outcome = read_hostile(path)
    assert outcome.is_said or "Rain fell" in outcome.texts[0]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "shift-jis", "utf-8"])
@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.json", "a.csv", "a.txt", "a.xml", "a.html", "a.eml"]
)
def test_a_wrong_encoding_is_said_or_read(
    name: str, encoding: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """What claims UTF-8 and is something else never ends a run with a traceback."""
    prose = "Es regnete über der Straße, und niemand störte sich daran. 港南市. " * 8
    content = {
        "a.jsonl": f'{{"id": "1", "text": "{prose}"}}\n',
        "a.json": f'[{{"id": "1", "text": "{prose}"}}]',
        "a.csv": f'id,text\n1,"{prose}"\n',
        "a.txt": prose,
        "a.xml": "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><description>"
        f"{prose}</description></item></channel></rss>",
        "a.html": f"<html><head><meta charset='utf-8'></head><body><p>{prose}</p></body></html>",
        "a.eml": f"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n{prose}",
    }[name]
    (tmp_path / name).write_bytes(content.encode(encoding, "replace"))
    outcome = read_hostile(tmp_path / name)
    assert outcome.is_said or len(outcome.texts) == 1


@pytest.mark.parametrize(
    "name",
    ["archive.warc.gz", "collection.wacz", "articles.parquet", "articles.feather", "stream.arrow",
     "articles.db", "newsmlg2.xml", "array.json"],
)  # fmt: skip
def test_a_cut_file_is_never_taken_for_the_whole(
    name: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """A download that broke off in the middle, and one that lacks its last bytes."""
    whole = (SAMPLES / name).read_bytes()
    for size in (len(whole) // 2, len(whole) - 7):
        (tmp_path / name).write_bytes(whole[:size])
        assert read_hostile(tmp_path / name).is_said, size


def test_a_cut_uncompressed_archive_is_said(tmp_path: Path, read_hostile: ReadHostile) -> None:
    """In the middle of a page, with no compression to notice."""
    whole = gzip.decompress((SAMPLES / "archive.warc.gz").read_bytes())
    path = tmp_path / "a.warc"
    path.write_bytes(whole[: whole.index(b"fixture-r1") + 1500])
    outcome = read_hostile(path)
    assert (outcome.ids, outcome.skipped) == (["urn:uuid:fixture-r0"], {"cut record": 1})


NAMES = ["../../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "..\\evil.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_in_an_archive_is_a_path(
    name: str, tmp_path: Path, read_hostile: ReadHostile
) -> None:
    """Members are read where they are; nothing is written to what they are called."""
    path = tmp_path / "c.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr(
            f"{name}.warc", _response(_page("Rain fell on the town all day. " * 9), "")
        )
    before = {*tmp_path.parent.rglob("*")}
    outcome = read_hostile(path)
    assert len(outcome.texts) == 1
    assert {*tmp_path.parent.rglob("*")} == before


@pytest.mark.parametrize("identity", NAMES)
def test_no_id_is_a_path(identity: str, tmp_path: Path) -> None:
    """What is kept in a folder goes by the file's name, never by an id inside it."""
    feed = tmp_path / "in" / "a.eml"
    feed.parent.mkdir()
    feed.write_text(f"From: a@b.example\nMessage-ID: <{identity}>\n\nRain fell.", "utf-8")
    write_kept(f"{tmp_path / 'out'}/", feed.parent, set())
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(written) == [feed, tmp_path / "out" / "a.eml"]


def test_a_database_runs_nothing(tmp_path: Path, read_hostile: ReadHostile) -> None:
    """Views and virtual tables are not read: a view can be a loop without end."""
    import sqlite3

    path = tmp_path / "a.db"
    database = sqlite3.connect(path)
    database.execute(
        "CREATE VIEW articles AS WITH RECURSIVE r(text) AS "
        "(SELECT 'x' UNION ALL SELECT text FROM r) SELECT text FROM r"
    )
    database.execute("CREATE TABLE plain (id INTEGER, body TEXT)")
    database.execute("INSERT INTO plain VALUES (1, 'Rain fell.')")
    database.commit()
    database.close()
    assert read_hostile(path).texts == ["Rain fell."]


def _response(content: bytes, header: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{header}\r\n\r\n".encode()
    http = http.replace(b"\r\n\r\n\r\n", b"\r\n\r\n") + content
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def _page(text: str) -> bytes:
    return f"<html><body><article><p>{text}</p></article></body></html>".encode()
