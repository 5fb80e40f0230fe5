"""One saved page: its main text, and what it says of itself."""

import json
from pathlib import Path

import pytest

from dedup.errors import ArgumentError, FormatError
from dedup.formats.linkeddata import read_linked_data
from dedup.formats.page import extract_page, read_page

PROSE = (
    "It rained on the town for most of the day, and nobody who lives there minded it much. "
    "The harbour was quiet until the evening, when the last ferry came in an hour late. "
)
modes = pytest.mark.parametrize("extract", ["best", "fast"])


def page(*parts: str, head: str = "") -> bytes:
    body = "".join(f"<p>{part}</p>" for part in parts)
    return (
        f"<html><head>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article>{body}</article><footer>All rights reserved</footer></body></html>"
    ).encode()


def data(**fields: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(fields)}</script>"


@modes
def test_the_main_text_is_found_without_the_menu(extract: str) -> None:
    """And without the footer."""
    found = extract_page("a", page(PROSE, PROSE, PROSE), extract=extract)
    assert [line for line in found.text.split("\n") if line] == [PROSE.strip()] * 3


def test_reading_a_page_gives_an_article_or_says_why_not() -> None:
    """With its name for an id."""
    article = read_page("a.html", page(PROSE, PROSE, head="<title>Rain | Post</title>"))
    assert (article.id, article.title) == ("a.html", "Rain | Post")
    assert article.text.startswith("It rained")
    with pytest.raises(FormatError, match="no main text"):
        read_page("b.html", b"<html><body></body></html>")


def test_a_page_says_who_published_it_and_when() -> None:
    """JSON-LD first, its head after; a date of changing is no date of publishing."""
    head = (
        "<link rel='canonical' href='https://post.example/rain'>"
        "<meta property='og:title' content='Rain, it says here'>"
        "<meta property='article:published_time' content='2026-08-01T10:00:00Z'>"
        "<meta property='article:modified_time' content='2026-08-09T10:00:00Z'>"
        "<meta property='og:site_name' content='The Post'>"
    )
    found = extract_page("a", page(PROSE, PROSE, head=head))
    assert (found.title, found.url, found.source) == (
        "Rain, it says here",
        "https://post.example/rain",
        "The Post",
    )
    assert found.published is not None
    assert found.published.isoformat() == "2026-08-01T10:00:00+00:00"
    said = data(
        **{"@type": ["NewsArticle"], "headline": "Rain", "dateModified": "2026-08-09",
           "publisher": [{"name": "Post Media"}]}
    )  # fmt: skip
    found = extract_page("a", page(PROSE, PROSE, head=said + head))
    assert (found.title, found.source) == ("Rain", "Post Media")


@modes
def test_a_whole_body_in_json_ld_is_believed(extract: str) -> None:
    """One that is a teaser, or another article's, is not."""
    raw = page(PROSE, "Photo: a ferry.", PROSE)
    whole = {"@type": "NewsArticle", "articleBody": f"{PROSE}\n\n{PROSE}"}
    found = extract_page("a", page(PROSE, PROSE, head=data(**whole)), extract=extract)
    assert (found.text, found.how) == (
        f"{PROSE}\n\n{PROSE.strip()}".replace(" \n", "\n"),
        "JSON-LD",
    )
    for body in (PROSE[:60], "Snow fell on the hills. " * 20):
        said = data(**{"@type": "NewsArticle", "articleBody": body}).encode()
        found = extract_page("a", raw.replace(b"</head>", said + b"</head>"), extract=extract)
        assert found.how != "JSON-LD"


@modes
def test_a_headline_is_no_part_of_the_text(extract: str) -> None:
    """Though pages repeat it above the body, the site's name behind it or not."""
    head = "<title>Rain falls on the quiet town again - The Post</title>"
    raw = page(PROSE, PROSE, head=head).replace(
        b"<article>", b"<article><h1>Rain falls on the quiet town again</h1>"
    )
    assert extract_page("a", raw, extract=extract).text.startswith("It rained")


def test_a_text_that_stops_in_the_middle_is_rescued() -> None:
    """By the second opinion, if that goes on in prose."""
    from dedup.formats.page import _better

    lines = [f"{PROSE} And so on, part {n}." for n in range(6)]
    assert _better("\n".join(lines[:2]), "\n".join(lines))[1] == "resiliparse"
    teasers = [text for n in range(6) for text in (f"Headline {n}", f"{PROSE}{n}.", "Read more")]
    assert _better("\n".join(lines[:2]), "\n".join(lines[:2] + teasers))[1] == "trafilatura"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "shift_jis", "koi8-r"])
def test_an_encoding_is_read_as_the_page_declares_it(encoding: str) -> None:
    """Not every page is UTF-8."""
    word = {"shift_jis": "港南市の雨。", "koi8-r": "Дождь шёл весь день."}.get(
        encoding, "Señal café."
    )
    raw = page(PROSE + word, PROSE, head=f"<meta charset='{encoding}'>").decode().encode(encoding)
    assert word in extract_page("a", raw).text


def test_an_unknown_way_is_refused() -> None:
    """By its name."""
    with pytest.raises(ArgumentError, match="use best, fast or whole"):
        extract_page("a", b"<html>", extract="slow")


@pytest.mark.parametrize(
    "markup",
    [
        "<script type='application/ld+json'>{",
        "<script type='application/ld+json'>not json</script>",
        "<script type='application/ld+json'>[1, null, {}]</script>",
        data(**{"@type": "NewsArticle", "articleBody": ["a", "b"], "publisher": 7}),
        "",
    ],
)
def test_broken_json_ld_says_nothing(markup: str) -> None:
    """Many pages have some."""
    assert read_linked_data(markup).body is None


def test_json_ld_is_found_wherever_it_is_nested() -> None:
    """In a graph, in an array, behind another script; line breaks in strings are read."""
    inner = {"@type": "ReportageNewsArticle", "articleBody": "Rain &amp; wind."}
    markup = data(**{"@graph": [{"@type": "WebPage"}, {"mainEntity": [inner]}]})
    assert read_linked_data("<script>1</script>" + markup).body == "Rain & wind."
    raw = '<script type="application/ld+json">{"@type": "Article", "articleBody": "a\nb"}</script>'
    assert read_linked_data(raw).body == "a\nb"


def test_a_source_that_is_an_address_is_its_host(tmp_path: Path) -> None:
    """And the page's address, if it has no other."""
    from dedup.formats.fields import FieldMap

    row = {"id": "1", "text": "Rain.", "source": "https://www.post.example/rain"}
    mapped = FieldMap().article(row, fallback_id="f")
    assert mapped.article is not None
    assert mapped.article.source == "post.example"
    assert mapped.article.url == "https://www.post.example/rain"
    assert mapped.origins["url"] == "source"


@pytest.mark.parametrize("extract", ["best", "fast"])
def test_a_page_that_names_no_encoding_is_utf8_if_it_can_be(extract: str) -> None:
    """Also one with a single character beyond ASCII, which a guess takes for another."""
    prose = f"Rain 🌧 fell on the town. {'It fell for most of the day. ' * 20}"
    page = f"<html><body><article><p>{prose}</p></article>"
    assert "Rain 🌧 fell" in read_page("a.html", page.encode(), extract=extract).text
    named = page.replace("<html>", "<html><meta charset=latin-1>").replace("🌧", "é")
    assert "Rain é fell" in read_page("a.html", named.encode("latin-1"), extract=extract).text
