"""Reports in a real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dedup import Article, Deduplication, deduplicate, read_articles
from dedup.reports.report import write_report

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="needs Debian's chromium"))


@dataclass
class Visit:
    """A page under test, and what it did that it should not."""

    page: Any
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    clicks: int = 0

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.click(selector)

    def choose(self, selector: str, label: str) -> None:
        self.clicks += 1
        self.page.select_option(selector, label=label)

    def go(self, route: str) -> None:
        """Follow a permalink."""
        self.page.evaluate("route => { location.hash = route }", route)
        self.page.wait_for_function("route => location.hash.slice(1) === route", arg=route)
        self.page.wait_for_timeout(30)

    def tab_to(self, script: str, most: int = 120) -> None:
        """Press Tab until the focused element answers a script with true."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(f"(({script}))(document.activeElement)"):
                return
        raise AssertionError(f"Tab never reached {script}")

    def shoot(self, name: str) -> None:
        """Keep a screenshot for people, where one asks for it."""
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


Open = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Open:
    """Open a file or an address; on the way out nothing outside was asked for."""

    @contextmanager
    def opened(path: Path | str, route: str = "/", **options: Any) -> Iterator[Visit]:
        size = {"width": options.pop("width", 1280), "height": 900}
        context = chromium.new_context(viewport=size, **options)
        page = context.new_page()
        visit = Visit(page)
        start = path.as_uri() if isinstance(path, Path) else path
        page.on("request", lambda r: visit.outside.append(r.url)
                if not r.url.startswith((start, "blob:")) else None)  # fmt: skip
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on("console", lambda m: visit.errors.append(m.text) if m.type == "error" else None)
        page.on("dialog", lambda d: (visit.dialogs.append(d.message), d.dismiss()))
        page.goto(f"{start}#{route}")
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", timeout=30_000)
        yield visit
        assert visit.outside == []
        assert visit.errors == []
        assert visit.dialogs == []
        context.close()

    return opened


@dataclass(frozen=True)
class Made:
    """A report, and what it was made of."""

    path: Path
    result: Deduplication
    articles: dict[str, Article]


def make_report(articles: list[Article], path: Path, **options: Any) -> Made:
    by_id = {article.id: article for article in articles}
    result = deduplicate(articles)
    write_report(result, by_id.__getitem__, path, **options)
    return Made(path, result, by_id)


def _newsroom(fixtures: Path) -> list[Article]:
    """Return all fixtures; the seeds get the outlets and dates that their feeds would give."""
    names = {"001": ("Shortwire", 4), "002": ("The Budapest Post", 5), "000": ("Longwire", 6)}
    articles = []
    seeds = sorted((fixtures / "seeds").glob("*.txt"))
    for article in read_articles([fixtures / "feeds", *seeds]):
        source = names.get(Path(article.id).name[:3])
        if source is not None:
            when = datetime(2026, 8, source[1], 9, tzinfo=UTC)
            article = replace(article, source=source[0], published=when, title=source[0] + " seed")
        articles.append(article)
    return articles


@pytest.fixture(scope="session")
def newsroom(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("report") / "report.html"
    return make_report(
        _newsroom(fixtures), path, inputs=["fixtures/feeds"], notes=["1 record skipped: a test"]
    )
