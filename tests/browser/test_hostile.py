# ruff: noqa: E501 - a payload stands on one line
"""Hostile articles: nothing of theirs runs, nothing outside is asked for."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dedup import Article
from dedup.cli.explore_server import serve
from dedup.reports.report import write_result
from dedup.reports.stored_result import StoredResult
from tests.browser.conftest import Made, Open, make_report

RUN = "window.pwned=1;alert(1)"
PAYLOADS = (
    f"<script>{RUN}</script>", f"</script><script>{RUN}</script>", f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">', f"'><svg onload={RUN}>", f"<svg/onload={RUN}>",
    f"<body onload={RUN}>", f"<iframe srcdoc='<script>{RUN}</script>'>", "<base href=//evil.example>",
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"vbscript:{RUN}", f"javascript://evil.example/%0a{RUN}",
    "file:///etc/passwd", f"<a href='javascript:{RUN}'>x</a>", f"<math><mi href=javascript:{RUN}>",
    "<style>@import url(http://evil.example/x)</style><x style='background:url(http://evil.example)'>",
    "<link rel=stylesheet href=http://evil.example/x.css>", "<meta http-equiv=refresh content=0;url=http://evil.example>",
    "<form action=http://evil.example><input name=x autofocus onfocus=alert(1)>", f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}>", f"<object data='javascript:{RUN}'>", f"<embed src='javascript:{RUN}'>",
    f"{{{{constructor.constructor('{RUN}')()}}}}", "{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "${alert(1)}", "<!--<script>", "--><script>alert(1)</script>", "]]><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<title></title><script>alert(1)</script>",
    "<textarea></textarea><script>alert(1)</script>", "<template><script>alert(1)</script></template>",
    "\x00<script>alert(1)</script>", "\u202egnp.exe\u202c <script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>", "<IMG SRC=`javascript:alert(1)`>", "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;",
    '" autofocus onfocus="alert(1)" x="', "' onmouseover='alert(1)' style='position:fixed;inset:0", "#/cluster/../../x",
    "=cmd|'/c calc'!A1", "a" * 4000, "\ud83d <b onclick=alert(1)>half a character</b>",
)  # fmt: skip
BODY = (
    "The harbour council of the small town voted on Monday evening to close the old swing bridge "
    "for two months while engineers replace the bearings that wore out during the last winter. "
    "Ferries will run every quarter of an hour from the lower quay, and the fish market moves. "
)


def _articles() -> list[Article]:
    start = datetime(2026, 8, 1, tzinfo=UTC)
    articles = []
    for number, payload in enumerate(PAYLOADS):
        own = f"Report number {number} names clerk {number * 7919} of ward {number * 31}. " * 8
        for copy in (0, 1):
            text = f"{own}{BODY}\n{payload}\n{own[: 200 - copy * 90]} {payload} ends {copy}."
            articles.append(
                Article(
                    f"{number}-{copy}{payload}", text, title=f"{payload} {number}", url=payload
                    if number % 2 else f"https://example.org/{payload}",
                    source=f"{payload}{copy}", published=start + timedelta(minutes=number + copy),
                )
            )  # fmt: skip
    return articles


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    return make_report(_articles(), path, title=PAYLOADS[1], notes=PAYLOADS, inputs=PAYLOADS)


def test_there_are_fifty() -> None:
    """As many as the target asks for, all different."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 50


def test_nothing_runs_and_nothing_is_asked_for(hostile: Made, open_page: Open) -> None:
    """On no view, no cluster's page and no pair's page."""
    with open_page(hostile.path) as visit:
        page = visit.page
        for route in ("/clusters", "/flow", "/review", "/run", "/"):
            visit.go(route)
        visit.go("/clusters")
        page.fill("#search", "<script>")
        page.fill("#search", "")
        page.wait_for_function("() => document.querySelectorAll('#clusters tbody a').length > 25")
        clusters = page.evaluate(
            "[...document.querySelectorAll('#clusters tbody a')].map(a => a.hash)"
        )
        for cluster in clusters:
            visit.go(cluster[1:])
            page.wait_for_selector("#detail .timeline")
            visit.go(page.get_attribute("#detail .timeline a", "href")[1:])
            page.wait_for_selector("#detail .diff")
            schemes = page.evaluate(
                "[...document.querySelectorAll('a[href]')].map(a => new URL(a.href).protocol)"
            )
            assert set(schemes) <= {"http:", "https:", "file:"}
            assert page.evaluate(
                "[...document.querySelectorAll('a[href]')].every(a => /^(#|https?:\\/\\/)/.test(a.getAttribute('href')))"
            )
        assert page.evaluate("window.pwned") is None
        assert (
            page.evaluate(
                "document.querySelectorAll('iframe, object, embed, form[action], base').length"
            )
            == 0
        )


def test_nothing_runs_without_the_scripts_either(hostile: Made, open_page: Open) -> None:
    """The static part of the page is as harmless."""
    with open_page(hostile.path, java_script_enabled=False) as visit:
        assert visit.page.locator("#static .story").count() > 0
        assert visit.page.locator("img, iframe, object, embed, base, link").count() == 0


def test_the_policy_blocks_a_script_that_got_in(
    hostile: Made, open_page: Open, tmp_path: Path
) -> None:
    """Should escaping ever fail, the content security policy still holds."""
    broken = tmp_path / "broken.html"
    page = hostile.path.read_text(encoding="utf-8")
    broken.write_text(
        page.replace("<main", f"<script>{RUN}</script><img src=x onerror='{RUN}'><main", 1),
        encoding="utf-8",
    )
    with open_page(broken) as visit:
        assert visit.page.evaluate("window.pwned") is None
        assert len([error for error in visit.errors if "Content Security Policy" in error]) >= 2
        visit.errors.clear()
        visit.outside.clear()  # the image is asked for, and refused by the policy


def test_the_server_of_explore_is_as_harmless(
    hostile: Made, open_page: Open, tmp_path: Path
) -> None:
    """The same articles from a result file: every cluster and pair opens, nothing runs."""
    path = tmp_path / "result.dedup"
    write_result(hostile.result, hostile.articles.__getitem__, path, title=PAYLOADS[1])
    stored = StoredResult(path)
    server = serve(stored, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with open_page(f"http://127.0.0.1:{server.server_port}/", "/clusters") as visit:
            page = visit.page
            page.wait_for_selector("#clusters tbody a")
            for cluster in page.evaluate(
                "[...document.querySelectorAll('#clusters tbody a')].map(a => a.hash)"
            ):
                visit.go(cluster[1:])
                page.wait_for_selector(f'#detail [id="{cluster[1:]}"] .timeline')
            visit.go(page.get_attribute("#detail .timeline a", "href")[1:])
            page.wait_for_selector("#detail .diff")
            visit.go("/review")
            assert page.evaluate("window.pwned") is None
            assert page.locator("img, iframe, object, embed, base, link").count() == 0
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        stored.close()
