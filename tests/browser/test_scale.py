"""A report of 10,000 clusters: it keeps to its size, and says and shows what it can."""

import json
import os
import re
from pathlib import Path

import pytest

from benchmarks.report.newsroom import invented_articles
from dedup.match import Policy
from dedup.reports.report import REPORT_BYTES
from dedup.reports.words import cluster_route, pair_route
from tests.browser.conftest import Made, Open, make_report

CLUSTERS = 10_000
WATCH = """() => { window.slow = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.slow.push(Math.round(entry.duration));
}).observe({ entryTypes: ["longtask"] }); }"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("large") / "report.html"
    return make_report(list(invented_articles(CLUSTERS)), path)


def _kept(name: str, figures: object) -> None:
    """Keep figures for people, where one asks for them; no test reads a clock."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, name).write_text(json.dumps(figures))


def test_ten_thousand_clusters_fit_and_the_rest_is_counted(large: Made) -> None:
    """All are listed; the foot says how many diffs are not there."""
    page = large.path.read_text(encoding="utf-8")
    assert len(large.result.clusters) > CLUSTERS * 0.99
    assert large.path.stat().st_size <= REPORT_BYTES
    left_out = re.search(r"([\d,]+) of ([\d,]+) diffs; the largest and the weakest", page)
    assert left_out is not None
    assert int(left_out[2].replace(",", "")) == len(large.result.dropped)
    assert 0 < int(left_out[1].replace(",", "")) < len(large.result.dropped)


def test_it_stays_small_in_the_browser(large: Made, open_page: Open) -> None:
    """Fifty rows at a time; dragging, searching and sorting build nothing more."""
    with open_page(large.path) as visit:
        page = visit.page
        ready = page.evaluate("performance.now()")
        page.evaluate(WATCH)
        for hundredths in range(0, 101, 5):
            page.fill("#threshold", str(hundredths))
        visit.go("/clusters")
        page.wait_for_selector("#clusters tbody tr:nth-child(50)")
        for _ in range(20):
            page.mouse.wheel(0, 800)
        for column in ("lag", "weakest", "spread", "size"):
            page.click(f"[data-sort={column}] button")
        page.fill("#search", "outlet 7")
        page.wait_for_selector("#page:has-text('Page 1 of')")
        assert page.locator("#clusters tbody tr").count() == 50
        assert page.evaluate("document.querySelectorAll('*').length") < 15_000
        slow = page.evaluate("window.slow")
        _kept("report-10000.json", {"ready_ms": ready, "long_tasks_ms": slow})


@pytest.mark.parametrize("hundredths", [30, 70])
def test_the_threshold_holds_at_scale(large: Made, open_page: Open, hundredths: int) -> None:
    """As the same run judged by that policy."""
    judged = large.result.at(Policy(resemblance=hundredths / 100))
    with open_page(large.path) as visit:
        visit.page.fill("#threshold", str(hundredths))
        said = visit.page.inner_text("#threshold-said")
    more = len(large.result.dropped) - len(judged.dropped)
    assert f"{more:,} more article" in said
    assert f"in {len(judged.clusters):,} cluster" in said


def test_a_cluster_whose_texts_are_left_out_says_how_to_open_them(
    large: Made, open_page: Open
) -> None:
    """Its page is there; its pair's permalink explains itself."""
    page = large.path.read_text(encoding="utf-8")
    strongest = max(large.result.clusters, key=lambda one: (one.weakest.strength, one.id))
    route = pair_route(strongest.representative, strongest.members[1])
    assert f"#{route}" not in page
    with open_page(large.path, cluster_route(strongest.id)) as visit:
        visit.page.wait_for_selector("#detail .timeline")
        assert "dedup explore" in visit.page.inner_text("#detail")
        visit.go(route)
        visit.page.wait_for_selector("text=Not in this file")
