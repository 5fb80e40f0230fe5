"""The filter's growth benchmark runs from end to end; no clock is asserted."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]


def test_growth_is_measured_and_drawn(tmp_path: Path) -> None:
    """A point for each size, with every figure asked for; the kept plot shows both panels."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.filter.latency", "--sizes", "40,120", "--asked", "20",
         "--results", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    points = [json.loads(line) for line in done.stdout.splitlines()]
    assert [point["size"] for point in points] == [40, 120]
    for point in points:
        assert {"check", "admit", "disk_bytes_an_article", "first_verdict_seconds"} <= set(point)
        assert set(point["articles_a_second"]) >= {"admit_many", "posting_table"}
    kept = next(tmp_path.glob("*/filter-latency.json"))
    assert [point["size"] for point in json.loads(kept.read_bytes())["points"]] == [40, 120]
    lines = ET.parse(kept.with_suffix(".svg")).iter("{http://www.w3.org/2000/svg}polyline")
    assert len(list(lines)) >= 5


def test_copies_beyond_the_most_are_left_out(tmp_path: Path) -> None:
    """With one article a family nothing matches more than a form or a quotation."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.filter.latency", "--sizes", "100", "--asked", "20",
         "--most-copies", "1", "--peers-up-to", "0", "--folder", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    point = json.loads(done.stdout)
    assert point["large_family_share"] == 0
    assert point["matches_a_check"] < 1
