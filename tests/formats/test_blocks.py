"""Where paragraphs came from: `Article.extra["blocks"]` of every format that has markup."""

from pathlib import Path

import pytest

from dedup.formats import read_articles
from dedup.formats.markup import KINDS
from dedup.formats.whole import DOUBTFUL, MAIN

SAMPLES = Path(__file__).parents[2] / "fixtures" / "formats"
PROSE = "It rained on the town for most of the day, and nobody who lives there minded much. "
MARKUP = (
    f"<h2>Rain 🌧 in town</h2><p>{PROSE * 4}</p><ul><li>Umbrellas, {PROSE}</li></ul>"
    f"<blockquote>{PROSE * 2}</blockquote><p>{PROSE * 3}</p>"
)
SHOWN = [("heading", "Rain 🌧 in town"), ("list", f"Umbrellas, {PROSE.strip()}")]


def feeds() -> dict[str, str]:
    """Return the same markup in each format that carries some."""
    page = f"<html><body><article><p>{PROSE * 3}</p>{MARKUP}</article></body></html>"
    return {
        "a.html": page,
        "a.xml": "<rss><channel><item><guid>1</guid><description><![CDATA["
        f"{MARKUP}]]></description></item></channel></rss>",
        "b.xml": "<nitf><body><body.content>"
        f"{MARKUP.replace('h2', 'hl2').replace('blockquote', 'bq')}</body.content></body></nitf>",
        "a.eml": f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{MARKUP}",
    }


@pytest.mark.parametrize("name", feeds())
def test_blocks_are_where_they_say(name: str, tmp_path: Path) -> None:
    """In code points of the text, also behind a character of two UTF-16 units."""
    (tmp_path / name).write_text(feeds()[name], "utf-8")
    (article,) = read_articles(tmp_path / name)
    blocks = article.extra["blocks"]
    assert isinstance(blocks, list)
    found = [(kind, article.text[start:end].removeprefix("- ")) for start, end, kind in blocks]
    assert [shown for shown in found if shown[0] in ("heading", "list")] == SHOWN


@pytest.mark.parametrize(
    "path", sorted({*SAMPLES.rglob("*.*")} - {SAMPLES / "build.py"}), ids=lambda path: path.name
)
def test_no_block_of_a_sample_is_outside_its_text(path: Path) -> None:
    """Sorted by where they begin, none empty, each of a documented kind."""
    for article in read_articles(path):
        blocks = article.extra.get("blocks", [])
        assert isinstance(blocks, list)
        plain = [block for block in blocks if block[2] not in (MAIN, DOUBTFUL)]
        assert [start for start, _, _ in plain] == sorted(start for start, _, _ in plain)
        for start, end, kind in blocks:
            assert 0 <= start < end <= len(article.text)
            assert kind in {*KINDS.values(), MAIN, DOUBTFUL}
