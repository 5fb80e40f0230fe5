"""The report as a file: its size, its policy, what it says is left out."""

import base64
import hashlib
import json
import re
import zlib
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import Article, Deduplication, deduplicate, read_articles
from dedup.errors import ArgumentError
from dedup.match import Policy
from dedup.reports.contents import _NEAR_ENOUGH, _most_that_fit
from dedup.reports.figures import figures_of
from dedup.reports.plots import PLOTS, plot_svg
from dedup.reports.report import render_report, write_report
from dedup.reports.survey import survey
from tests.stories import story

HOSTILE = "</script><script>alert(1)</script>\x00\ufffe<img src=x onerror=alert(1)>&'\""


@pytest.fixture(scope="module")
def articles(fixtures: Path) -> dict[str, Article]:
    return {article.id: article for article in read_articles([fixtures / "feeds"])}


@pytest.fixture(scope="module")
def result(articles: dict[str, Article]) -> Deduplication:
    return deduplicate(articles.values())


@pytest.fixture(scope="module")
def page(result: Deduplication, articles: dict[str, Article]) -> str:
    return render_report(result, articles.__getitem__).decode()


def index_of(page: str) -> dict[str, object]:
    block = re.search(r'<script type="text/plain" id="index">([^<]*)</script>', page)
    assert block is not None
    found: dict[str, object] = json.loads(zlib.decompress(base64.b64decode(block[1])))
    return found


def test_the_same_result_makes_the_same_page(
    result: Deduplication, articles: dict[str, Article], page: str
) -> None:
    """Byte for byte."""
    assert render_report(result, articles.__getitem__).decode() == page


def test_the_policy_allows_this_style_and_this_script_only(page: str) -> None:
    """By their digests; nothing may be fetched, framed or sent."""
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    parts = dict(part.split(" ", 1) for part in policy[1].replace("&#39;", "'").split("; "))
    assert parts["default-src"] == parts["base-uri"] == parts["form-action"] == "'none'"
    for name, element in (("style", "style"), ("script", "script")):
        content = re.search(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert parts[f"{name}-src"] == f"'sha256-{digest}'"


@pytest.mark.parametrize("size", [140_000, 200_000, 400_000, 1_000_000])
def test_a_page_keeps_to_its_size_and_says_what_is_missing(
    result: Deduplication, articles: dict[str, Article], size: int
) -> None:
    """The figures it gives are those of what is in it."""
    small = render_report(result, articles.__getitem__, size_bytes=size)
    assert len(small) <= size
    text = small.decode()
    clusters = index_of(text)["clusters"]
    assert isinstance(clusters, dict)
    shown = len(clusters["route"])
    assert (index_of(text)["links"] is None) == ("no preview of a tighter threshold" in text)
    copies = len(result.dropped)
    if shown < len(result.clusters):
        assert f"{len(result.clusters) - shown} of {len(result.clusters)} clusters" in text
        assert index_of(text)["links"] is None
    else:
        assert re.search(rf"(\d+) of {copies} diffs|All \d+ clusters", text)


def test_the_preview_of_a_threshold_makes_room_for_clusters() -> None:
    """It is there in a page that has room for all of them and for it; others say so."""
    made = [Article(f"{n}{end}", story(n)[:400] + end) for n in range(300) for end in ("", ".")]
    by_id = {article.id: article for article in made}
    result = deduplicate(made)
    kinds = []
    for size in range(112_000, 152_000, 4000):
        text = render_report(result, by_id.__getitem__, size_bytes=size).decode()
        index = index_of(text)
        clusters = index["clusters"]
        assert isinstance(clusters, dict)
        kinds.append((len(clusters["route"]) == 300, index["links"] is not None))
        assert ("in a file of this size" in text) == (index["links"] is None)
        assert ("weakest clusters are here" in text) == bool(clusters["route"])
    assert list(dict.fromkeys(kinds)) == [(False, False), (True, False), (True, True)]


def test_the_index_lists_every_cluster(result: Deduplication, page: str) -> None:
    """With its size; the blocks it names are there."""
    clusters = index_of(page)["clusters"]
    assert isinstance(clusters, dict)
    assert clusters["size"] == [len(cluster.members) for cluster in result.clusters]
    for name in {*clusters["room"], *clusters["pairs"]} - {None}:
        assert f'id="{name}"' in page


def test_without_duplicates_the_page_says_so() -> None:
    """An empty run and one without copies are pages too."""
    for articles in ([], [Article("a", "One short text stands alone here.")]):
        by_id = {article.id: article for article in articles}
        made = render_report(deduplicate(articles), by_id.__getitem__).decode()
        assert f"None of {len(articles)} article" in made


def test_without_dates_sources_and_titles(articles: dict[str, Article]) -> None:
    """An article is its id and its text; the rest may be absent."""
    bare = {one: Article(one, article.text) for one, article in articles.items()}
    result = deduplicate(bare.values())
    made = render_report(result, bare.__getitem__).decode()
    assert "(no source)" in made
    assert "too few dates" in made
    assert result.clusters[0].representative in made


def test_a_day_without_articles_is_a_row_of_noughts() -> None:
    """Among days that have some it is drawn, and stands in the table."""
    feed = [
        Article(f"{n}", f"Day {n} of the fair.", published=datetime(2026, 5, n, tzinfo=UTC))
        for n in (1, 2, 4)
    ]
    by_id = {article.id: article for article in feed}
    made = render_report(deduplicate(feed), by_id.__getitem__).decode()
    assert '<th scope="row">2026-05-03</th><td>0</td><td>0</td><td>0\u00a0%</td>' in made


def test_by_representatives_the_threshold_is_left_out(articles: dict[str, Article]) -> None:
    """There a tighter threshold regroups; a preview would be a guess."""
    result = deduplicate(articles.values(), linkage="representative")
    made = render_report(result, articles.__getitem__).decode()
    assert index_of(made)["links"] is None
    assert "There is no preview of a tighter threshold" in made


def test_other_policies_of_keeping_are_explained(articles: dict[str, Article]) -> None:
    """Every word of --keep has a sentence."""
    for keep in ("earliest", "longest", "cleanest", "first", "prefer:Nordblatt"):
        result = deduplicate(articles.values(), keep=keep, policy=Policy(rerun_days=None))
        assert "Kept b" in render_report(result, articles.__getitem__).decode()


class Parsed(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def test_hostile_articles_add_no_element_and_no_attribute(articles: dict[str, Article]) -> None:
    """The page of hostile articles has the elements and attributes of any other."""
    made = {
        f"{one}{HOSTILE}": Article(
            f"{one}{HOSTILE}", f"{article.text}\n{HOSTILE}", title=HOSTILE,
            url=f"https://x.example/{HOSTILE}", source=f"{article.source}{HOSTILE}",
            published=article.published,
        )
        for one, article in articles.items()
    }  # fmt: skip
    result = deduplicate(made.values())
    parsed = Parsed()
    parsed.feed(render_report(result, made.__getitem__, title=HOSTILE, notes=[HOSTILE]).decode())
    names = {name for name, _ in parsed.elements}
    assert not names & {"img", "iframe", "object", "embed", "base", "link"}
    for name, attributes in parsed.elements:
        assert not [key for key in attributes if key.startswith("on") or key == "style"]
        assert name != "script" or attributes.get("type") == "text/plain" or not attributes
        assert re.match(r"(#|https?://|$)", attributes.get("href") or "")
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_report_is_whole_or_not_there(result: Deduplication, tmp_path: Path) -> None:
    """A run that breaks leaves the old report, and no rest."""
    path = tmp_path / "report.html"
    path.write_text("old")

    def broken(_: str) -> Article:
        raise RuntimeError("the feed went away")

    with pytest.raises(RuntimeError):
        write_report(result, broken, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_an_svg_file(result: Deduplication, name: str) -> None:
    """Well-formed XML with its title, from a full result and from an empty one."""
    for one in (result, deduplicate([])):
        root = ET.fromstring(plot_svg(name, figures_of(survey(one)), title=f"A title {HOSTILE}"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert (root[0].text or "").startswith("A title </script>")


def test_an_unknown_plot_is_named() -> None:
    """With those that there are."""
    with pytest.raises(ArgumentError, match="coverage, resemblance"):
        plot_svg("pie", figures_of(survey(deduplicate([]))))


def test_a_plot_as_png(result: Deduplication) -> None:
    """Has the magic bytes of one."""
    pytest.importorskip("resvg_py")
    from dedup.reports.plots import plot_png

    assert plot_png(plot_svg("flow", figures_of(survey(result)))).startswith(b"\x89PNG")


@example(rows=383, shell=0, a_row=1.0, bend=0.609375, share=0.96875)
@example(rows=38_489, shell=0, a_row=1.0, bend=0.60002470364227, share=0.9680374881400106)
@given(
    rows=st.integers(0, 50_000),
    shell=st.integers(0, 100_000),
    a_row=st.floats(1, 100),
    bend=st.floats(0.6, 1.1),
    share=st.floats(0, 1.5),
)
def test_a_list_fills_its_share_of_the_page(
    rows: int, shell: int, a_row: float, bend: float, share: float
) -> None:
    """As many rows are listed as fit, but for one in so many, after a few tries."""
    tried: list[int] = []

    def size_of(count: int) -> int:
        tried.append(count)
        return int(shell + a_row * count**bend)

    most = int(size_of(rows) * share)
    tried.clear()
    count, size = _most_that_fit(size_of, rows, most)
    assert len(tried) <= 10
    assert size == size_of(count)
    assert size <= most or count == 0
    more = count + max(count // _NEAR_ENOUGH, 1)
    assert count == rows or size_of(more) >= most
