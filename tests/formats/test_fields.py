"""Named fields to articles."""

import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.formats.dates import parse_published
from dedup.formats.fields import FieldMap

AUGUST = datetime(2026, 8, 22, 21, 47, 35, tzinfo=UTC)


def read(row: dict[str, object], **fields: str) -> Article:
    mapped = FieldMap(fields).article(row, fallback_id="f:1")
    assert mapped.article is not None, mapped.problem
    return mapped.article


@pytest.mark.parametrize(
    "row",
    [
        {"id": "1", "text": "T", "title": "H", "url": "https://x.example/1", "source": "S"},
        {"guid": "1", "body": "T", "headline": "H", "link": "https://x.example/1", "outlet": "S"},
        {  # news-please
            "_id": 1, "maintext": "T", "title": "H", "url": "https://x.example/1",
            "source_domain": "S", "description": "lead",
        },
        {  # trafilatura
            "id": "1", "raw_text": "T", "title": "H", "source": None, "hostname": "S",
            "url": "https://x.example/1",
        },
        {  # schema.org
            "identifier": "1", "articleBody": "T", "headline": "H", "url": "https://x.example/1",
            "publisher": {"@type": "Organization", "name": "S"},
        },
        {  # a document store and a news API
            "_id": {"$oid": "1"}, "content": "T", "title": "H", "url": "https://x.example/1",
            "source": {"id": None, "name": "S"},
        },
        {"Article ID": "1", "ARTICLE_BODY": "T", "Title": "H", "webUrl": "https://x.example/1",
         "Publication": "S"},
    ],
)  # fmt: skip
def test_the_names_of_common_scrapers_are_known(row: dict[str, object]) -> None:
    """However it is spelled, the article is the same."""
    assert read(row) == Article("1", "T", title="H", url="https://x.example/1", source="S")


def test_the_source_is_else_the_host() -> None:
    """Without ``www.``; a broken URL has none."""
    assert read({"text": "T", "url": "https://www.x.example:8080/1"}).source == "x.example"
    assert read({"text": "T", "url": "http://[broken"}).source is None


def test_an_empty_value_gives_way_to_the_next_name() -> None:
    """Scrapers leave fields that they could not fill."""
    assert read({"text": "", "content": "T"}).text == "T"
    assert read({"id": None, "guid": "g", "text": "T"}).id == "g"


def test_an_empty_text_is_an_article_without_body() -> None:
    """That is not the same as a record without a text."""
    assert read({"id": "1", "text": None}).text == ""
    assert FieldMap().article({"id": "1"}, fallback_id="f:1").article is None


def test_a_mapping_goes_into_objects_and_lists() -> None:
    """By dots; a name that holds a dot itself comes first."""
    row: dict[str, object] = {"story": {"parts": [{"body": "T"}]}, "text": "menu", "a.b": "dotted"}
    assert read(row, text="story.parts.0.body").text == "T"
    assert read(row, text="a.b").text == "dotted"


@pytest.mark.parametrize("path", ["story", "story.lead", "story.parts.1.body", "nothing"])
def test_a_mapped_field_is_read_from_there_or_not_at_all(path: str) -> None:
    """The usual names do not stand in for it."""
    row: dict[str, object] = {"story": {"parts": [{"body": "T"}]}, "text": "menu"}
    mapped = FieldMap({"text": path}).article(row, fallback_id="f:1")
    assert mapped.article is None
    assert mapped.problem


def test_names_that_never_come_again_are_not_all_remembered() -> None:
    """A feed whose every record has other names, by hundreds, takes bounded memory."""
    fields, held = FieldMap(), []
    tracemalloc.start()
    try:
        for number in range(350):
            row: dict[str, object] = {f"name{number}x{other}": None for other in range(400)}
            row["text"] = "T"
            assert fields.article(row, fallback_id="1").article is not None
            assert fields.common_paths(frozenset(row)) is not None
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert held[-1] - held[260] < 1_000_000 < held[260]


def test_what_is_not_used_stays_in_extra() -> None:
    """Nothing of a record is lost."""
    assert read({"id": "1", "text": "T", "author": "A", "n": 3}).extra == {"author": "A", "n": 3}


@pytest.mark.parametrize(
    "name",
    ["date_download", "crawled", "crawl_date", "fetched_at", "scraped", "date_modify", "updated",
     "download_date", "last_modified", "timestamp", "retrieved"],
)  # fmt: skip
def test_a_crawl_date_is_no_publication_date(name: str) -> None:
    """No name of crawling or changing a page is read as publishing."""
    assert read({"id": "1", "text": "T", name: "2026-08-22"}).published is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-08-22T21:47:35Z",
        "2026-08-22 21:47:35",
        "2026-08-22 21:47:35 UTC",
        "2026-08-22T23:47:35+02:00",
        "2026-08-22 23:47:35 +0200",
        "20260822T214735",
        "Sat, 22 Aug 2026 21:47:35 GMT",
        "Sat, 22 Aug 2026 23:47:35 +0200",
        "August 22, 2026 9:47:35 PM",
        "Aug. 22nd, 2026 at 21:47:35",
        "22 August 2026 21:47:35",
        "2026/08/22 21:47:35",
        "22.08.2026 21:47:35",
        "2026年8月22日 21:47:35",
        1787435255,
        1787435255.0,
        1787435255000,
        "1787435255",
        {"$date": "2026-08-22T21:47:35Z"},
    ],
)
def test_the_usual_spellings_of_a_moment_are_read(value: object) -> None:
    """Without a zone it is UTC."""
    assert parse_published(value) == AUGUST


def test_the_zone_is_kept() -> None:
    """The moment is aware, in the zone it came in."""
    found = parse_published("2026-08-22T23:47:35+02:00")
    assert found is not None
    assert found.tzinfo == timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "value",
    [
        "", "yesterday", "03/04/2026", "2026-13-01", "22 Smarch 2026", "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00", True, None, [], {}, 7, -1, 1e300, float("inf"), float("nan"),
        "9" * 5000, "Aug 99, 2026", "2" * 11, "٢٠٢٦-٠٨-٢٢",
    ],
)  # fmt: skip
def test_what_is_no_clear_date_is_none(value: object) -> None:
    """Nothing is guessed, and nothing fails."""
    assert parse_published(value) is None


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(),
        st.from_regex(r"[0-9A-Za-z:+., /-]{1,40}", fullmatch=True),
    )
)
def test_any_value_is_a_moment_or_none(value: object) -> None:
    """Feeds hold anything; a moment can be compared with any other."""
    found = parse_published(value)
    assert found is None or found.astimezone(UTC).tzinfo is UTC


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_NAMES = st.sampled_from(["id", "text", "url", "source", "published", "title", "guid", "date"])


@given(st.dictionaries(_NAMES | st.text(), _JSON))
def test_any_record_is_an_article_or_has_a_problem(row: dict[str, object]) -> None:
    """And an article's texts can be encoded."""
    mapped = FieldMap().article(row, fallback_id="f:1")
    assert (mapped.article is None) == (mapped.problem is not None)
    if mapped.article is not None:
        article = mapped.article
        for text in (article.id, article.text, article.title, article.url, article.source):
            assert text is None or text.encode().decode() == text
        assert article.id
