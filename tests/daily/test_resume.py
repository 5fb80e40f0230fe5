"""``dedup batch --against --resume``: real processes, killed, and what they leave."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.corpus import Settings, generate
from tests.conftest import Run
from tests.killing import kill_at, kill_until_done, written

INDEX, RESULT = "seen.db", "monday.dedup"
#: In megabytes: some diffs, not seconds of them.
REPORT_SIZE = "0.3"
STAGES = ["read", "learn", "compare", "search"]


def dedup(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "dedup", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two days of many sites, an index and a result of the first."""
    folder = tmp_path_factory.mktemp("days")
    lines = [json.dumps(piece.as_row()) for piece in generate(Settings(400, sites=60))]
    random.Random(3).shuffle(lines)
    for name, some in (("monday", lines[:250]), ("tuesday", lines[250:])):
        (folder / f"{name}.jsonl").write_text("\n".join(some) + "\n")
    dedup("index", "create", folder / INDEX, folder / "monday.jsonl")
    dedup("batch", folder / "monday.jsonl", "--result", folder / RESULT)
    return folder


def command(days: Path, archive: str, out: Path) -> list[str]:
    out.mkdir(exist_ok=True)
    names = {"clusters": "jsonl", "pairs": "jsonl", "kept": "jsonl", "report": "html"}
    files = [part for name, end in names.items() for part in (f"--{name}", f"{out}/{name}.{end}")]
    files += ["--report-size", REPORT_SIZE]
    feed = str(days / "tuesday.jsonl")
    return ["batch", feed, "--against", str(days / archive), "--jobs", "1", *files]


@pytest.fixture(scope="module")
def uninterrupted(
    days: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, bytes]]:
    """Return what runs without ``--resume`` write, by archive."""
    found = {}
    for archive in (INDEX, RESULT):
        out = tmp_path_factory.mktemp("whole")
        dedup(*command(days, archive, out))
        found[archive] = written(out)
        rows = [json.loads(line) for line in found[archive]["clusters.jsonl"].splitlines()]
        assert sum(bool(row["archived"]) for row in rows) > 20
    return found


@pytest.mark.parametrize(
    ("archive", "stage", "done"),
    [
        (RESULT, "read the archive", 0),
        (RESULT, "read", 0),
        (RESULT, "compare", 2),
        (RESULT, "report", 4),
        (INDEX, "read", 0),
        (INDEX, "learn boilerplate", 1),
        (INDEX, "find candidates", 2),
        (INDEX, "compare", 2),
        (INDEX, "compare with the archive", 3),
        (INDEX, "write", 4),
    ],
)
def test_a_killed_run_continues_to_the_same_bytes(
    archive: str,
    stage: str,
    done: int,
    days: Path,
    uninterrupted: dict[str, dict[str, bytes]],
    run_dedup: Run,
    tmp_path: Path,
) -> None:
    """Finished stages are not done again; nothing of the run's folder is left."""
    arguments = [*command(days, archive, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    kill_at(stage, arguments)
    ended = run_dedup(*arguments)
    assert ended.returncode == 0, ended.stderr
    assert written(tmp_path / "out") == uninterrupted[archive]
    said = f"Not done again: {', '.join(STAGES[:done])}\n".encode()
    assert (said in ended.stderr) == bool(done)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("archive", [INDEX, RESULT])
def test_a_run_killed_at_any_time_continues(
    archive: str, days: Path, uninterrupted: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    """Killed again and again, at random times, a run comes to the same bytes."""
    arguments = [*command(days, archive, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    assert kill_until_done(arguments, seed=7)
    assert written(tmp_path / "out") == uninterrupted[archive]
    assert not (tmp_path / "run").exists()


def test_a_flipped_bit_is_said(
    days: Path, uninterrupted: dict[str, dict[str, bytes]], run_dedup: Run, tmp_path: Path
) -> None:
    """In whatever file of the archive's index or of what was found in it."""
    arguments = [*command(days, RESULT, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    kill_at("write", arguments)
    draw, run = random.Random(1), tmp_path / "run"
    files = [*run.glob("search.*"), *(run / "archive").iterdir()]
    # SQLite makes the map of its log anew.
    files = sorted(path for path in files if path.stat().st_size and path.suffix != ".db-shm")
    assert len(files) > 10
    for path in files:
        sound = path.read_bytes()
        flipped = bytearray(sound)
        flipped[draw.randrange(len(sound))] ^= 1 << draw.randrange(8)
        path.write_bytes(flipped)
        ended = run_dedup(*arguments)
        assert ended.returncode == 2, path
        assert b"remove this one to begin anew" in ended.stderr
        path.write_bytes(sound)
    assert run_dedup(*arguments).returncode == 0
    assert written(tmp_path / "out") == uninterrupted[RESULT]


def test_an_archive_that_has_changed_is_another_run(
    days: Path, run_dedup: Run, tmp_path: Path
) -> None:
    """What was found beside the articles seen before does not hold beside others."""
    for path in days.glob(f"{INDEX}*"):
        shutil.copy(path, tmp_path)
    shutil.copy(days / "tuesday.jsonl", tmp_path)
    arguments = [*command(tmp_path, INDEX, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    kill_at("compare", arguments)
    changes = [["forget", tmp_path / INDEX, "--older-than", "0h"], ["import", tmp_path / INDEX]]
    for change in (changes[1] + [days / "tuesday.jsonl"], changes[0]):
        assert run_dedup("index", *change).returncode == 0
        ended = run_dedup(*arguments)
        assert ended.returncode == 2
        assert b"is of a run with articles seen before: 250 articles taken in" in ended.stderr


def test_another_result_is_another_run(days: Path, run_dedup: Run, tmp_path: Path) -> None:
    """It is told by its size and time, before an index is made of it."""
    for name in (RESULT, "tuesday.jsonl"):
        shutil.copy(days / name, tmp_path)
    arguments = [*command(tmp_path, RESULT, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    kill_at("compare", arguments)
    dedup("batch", tmp_path / "tuesday.jsonl", "--result", tmp_path / RESULT)
    ended = run_dedup(*arguments)
    assert ended.returncode == 2
    assert b"is of a run with --against: " in ended.stderr


def test_linkage_may_change(days: Path, run_dedup: Run, tmp_path: Path) -> None:
    """Stars need all pairs of the archive: only these are looked for again."""
    arguments = [*command(days, INDEX, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    kill_at("write", arguments)
    ended = run_dedup(*arguments, "--linkage", "representative")
    assert ended.returncode == 0, ended.stderr
    assert b"Not done again: read, learn, compare\n" in ended.stderr
    dedup(*command(days, INDEX, tmp_path / "whole"), "--linkage", "representative")
    assert written(tmp_path / "out") == written(tmp_path / "whole")
