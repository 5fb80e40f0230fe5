"""The HTML page in a real browser."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dedup.diff import diff
from dedup.reports.diff_html import page_style, render_html
from dedup.reports.diff_table import Pair

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
GOLDEN = Path(__file__).parent / "golden"


def _page(case: str) -> str:
    texts = [(GOLDEN / case / f"{side}.txt").read_bytes().decode() for side in "ab"]
    return render_html([Pair("a.txt", "b.txt", diff(*texts))])


def test_every_link_leads_to_an_id_of_the_page() -> None:
    """Moves are linked both ways, changes one to the next."""
    page = _page("reprint")
    targets = re.findall(r'href="#([^"]+)"', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    assert {"from1", "to1"} <= set(targets)


def test_the_policy_names_the_style_of_the_page() -> None:
    """The content security policy allows the page's own style and nothing else."""
    page = _page("reprint")
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "script" not in re.sub(r"<style>.*?</style>", "", _page("languages"), flags=re.DOTALL)
    assert page_style() in page


def test_several_diffs_make_one_page_with_their_own_ids() -> None:
    """A table leads to each; ids do not meet."""
    found = diff("One stays here today. Two goes away.", "Two goes away. One stays here today.")
    page = render_html([Pair("a", "b", found), Pair("a", "c", found)])
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert 'href="#d2-top"' in page


@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
def test_a_browser_runs_no_script_and_applies_the_style(tmp_path: Path) -> None:
    """Hostile text stays text; the policy does not block the page's own style."""
    page = tmp_path / "page.html"
    # a style that the policy blocks would leave the console message in the log
    page.write_text(_page("hostile"), encoding="utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM),
            *FLAGS,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--enable-logging=stderr",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    dom = done.stdout.decode()
    assert "<script" not in dom
    assert "&lt;script&gt;" in dom
    assert b"Content Security Policy" not in done.stderr
