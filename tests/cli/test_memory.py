"""``dedup batch --memory``: a bound on what a real process takes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.corpus import Settings, generate
from tests.conftest import Run
from tests.killing import kill_at

MEGABYTE = 1 << 20
#: A command that says at its end its status and the memory it took at the most, in bytes.
#: Not what `getrusage` says: that begins with what its parent took.
MEASURED = """
import re
from pathlib import Path
from dedup.cli import app
status = app(prog_name="dedup", standalone_mode=False)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(status or 0, int(peak[1]) * 1024)
"""


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a feed of a few thousand articles."""
    path = tmp_path_factory.mktemp("feed") / "feed.jsonl"
    with path.open("w") as out:
        for piece in generate(Settings(12_000, sites=10)):
            out.write(json.dumps(piece.as_row()) + "\n")
    return path


def measured(*arguments: str | Path) -> tuple[int, int]:
    """Return the status of a run and its peak in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "batch", "--quiet", "--jobs", "1", *map(str, arguments)],
        check=True,
        capture_output=True,
    )
    status, peak = map(int, done.stdout.split()[-2:])
    return status, peak


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measured on Linux")
def test_a_run_stays_within_its_memory_or_says_what_it_needs(feed: Path, tmp_path: Path) -> None:
    """Either it takes no more and writes the same bytes, or nothing is written."""
    free = tmp_path / "free.jsonl"
    _, most = measured(feed, "--clusters", free)
    statuses = []
    for percent in (70, 80, 90, 100, 130):
        bounded = tmp_path / f"{percent}.jsonl"
        bound = most * percent // 100
        status, peak = measured(feed, "--clusters", bounded, "--memory", str(bound))
        statuses.append(status)
        assert peak <= bound
        assert bounded.exists() == (status == 0)
        assert status or bounded.read_bytes() == free.read_bytes()
    assert statuses == sorted(statuses, reverse=True)
    assert statuses[0] == 2
    assert statuses[-1] == 0


def test_what_a_run_needs_is_said(feed: Path, run_dedup: Run) -> None:
    """It ends early, with how much would do."""
    done = run_dedup("batch", feed, "--memory", "90M")
    assert done.returncode == 2
    assert re.search(rb"articles need about \d+M of memory, and --memory is 90M", done.stderr)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measured on Linux")
@pytest.mark.parametrize(
    "page", [["--report-size", "2", "--report"], ["--result"]], ids=["report", "result"]
)
def test_pages_stay_within_the_memory_too(page: list[str], feed: Path, tmp_path: Path) -> None:
    """Or nothing is written, and what to do instead is said."""
    _, most = measured(feed, *page, tmp_path / "free")
    statuses = []
    for percent in (60, 100, 150):
        clusters, made = (tmp_path / f"{percent}.{name}" for name in ("clusters", "page"))
        bound = most * percent // 100
        status, peak = measured(feed, "--clusters", clusters, *page, made, "--memory", str(bound))
        statuses.append(status)
        assert peak <= bound
        assert clusters.exists() == made.exists() == (status == 0)
    assert statuses[0] == 2
    assert statuses[-1] == 0


def test_what_pages_need_is_said(feed: Path, run_dedup: Run, tmp_path: Path) -> None:
    """While the articles are read, with what to do instead."""
    page = tmp_path / "report.html"
    done = run_dedup("batch", feed, "--memory", "140M", "--report", page)
    assert done.returncode == 2
    assert re.search(rb"to show [\d,]+ articles needs about \d+M of memory", done.stderr)
    assert b"leave out --report and --result" in done.stderr


@pytest.mark.parametrize("size", ["0.2", "0.2MB", "200kb", "200000B", ".2 MB", "195.3125KiB"])
def test_a_page_is_bounded_as_memory_is(
    run_dedup: Run, fixtures: Path, tmp_path: Path, size: str
) -> None:
    """In the same units; a bare number is megabytes."""
    default, page = tmp_path / "default.html", tmp_path / "page.html"
    feeds = fixtures / "feeds"
    assert run_dedup("batch", feeds, "--report", default).returncode == 0
    assert run_dedup("batch", feeds, "--report", page, "--report-size", size).returncode == 0
    assert page.stat().st_size <= 200_000
    assert default.stat().st_size > 200_000


@pytest.mark.parametrize("option", ["--memory", "--report-size"])
@pytest.mark.parametrize(
    "size", ["", "much", "-1G", "0", "1Q", "2GBB", "1e3", "nan", "inf", "G", "9" * 30, "²"]
)
def test_a_size_that_is_none_is_refused(run_dedup: Run, option: str, size: str) -> None:
    """With what is allowed, by the same words for both."""
    done = run_dedup("batch", "feed.jsonl", option, size)
    assert done.returncode == 2
    assert (
        f"dedup: {option} is {size!r}: write a number above 0 with K, M, G".encode() in done.stderr
    )


def test_an_interrupted_run_may_continue_with_less_memory(
    feed: Path, run_dedup: Run, tmp_path: Path
) -> None:
    """The bound is no part of what the stages depend on."""
    arguments = ["batch", feed, "--resume", tmp_path / "run", "--clusters", tmp_path / "c"]
    kill_at("write", list(map(str, arguments)))
    done = run_dedup(*arguments, "--memory", "1G")
    assert done.returncode == 0, done.stderr
    assert b"Not done again: read, learn, compare" in done.stderr
