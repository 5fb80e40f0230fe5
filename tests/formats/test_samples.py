"""One sample of each format: every field right, and kept as it came in."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.errors import InputError
from dedup.formats import explain_input, read_articles, read_records
from dedup.formats.kept import write_kept

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "fixtures" / "formats"
TRUTH = {
    article.id.rpartition("/")[2]: article
    for article in read_articles(ROOT / "fixtures" / "feeds" / "meridian.jsonl")
}
SLUGS = ("port-strike", "almendra", "romen-densha")
SITE = "meridianwire.example"
WITH_URL = [
    "articles.jsonl", "array.json", "answer.json", "jsonfeed.json", "newspaper4k.json",
    "table.csv", "table.tsv", "articles.parquet", "articles.feather", "stream.arrow",
    "articles.db", "rss.xml", "atom.xml", "rdf.xml", "archive.warc.gz", "collection.wacz",
]  # fmt: skip


def read(name: str) -> list[Article]:
    return list(read_articles(SAMPLES / name))


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", WITH_URL)
def test_all_fields_of_all_articles_are_right(name: str) -> None:
    """Title, text, URL, source and moment of publication, whatever they are called."""
    for article, slug in zip(read(name), SLUGS, strict=True):
        truth = TRUTH[slug]
        assert squeezed(article.text) == squeezed(truth.text)
        assert (article.title, article.url, article.source, article.published) == (
            truth.title,
            truth.url,
            SITE,
            truth.published,
        )


@pytest.mark.parametrize("name", ["newsplease", "pages"])
def test_all_fields_of_a_folder_are_right(name: str) -> None:
    """One file an article, in the order of their names."""
    for article, slug in zip(read(name), sorted(SLUGS), strict=True):
        truth = TRUTH[slug]
        assert squeezed(article.text) == squeezed(truth.text)
        assert (article.title, article.url, article.source, article.published) == (
            truth.title,
            truth.url,
            SITE,
            truth.published,
        )


def test_trafilatura_names_the_page_as_the_source() -> None:
    """Its date has no time of day."""
    for article, slug in zip(read("trafilatura.jsonl"), SLUGS, strict=True):
        truth = TRUTH[slug]
        assert (article.text, article.url, article.source) == (truth.text, truth.url, SITE)
        assert truth.published is not None
        assert article.published == truth.published.replace(hour=0, minute=0)


@pytest.mark.parametrize(
    ("name", "source"),
    [("newsmlg2.xml", "Meridian"), *((f"ninjs{n}", "Meridian") for n in (1, 2, 3))],
)
def test_versions_of_a_newswire_are_articles_of_their_own(name: str, source: str) -> None:
    """GUID and version make the id, and each has the moment that it was made."""
    (path,) = SAMPLES.glob(f"{name}*")
    found = read(path.name)
    truths = [TRUTH[slug] for slug in (*SLUGS, "dam-first", "dam-update")]
    assert [squeezed(a.text) for a in found] == [squeezed(t.text) for t in truths]
    assert [(a.title, a.published) for a in found] == [(t.title, t.published) for t in truths]
    assert {a.source for a in found} == {source}
    assert [a.id[-5:] for a in found[3:]] == ["dam@1", "dam@2"]
    assert found[0].extra["version"] == "1"


def test_nitf_has_its_fields_in_its_head() -> None:
    """The publication's date, not that of the issue."""
    (article,) = read("nitf.xml")
    truth = TRUTH["port-strike"]
    assert squeezed(article.text) == squeezed(truth.text)
    assert (article.id, article.title, article.url) == (truth.id, truth.title, truth.url)
    assert (article.source, article.published) == ("Meridian", truth.published)
    assert article.extra["byline"] == "By Ada Quill"


@pytest.mark.parametrize(("name", "slugs"), [("mail", sorted(SLUGS)), ("releases.mbox", SLUGS)])
def test_mail_is_text_or_html_or_both(name: str, slugs: Sequence[str]) -> None:
    """The plain part is preferred; an attachment's name is never a path."""
    for article, slug in zip(read(name), slugs, strict=True):
        truth = TRUTH[slug]
        assert squeezed(article.text) == squeezed(truth.text)
        assert (article.title, article.source, article.published) == (
            truth.title,
            SITE,
            truth.published,
        )


def test_a_crawl_date_is_never_a_publication_date() -> None:
    """Every sample has one, and keeps it as an extra or not at all."""
    crawled = datetime(2026, 8, 20, 3, tzinfo=UTC)
    for path in SAMPLES.iterdir():
        if path.suffix not in (".py", ".md") and not path.name.startswith("__"):
            assert all(a.published not in (None, crawled) for a in read(path.name)), path


def test_pages_say_where_their_paragraphs_came_from(tmp_path: Path) -> None:
    """Headings, lists and captions are told apart; offsets are code points."""
    page = tmp_path / "a.html"
    prose = "It rained on the town for most of the day, and nobody who lives there minded much. "
    page.write_text(
        f"<html><body><article><h1>Rain</h1><p>{prose * 4}</p><h2>The older streets</h2>"
        f"<p>{prose * 4}</p><ul><li>{prose}</li></ul><p>{prose * 3}</p></article></body></html>",
        "utf-8",
    )
    for extract in ("best", "fast"):
        (article,) = read_articles(page, extract=extract)
        blocks = article.extra["blocks"]
        assert isinstance(blocks, list)
        shown = {(kind, article.text[start:end]) for start, end, kind in blocks}
        assert ("heading", "The older streets") in shown
        lists = [text.strip("- ") for kind, text in shown if kind == "list"]
        # The fast way takes a short list for a menu.
        assert lists == [prose.strip()] or (extract == "fast" and not lists)


@pytest.mark.parametrize(
    "name", ["articles.jsonl", "table.csv", "table.tsv", "trafilatura.jsonl", "releases.mbox"]
)
@pytest.mark.parametrize("packing", ["", ".gz"])
def test_kept_lines_are_the_same_bytes(tmp_path: Path, name: str, packing: str) -> None:
    """All kept is the file itself; compressed where the name says so."""
    out = tmp_path / f"kept{packing}"
    assert write_kept(str(out), SAMPLES / name, set()) == 3
    content = gzip.decompress(out.read_bytes()) if packing else out.read_bytes()
    assert content == (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "rdf.xml", "newsmlg2.xml"])
def test_kept_feeds_lose_their_dropped_entries_and_nothing_else(tmp_path: Path, name: str) -> None:
    """All kept is the file itself; without one it is the file with that one cut out."""
    out = tmp_path / "kept.xml"
    write_kept(str(out), SAMPLES / name, set())
    whole = (SAMPLES / name).read_bytes()
    assert out.read_bytes() == whole
    records = list(read_records(SAMPLES / name))
    write_kept(str(out), SAMPLES / name, {records[1].article.id})
    assert out.read_bytes() == whole.replace(records[1].raw, b"")
    left = [record.article.id for record in read_records(out)]
    assert left == [r.article.id for r in records[:1] + records[2:]]


def _parquet(path: Path) -> object:
    import pyarrow.parquet as parquet

    return parquet.read_table(path)


def _arrow(path: Path) -> object:
    from pyarrow import feather

    return feather.read_table(path)


@pytest.mark.parametrize(
    ("name", "load"), [("articles.parquet", _parquet), ("articles.feather", _arrow)]
)
def test_kept_tables_keep_schema_and_order(
    tmp_path: Path, name: str, load: Callable[[Path], object]
) -> None:
    """The rows that are left are the very rows."""
    out = tmp_path / "kept"
    write_kept(str(out), SAMPLES / name, {"meridian/almendra"})
    import pyarrow as pa

    before, after = load(SAMPLES / name), load(out)
    assert isinstance(before, pa.Table)
    assert isinstance(after, pa.Table)
    assert after.schema == before.schema
    assert after.to_pylist() == [before.to_pylist()[0], before.to_pylist()[2]]


def test_a_kept_database_loses_rows_of_one_table(tmp_path: Path) -> None:
    """The other tables stay, and the input is not touched."""
    before = (SAMPLES / "articles.db").read_bytes()
    out = tmp_path / "kept.db"
    write_kept(str(out), SAMPLES / "articles.db", {"meridian/almendra"})
    database = sqlite3.connect(out)
    assert database.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert database.execute("SELECT title FROM feeds").fetchone() == ("Meridian",)
    database.close()
    assert (SAMPLES / "articles.db").read_bytes() == before


def test_a_kept_answer_keeps_its_wrapper(tmp_path: Path) -> None:
    """An API's answer is an answer again, an array an array."""
    out = tmp_path / "kept.json"
    write_kept(str(out), SAMPLES / "answer.json", {"meridian/almendra"})
    answer = json.loads(out.read_bytes())
    assert (answer["status"], [a["guid"] for a in answer["articles"]]) == (
        "ok",
        ["meridian/port-strike", "meridian/romen-densha"],
    )
    write_kept(str(out), SAMPLES / "array.json", {"meridian/almendra"})
    whole = json.loads((SAMPLES / "array.json").read_bytes())
    assert json.loads(out.read_bytes()) == [whole[0], whole[2]]


def test_kept_goes_into_a_folder_file_by_file(tmp_path: Path) -> None:
    """Whole files are copied or left out, others written without what is dropped."""
    out = tmp_path / "kept"
    assert write_kept(f"{out}/", SAMPLES / "pages", {"almendra.html"}) == 2
    names = sorted(path.name for path in out.iterdir())
    assert names == ["port-strike.html", "romen-densha.html"]
    for name in names:
        assert (out / name).read_bytes() == (SAMPLES / "pages" / name).read_bytes()


def test_documents_of_one_article_are_copied_or_left_out(tmp_path: Path) -> None:
    """As news-please writes them: what is dropped leaves no file behind."""
    out = tmp_path / "kept"
    assert write_kept(f"{out}/", SAMPLES / "newsplease", {TRUTH["almendra"].url or ""}) == 2
    names = sorted(path.name for path in out.iterdir())
    assert names == ["port-strike.json", "romen-densha.json"]
    for name in names:
        assert (out / name).read_bytes() == (SAMPLES / "newsplease" / name).read_bytes()


def test_a_kept_archive_is_an_archive_of_the_kept_pages(tmp_path: Path) -> None:
    """Records are the same bytes, compressed where the name says so."""
    out = tmp_path / "kept.warc.gz"
    write_kept(str(out), SAMPLES / "archive.warc.gz", {"urn:uuid:fixture-r1"})
    whole = gzip.decompress((SAMPLES / "archive.warc.gz").read_bytes())
    records = list(read_records(out))
    assert [r.article.id for r in records] == ["urn:uuid:fixture-r0", "urn:uuid:fixture-r2"]
    assert all(record.raw in whole for record in records)


def test_explain_input_names_what_each_format_calls_its_fields() -> None:
    """Also where the format itself names them."""
    (rss,) = explain_input(SAMPLES / "rss.xml").files
    assert rss.format.startswith("RSS")
    assert rss.origins["text"] == {"content": 3}
    (wire,) = explain_input(SAMPLES / "newsmlg2.xml").files
    assert wire.origins["published"] == {"itemMeta/versionCreated": 5}
    assert wire.asides == {"no text item": 1}
    (mail,) = explain_input(SAMPLES / "mail" / "almendra.eml").files
    assert mail.origins["id"] == {"Message-ID": 1}


def test_explain_input_says_what_no_field_gave() -> None:
    """An id that is the URL or the place in the file, a source that is the URL's host."""
    (scraped,) = explain_input(SAMPLES / "newspaper4k.json").files
    assert (scraped.origins["id"], scraped.origins["source"]) == ({"url": 3}, {"host of url": 3})
    (archive,) = explain_input(SAMPLES / "archive.warc.gz").files
    assert archive.origins["id"] == {"WARC-Record-ID": 3}
    assert sum(archive.asides.values()) == 6


def test_explain_input_counts_lines_as_ids(tmp_path: Path) -> None:
    """Where a record has neither id nor URL."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Rain."}\n{"text": "Fell.", "url": "https://a.example/"}\n', "utf-8")
    (lines,) = explain_input(path).files
    assert lines.origins["id"] == {"file, line": 1, "url": 1}
    assert lines.origins["source"] == {"host of url": 1}


def test_kept_files_of_two_kinds_do_not_go_into_one(tmp_path: Path) -> None:
    """Nobody could read it."""
    inputs = [SAMPLES / "articles.jsonl", SAMPLES / "archive.warc.gz"]
    with pytest.raises(InputError, match=r"another kind.*name a folder"):
        write_kept(str(tmp_path / "kept"), inputs, set())
    assert not (tmp_path / "kept").exists()
