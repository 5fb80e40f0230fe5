"""The report as people use it: what it says, by mouse, by keyboard, without scripts."""

from pathlib import Path
from typing import Any

import pytest

from dedup.evaluate import read_gold
from dedup.match import Policy
from tests.browser.conftest import Made, Open

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def _cluster_of(newsroom: Made, part: str) -> Any:
    return next(c for c in newsroom.result.clusters if any(part in one for one in c.members))


def _routes(newsroom: Made) -> dict[str, str]:
    from dedup.reports.words import cluster_route, pair_route

    cluster = _cluster_of(newsroom, "002_")
    copy = next(one for one in cluster.members if one != cluster.representative)
    return {
        "overview": "/",
        "clusters": "/clusters",
        "flow": "/flow",
        "review": "/review",
        "run": "/run",
        "cluster": cluster_route(cluster.id),
        "pair": pair_route(cluster.representative, copy),
    }


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_no_page_violates_wcag_aa(newsroom: Made, open_page: Open, scheme: str, width: int) -> None:
    """Axe finds nothing on any type of page, and nothing is wider than the window."""
    for name, route in _routes(newsroom).items():
        with open_page(newsroom.path, route, color_scheme=scheme, width=width) as visit:
            found = axe.Axe().run(visit.page, options={"runOnly": WCAG})
            told = [
                (one["id"], node["target"], node.get("failureSummary"))
                for one in found.response["violations"]
                for node in one["nodes"]
            ]
            assert told == [], name
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, name
            visit.shoot(f"{name}-{scheme}-{width}")


def test_the_largest_cluster_whose_copies_changed_a_number(newsroom: Made, open_page: Open) -> None:
    """Is found in at most four clicks, and its changed numbers are shown."""
    with open_page(newsroom.path) as visit:
        visit.click("text=Clusters")
        visit.choose("#by-kind", "a number changed")
        visit.click("#clusters tbody tr:first-child a")
        visit.page.wait_for_selector("#detail .timeline")
        visit.click("#detail tr:has(.k-number) a")
        visit.page.wait_for_selector("#detail .facts .k-number")
        assert visit.clicks <= 4
        assert "2.9\t3.3" in visit.page.inner_text("#detail .facts")


def test_which_outlet_carries_agency_copy_fastest(newsroom: Made, open_page: Open) -> None:
    """Is the first row of the flow, once sorted: at most four clicks."""
    with open_page(newsroom.path) as visit:
        visit.click("text=Flow")
        visit.choose("#origin", "meridianwire.example")
        visit.click("#flows [data-column=lag] button")
        assert visit.clicks <= 4
        first = visit.page.inner_text("#flows tbody tr:first-child td:nth-child(2)")
        lags = visit.page.eval_on_selector_all(
            "#flows tbody tr", "rows => rows.map(row => Number(row.dataset.lag))"
        )
        assert first == "المنبر" or lags[0] == min(lags)
        assert lags == sorted(lags)


def test_what_the_budapest_post_reprint_added(newsroom: Made, open_page: Open) -> None:
    """Is read in at most four clicks after a search."""
    with open_page(newsroom.path) as visit:
        visit.click("text=Clusters")
        visit.page.fill("#search", "budapest post")
        visit.page.wait_for_function(
            "() => document.getElementById('found').textContent.startsWith('1 ')"
        )
        visit.click("#clusters tbody a")
        visit.click("#detail tr:has-text('Budapest Post') a")
        visit.click("#detail [data-only=added]")
        assert visit.clicks <= 4
        shown = visit.page.locator("#detail .diff > .row:visible")
        assert shown.count() > 0
        classes = shown.evaluate_all("rows => rows.map(row => row.className)")
        assert all("added" in one for one in classes)


def test_the_same_without_a_mouse(newsroom: Made, open_page: Open) -> None:
    """Every task is done with keys alone; the focus is where the reader is."""
    with open_page(newsroom.path) as visit:
        keys = visit.page.keyboard
        keys.press("/")
        visit.page.wait_for_function("() => document.activeElement.id === 'search'")
        keys.type("budapest post")
        visit.page.wait_for_function(
            "() => document.getElementById('found').textContent.startsWith('1 ')"
        )
        visit.tab_to("e => e.matches('#clusters tbody a')")
        keys.press("Enter")
        visit.page.wait_for_selector("#detail .timeline")
        assert visit.page.evaluate("document.activeElement.localName") == "h2"
        visit.tab_to("e => e.matches('#detail .timeline a')")
        keys.press("Enter")
        visit.page.wait_for_selector("#detail .diff")
        visit.tab_to("e => e.matches('[data-only=added]')")
        keys.press("Space")
        assert visit.page.locator("#detail .diff > .row.kept:visible").count() == 0
        keys.press("j")
        assert visit.page.evaluate("document.activeElement.matches('.row.added.here')")
        keys.press("g")
        keys.press("f")
        visit.page.wait_for_selector("#flows:visible")
        visit.tab_to("e => e.id === 'origin'")
        keys.type("meridianwire")
        visit.tab_to("e => e.textContent === 'Median lag'")
        keys.press("Enter")
        assert visit.page.get_attribute("[data-column=lag]", "aria-sort") == "ascending"
        keys.press("g")
        keys.press("c")
        visit.page.wait_for_selector("#clusters:visible")
        visit.page.fill("#search", "")
        visit.tab_to("e => e.id === 'by-kind'")
        keys.type("a number")
        visit.tab_to("e => e.matches('#clusters tbody a')")
        keys.press("Enter")
        visit.page.wait_for_selector("#detail .k-number")


@pytest.mark.parametrize("hundredths", [0, 20, 40, 60, 90, 100])
def test_the_threshold_says_what_a_policy_would_do(
    newsroom: Made, open_page: Open, hundredths: int
) -> None:
    """The figures at a threshold are those of the same run judged by that policy."""
    with open_page(newsroom.path) as visit:
        visit.page.fill("#threshold", str(hundredths))
        said = visit.page.inner_text("#threshold-said")
        judged = newsroom.result.at(Policy(resemblance=hundredths / 100))
        if hundredths == 0:
            assert "Nothing changes" in said
            return
        lost = len(newsroom.result.duplicates) - len(judged.duplicates)
        more = len(newsroom.result.dropped) - len(judged.dropped)
        assert f"{lost} pair" in said
        assert f"{more} more article" in said
        assert f"{len(judged.dropped)} cop" in said
        assert f"in {len(judged.clusters)} cluster" in said
        assert f"--resemblance {hundredths / 100:.2f}" in said


def test_sorting_and_searching_the_clusters(newsroom: Made, open_page: Open) -> None:
    """By size, spread, lag and weakest link, both ways; a search finds ids and outlets."""
    with open_page(newsroom.path, "/clusters") as visit:
        rows = "#clusters tbody tr"
        assert visit.page.locator(rows).count() == len(newsroom.result.clusters)
        for column, place in (("size", 2), ("spread", 3)):
            script = f"rows => rows.map(row => Number(row.children[{place - 1}].textContent))"
            if column != "size":
                visit.page.click(f"[data-sort={column}] button")
            values = visit.page.eval_on_selector_all(rows, script)
            assert values == sorted(values, reverse=True)
            visit.page.click(f"[data-sort={column}] button")
            assert visit.page.eval_on_selector_all(rows, script) == sorted(values)
        visit.page.click("[data-sort=weakest] button")
        weakest = min(newsroom.result.clusters, key=lambda c: (c.weakest.strength, c.id))
        first = visit.page.get_attribute(f"{rows}:first-child a", "href")
        assert first is not None
        from dedup.reports.words import cluster_route

        assert first == f"#{cluster_route(weakest.id)}"
        visit.page.fill("#search", "nothing has these words")
        visit.page.wait_for_function(
            "() => document.getElementById('found').textContent.startsWith('0 ')"
        )


def test_a_permalink_opens_its_page(newsroom: Made, open_page: Open) -> None:
    """A cluster and a pair open from an address alone; an unknown one says so."""
    routes = _routes(newsroom)
    with open_page(newsroom.path, routes["pair"]) as visit:
        assert visit.page.locator("#detail .diff .row").count() > 3
        assert "copy" in visit.page.inner_text("#detail .lede") or visit.page.title()
        visit.go(routes["cluster"])
        assert visit.page.locator("#detail .timeline tbody tr").count() == 2
        visit.go("/cluster/nobody")
        visit.page.wait_for_selector("text=Not in this file")
        visit.page.go_back()
        visit.page.wait_for_selector("#detail .timeline")


def test_labels_become_a_gold_file(newsroom: Made, open_page: Open) -> None:
    """Keys label pairs, a reload keeps them, the CSV is gold for `dedup evaluate`."""
    with open_page(newsroom.path, "/review") as visit:
        page = visit.page
        total = page.evaluate("document.getElementById('review-progress').max")
        for number, key in enumerate(["1", "7", "3"], 1):
            page.keyboard.press(key)
            page.wait_for_function(
                f"() => document.getElementById('review-progress').value === {number}"
            )
        assert "95 % interval" in page.inner_text("#review-precision")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        assert page.evaluate("document.getElementById('review-progress').value") == 3
        assert f"Pair 4 of {total:.0f}" in page.inner_text("#review-place")
        with page.expect_download() as waiting:
            page.click("#review-export")
        saved = Path(waiting.value.path()).read_text(encoding="utf-8")
        gold, _ = read_gold(saved.splitlines(), "labels.csv")
        assert gold is not None
        assert sorted(gold.values()) == ["copy", "revision", "unrelated"]
        assert all(one in newsroom.articles for pair in gold for one in pair)


def test_the_interval_is_wilsons(newsroom: Made, open_page: Open) -> None:
    """8 of 10 is 49 % to 94 %, as in Newcombe (1998)."""
    with open_page(newsroom.path) as visit:
        # the page's own functions are closed in; the arithmetic is loaded again by itself
        source = (Path(__file__).parents[2] / "dedup/reports/web/review.js").read_text("utf-8")
        function = source[source.index("function wilson") : source.index("const quoted")]
        low, high = visit.page.evaluate(f"(() => {{ {function}; return wilson(8, 10); }})()")
        assert (round(low, 3), round(high, 3)) == (0.49, 0.943)


def test_it_is_read_without_scripts(newsroom: Made, open_page: Open) -> None:
    """Counts, sources, flow, clusters and their diffs are there; links lead to them."""
    with open_page(newsroom.path, java_script_enabled=False) as visit:
        text = visit.page.inner_text("body")
        assert f"{len(newsroom.articles)}" in text
        assert "1 record skipped: a test" in text
        assert "Who carried it, in the order of publication" in text
        visit.page.click("#clusters tbody tr:first-child a")
        route = visit.page.evaluate("location.hash.slice(1)")
        assert visit.page.locator(f'[id="{route}"] .timeline').is_visible()
        assert visit.page.locator("#static .pair .row").count() > 20
        visit.shoot("no-script")


def test_print_has_the_content_and_no_controls(newsroom: Made, open_page: Open) -> None:
    """What cannot be pressed on paper is not printed."""
    with open_page(newsroom.path, _routes(newsroom)["pair"]) as visit:
        visit.page.emulate_media(media="print")
        assert not visit.page.locator(".masthead nav").is_visible()
        assert not visit.page.locator("#detail .filters").is_visible()
        assert visit.page.locator("#detail .diff .row").first.is_visible()
        visit.shoot("pair-print")


def test_right_to_left_and_unspaced_text(newsroom: Made, open_page: Open) -> None:
    """Arabic headlines and paragraphs run from the right; Japanese ones are there."""
    cluster = _cluster_of(newsroom, "alminbar")
    from dedup.reports.words import cluster_route

    with open_page(newsroom.path, cluster_route(cluster.id)) as visit:
        direction = "e => getComputedStyle(e).direction"
        assert visit.page.eval_on_selector("#detail h2 bdi", direction) == "rtl"
        visit.page.click("#detail .timeline a")
        visit.page.wait_for_selector("#detail .diff .row.kept p")
        cells = visit.page.eval_on_selector_all(
            "#detail .diff .row.kept p", f"cells => cells.map({direction})"
        )
        assert "rtl" in cells
        visit.go("/clusters")
        assert "路面電車" in visit.page.inner_text("#clusters")
