"""A run that reads its pages more than once looks for their main text once."""

from pathlib import Path

import pytest

from dedup.formats import read_articles
from dedup.formats.kept import write_kept
from dedup.formats.lookup import ArticleLookup
from dedup.formats.remembered import RememberedPages

SAMPLES = Path(__file__).parents[2] / "fixtures" / "formats"


@pytest.mark.parametrize("name", ["pages", "archive.warc.gz", "collection.wacz"])
def test_the_main_text_of_a_page_is_looked_for_once(name: str, tmp_path: Path) -> None:
    """In three readings, as a run with kept pages and a report makes them."""
    path = SAMPLES / name
    with RememberedPages("fast") as extract:
        articles = list(read_articles(path, extract=extract))
        write_kept(f"{tmp_path}/", path, set(), extract=extract)
        with ArticleLookup(path, {articles[0].id}, extract=extract) as lookup:
            assert lookup(articles[0].id).text == articles[0].text
        assert extract.extracted == len(articles) == 3


@pytest.mark.parametrize("extract", ["best", "fast", "whole"])
def test_what_is_remembered_is_what_was_found(extract: str) -> None:
    """Text, blocks, date and the rest, after the first reading and without any."""
    plain = list(read_articles(SAMPLES / "pages", extract=extract))
    with RememberedPages(extract) as remembered:
        for _ in range(2):
            found = list(read_articles(SAMPLES / "pages", extract=remembered))
            assert found == plain
            assert [article.extra for article in found] == [article.extra for article in plain]


def test_the_same_bytes_in_another_encoding_are_another_page() -> None:
    """As servers name it."""
    page = "<html><body><article><p>Es regnete über der Straße.</p></article></body></html>"
    with RememberedPages("fast") as extract:
        for encoding in ("utf-8", "latin-1"):
            extract.find(page.encode(), encoding)
        assert extract.extracted == 2
