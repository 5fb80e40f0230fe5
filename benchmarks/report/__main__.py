"""Measure the report: ``python -m benchmarks.report [CLUSTERS]`` (needs Debian's chromium)."""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.report.newsroom import invented_articles
from dedup.batch import deduplicate
from dedup.reports.report import write_report

_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_WATCH = """() => { window.slow = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.slow.push(Math.round(entry.duration));
}).observe({ entryTypes: ["longtask"] }); }"""


def main() -> None:
    """Print one JSON object of what was measured."""
    clusters = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    articles = {article.id: article for article in invented_articles(clusters)}
    result = deduplicate(articles.values())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.html")
        start = time.perf_counter()
        write_report(result, articles.__getitem__, path)
        seconds = time.perf_counter() - start
        figures = {
            "articles": len(articles),
            "clusters": len(result.clusters),
            "megabytes": round(path.stat().st_size / 1e6, 2),
            "write_seconds": round(seconds, 1),
            **_opened(path),
        }
    print(json.dumps(figures))


def _opened(path: Path) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        ready = page.evaluate("performance.now()")
        seconds = time.perf_counter() - start
        page.evaluate(_WATCH)
        for value in range(0, 101, 2):
            page.fill("#threshold", str(value))
        dragging = page.evaluate("window.slow")
        page.evaluate("location.hash = '/clusters'")
        page.wait_for_selector("#clusters tbody tr:nth-child(50)")
        for _ in range(30):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(20)
        for part in ("ba", "bade", "badeki"):
            page.fill("#search", part)
            page.wait_for_timeout(200)
        for column in ("lag", "weakest", "spread", "size"):
            page.click(f"[data-sort={column}] button")
        slow = page.evaluate("window.slow")
        browser.close()
    return {
        "interactive_seconds": round(max(ready / 1000, seconds), 2),
        "long_tasks_ms_dragging": dragging,
        "long_tasks_ms_all": slow,
    }


if __name__ == "__main__":
    main()
