"""The speed and scale benchmarks run from end to end; no clock is asserted."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.scale.points import Point, run_point
from benchmarks.speed.figures import figures, over_floor, speedups, table
from benchmarks.speed.process import Cost, ProcessError, measure
from benchmarks.speed.programs import RIVALS, SCRIPTS, ours
from benchmarks.speed.runs import Run
from tests.stories import story

ROOT = Path(__file__).parents[2]


def _module(name: str, *arguments: str | Path) -> str:
    command = [sys.executable, "-m", name, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _feed(path: Path, articles: int) -> Path:
    rows = [{"id": f"r{i}", "text": story(i), "source": f"Site {i % 3}"} for i in range(articles)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _results(folder: Path, name: str) -> dict[str, object]:
    (file,) = folder.glob(f"*/{name}")
    return json.loads(file.read_bytes())


def test_speed_runs_ours_and_the_floor(tmp_path: Path) -> None:
    """Ratios are printed; raw runs are kept with all that a claim carries, and drawn."""
    feed = _feed(tmp_path / "feed.jsonl", 60)
    said = _module(
        "benchmarks.speed", "--source", feed, "--articles", "200", "--rivals", "none", "--repeats",
        "2", "--here", "--results", tmp_path / "results", "--cache", tmp_path / "cache",
    )  # fmt: skip
    assert "| floor" in said
    assert "| dedup" in said
    kept = _results(tmp_path / "results", "speed-200.json")
    assert {"commit", "machine", "versions", "command", "digest", "date", "load"} <= kept.keys()
    assert [run["program"] for run in kept["runs"]] == ["floor", "dedup"] * 2
    assert all(run["cost"]["peak_bytes"] > 1e6 for run in kept["runs"])
    assert kept["runs"][1]["clusters"] > 10
    (drawing,) = (tmp_path / "results").glob("*/speed-200-jobs1.svg")
    assert "dedup" in "".join(ET.fromstring(drawing.read_text("utf-8")).itertext())


def test_the_articles_are_the_real_ones_then_variants(tmp_path: Path) -> None:
    """Each real article once and first, as it is; the same bytes every time."""
    feed = _feed(tmp_path / "feed.jsonl", 60)
    made = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path in made:
        _module("benchmarks.speed.articles", feed, "200", path)
    assert made[0].read_bytes() == made[1].read_bytes()
    rows = [json.loads(line) for line in made[0].read_text("utf-8").splitlines()]
    real = [(row["id"], row["text"]) for row in rows[:60]]
    assert real == [(f"r{i}", story(i)) for i in range(60)]
    assert len({row["id"] for row in rows}) == len(rows) == 200
    assert any("s1-" in row["id"] for row in rows[60:])


@pytest.mark.parametrize("way", [[], ["--fifo"]], ids=["stdin", "named pipe"])
def test_scale_pipes_generated_articles(tmp_path: Path, way: list[str]) -> None:
    """A point for each size, kept and drawn; options after -- reach `dedup batch`."""
    said = _module(
        "benchmarks.scale", "--articles", "100,200", "--here", "--results", tmp_path / "results",
        *way, "--", "--jobs", "1",
    )  # fmt: skip
    assert len(said.splitlines()) == 2
    kept = _results(tmp_path / "results", "scale.json")
    assert [point["articles"] for point in kept["points"]] == [100, 200]
    assert all(point["clusters"] > 5 for point in kept["points"])
    assert kept["options"] == ["--jobs", "1"]
    (drawing,) = (tmp_path / "results").glob("*/scale.svg")
    ET.fromstring(drawing.read_text("utf-8"))


def test_a_failing_run_ends_the_generator(tmp_path: Path) -> None:
    """Nobody reads its pipe any more; it does not wait for that."""
    with pytest.raises(ProcessError, match="no-such-option"):
        run_point(ours(None), 50, None, ["--no-such-option"], tmp_path, is_named=True)


def test_children_are_counted(tmp_path: Path) -> None:
    """The memory is that of the largest process, be it a child's child."""
    work = "bytearray(b'x' * 150_000_000)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True)"
    # From a small process, as a started one is counted with its starter's memory.
    measured = (
        "import sys; from pathlib import Path; from benchmarks.speed.process import measure; "
        "print(measure([sys.executable, '-c', sys.argv[1]], folder=Path(sys.argv[2])).peak_bytes)"
    )
    root = Path(__file__).parents[2]
    light, heavy = (
        int(subprocess.check_output([sys.executable, "-c", measured, code, tmp_path], cwd=root))
        for code in ("pass", child)
    )
    assert heavy > 150_000_000 > light


def test_a_failure_is_told_with_what_was_said(tmp_path: Path) -> None:
    """Not measured as if it had been quick."""
    with pytest.raises(ProcessError, match="a word of farewell"):
        measure([sys.executable, "-c", "exit('a word of farewell')"], folder=tmp_path)


def test_ratios_are_of_medians_with_as_many_jobs() -> None:
    """A rival's figure over ours; more jobs over one."""
    runs = [
        Run(program, jobs, Cost(cpu, wall, size), 1, 2, 2)
        for program, jobs, cpu, wall, size in [
            ("dedup", 1, 9.0, 9.0, 100), ("dedup", 1, 2.0, 2.0, 100), ("dedup", 1, 1.0, 1.0, 100),
            ("floor", 1, 0.5, 0.5, 1), ("dedup", 2, 2.0, 1.0, 200),
            ("other", 1, 8.0, 6.0, 50), ("other", 2, 8.0, 4.0, 50),
        ]
    ]  # fmt: skip
    rows = {(row.program, row.jobs): row for row in figures(runs)}
    one, two = rows["other", 1], rows["other", 2]
    assert (one.cpu_ratio, one.wall_ratio, one.memory_ratio) == (4.0, 3.0, 0.5)
    assert (two.cpu_ratio, two.wall_ratio, two.memory_ratio) == (4.0, 4.0, 0.25)
    assert speedups(rows.values()) == {2: 2.0}
    assert over_floor(rows.values()) == {1: 4.0}
    lines = table(rows.values()).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "| other   |    1 |" in table(rows.values())


def test_cost_an_article_is_in_microseconds() -> None:
    """Two seconds for a thousand are 2,000 each."""
    assert Point(1000, 2.0, 3.0, 10, 1).cpu_micros == pytest.approx(2000)


def test_every_rival_has_a_script_that_compiles() -> None:
    """Their libraries are not here: only the syntax can be seen."""
    for name in (*RIVALS, "floor"):
        script = SCRIPTS / f"run_{name.replace('-', '_')}.py"
        compile(script.read_text("utf-8"), str(script), "exec")


def test_components_connect_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chains, rings and far numbers end in the clusters of the graph."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from feed import Components, shingles

    for edges in ([(0, 1), (1, 2), (5, 9)], [(9, 5), (2, 1), (2, 0), (0, 1)]):
        components = Components()
        for a, b in edges:
            components.connect(a, b)
        assert list(components.clusters()) == [[0, 1, 2], [5, 9]]
    assert list(shingles("One, two THREE four")) == ["one two three", "two three four"]
    assert not list(shingles("one two"))


def test_stages_are_told_apart(tmp_path: Path) -> None:
    """Each has a line, in the order of the run, and all have one together."""
    feed = tmp_path / "feed.jsonl"
    rows = [{"id": f"r{i}", "text": story(i // 2)} for i in range(60)]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = _module("benchmarks.scale.stages", feed, "--jobs", "2", "--memory", "1G").splitlines()
    named = [line[:20].strip() for line in lines[1:-1]]
    assert named == [
        "read", "learn boilerplate", "find candidates", "compare", "cluster", "all",
    ]  # fmt: skip
    assert lines[-1].startswith("60 articles, ")
