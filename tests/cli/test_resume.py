"""``dedup batch --resume``: real processes, killed, and what they leave."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.corpus import Settings, generate
from tests.conftest import Run
from tests.killing import kill_at, kill_until_done, written

OUTPUTS = ("clusters", "pairs", "kept", "report", "boilerplate-out")
#: In megabytes: some diffs, not seconds of them.
REPORT_SIZE = "0.3"


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a feed of a few sites with copies, a broken line and a date in a zone."""
    path = tmp_path_factory.mktemp("feed") / "feed.jsonl"
    lines = [json.dumps(piece.as_row()) for piece in generate(Settings(600, sites=4))]
    lines[5] = lines[5].replace("+00:00", "+05:30")
    path.write_text("\n".join([*lines, "{broken"]) + "\n")
    return path


def command(feed: Path, out: Path) -> list[str]:
    out.mkdir(exist_ok=True)
    files = [part for name in OUTPUTS for part in (f"--{name}", str(out / f"{name}.html"))]
    files = [part.replace("kept.html", "kept.jsonl") for part in files]
    files += ["--report-size", REPORT_SIZE]
    return ["batch", str(feed), "--skip-invalid", "--jobs", "1", *files]


@pytest.fixture(scope="module")
def uninterrupted(feed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what a run without ``--resume`` writes."""
    out = tmp_path_factory.mktemp("whole")
    arguments = [sys.executable, "-m", "dedup", *command(feed, out)]
    subprocess.run(arguments, check=True, capture_output=True)
    assert len(written(out)) == len(OUTPUTS)
    return written(out)


@pytest.mark.parametrize(
    ("stage", "not_done_again"),
    [
        ("read", ""),
        ("learn boilerplate", "read"),
        ("find candidates", "read, learn"),
        ("compare", "read, learn"),
        ("write", "read, learn, compare"),
        ("report", "read, learn, compare"),
    ],
)
def test_a_killed_run_continues_to_the_same_bytes(
    stage: str,
    not_done_again: str,
    feed: Path,
    uninterrupted: dict[str, bytes],
    run_dedup: Run,
    tmp_path: Path,
) -> None:
    """Finished stages are not done again; nothing of the run's folder is left."""
    arguments = [*command(feed, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    kill_at(stage, arguments)
    assert (tmp_path / "run" / "manifest").exists()
    done = run_dedup(*arguments)
    assert done.returncode == 0, done.stderr
    assert written(tmp_path / "out") == uninterrupted
    assert (f"Not done again: {not_done_again}\n".encode() in done.stderr) == bool(not_done_again)
    assert not (tmp_path / "run").exists()


def test_a_run_killed_at_any_time_continues(
    feed: Path, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    """Killed again and again, at random times, a run comes to the same bytes."""
    arguments = [*command(feed, tmp_path / "out"), "--resume", str(tmp_path / "run")]
    assert kill_until_done(arguments, seed=5)
    assert written(tmp_path / "out") == uninterrupted
    assert not (tmp_path / "run").exists()


@pytest.fixture(scope="module")
def killed(feed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a run left that was killed in its last stage."""
    folder = tmp_path_factory.mktemp("killed")
    kill_at("write", [*command(feed, folder / "out"), "--resume", str(folder / "run")])
    return folder / "run"


@pytest.fixture
def interrupted(killed: Path, feed: Path, tmp_path: Path) -> list[str]:
    """Return the arguments of a run that was killed in its last stage."""
    shutil.copytree(killed, tmp_path / "run")
    return [*command(feed, tmp_path / "out"), "--resume", str(tmp_path / "run")]


def test_a_flipped_bit_is_said(interrupted: list[str], run_dedup: Run, tmp_path: Path) -> None:
    """In whatever file of a finished stage it is, the manifest included."""
    draw = random.Random(1)
    files = sorted(path for path in (tmp_path / "run").iterdir() if path.stat().st_size)
    assert len(files) > 20
    for path in [*draw.sample(files, 8), tmp_path / "run" / "manifest"]:
        sound = path.read_bytes()
        flipped = bytearray(sound)
        flipped[draw.randrange(len(sound))] ^= 1 << draw.randrange(8)
        path.write_bytes(flipped)
        done = run_dedup(*interrupted)
        assert done.returncode == 2, path
        assert path.name.encode() in done.stderr
        assert b"remove this one to begin anew" in done.stderr
        path.write_bytes(sound)
    assert run_dedup(*interrupted).returncode == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--rerun-days", "2"], "policy rerun_days: 4.0, now 2.0"),
        (["--extract", "fast"], "--extract: best, now fast"),
        (["--field", "source=outlet"], "--field source: none, now outlet"),
    ],
)
def test_other_options_are_another_run(
    more: list[str], said: str, interrupted: list[str], run_dedup: Run
) -> None:
    """What the finished stages depend on must be the same; the message says what is not."""
    done = run_dedup(*interrupted, *more)
    assert done.returncode == 2
    assert said in done.stderr.decode()


def test_options_of_the_outputs_may_change(interrupted: list[str], run_dedup: Run) -> None:
    """What is kept of a cluster is decided behind the last stage."""
    done = run_dedup(*interrupted, "--keep", "longest", "--linkage", "representative")
    assert done.returncode == 0, done.stderr
    assert b"Not done again: read, learn, compare" in done.stderr


def test_a_changed_feed_is_another_run(feed: Path, run_dedup: Run, tmp_path: Path) -> None:
    """A feed that grew, or came later, is named."""
    (tmp_path / "feeds").mkdir()
    mine = tmp_path / "feeds" / "feed.jsonl"
    mine.write_bytes(feed.read_bytes())
    arguments = [*command(tmp_path / "feeds", tmp_path / "out"), "--resume", f"{tmp_path}/run"]
    kill_at("read", arguments)
    (tmp_path / "feeds" / "later.jsonl").write_text('{"id": "x", "text": "New."}\n')
    done = run_dedup(*arguments)
    assert done.returncode == 2
    assert b"later.jsonl: none, now 28 bytes" in done.stderr
    (tmp_path / "feeds" / "later.jsonl").unlink()
    os.utime(mine, (time.time(), 0))
    assert b"feed.jsonl: " in run_dedup(*arguments).stderr


def test_a_folder_of_something_else_is_left_alone(
    feed: Path, run_dedup: Run, tmp_path: Path
) -> None:
    """Nothing is written beside files that are no run's."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear reader")
    done = run_dedup("batch", feed, "--skip-invalid", "--resume", tmp_path / "mine")
    assert done.returncode == 2
    assert b"holds other files" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_standard_input_cannot_be_resumed(run_dedup: Run, tmp_path: Path) -> None:
    """A pipe does not flow twice; the message says what to do."""
    done = run_dedup("batch", "-", "--resume", tmp_path / "run", stdin=b"{}")
    assert done.returncode == 2
    assert b"save it to a file" in done.stderr


@pytest.mark.parametrize("where", ["run", "temporary", "pipe"])
def test_a_disk_that_is_full_at_any_stage_is_said(
    where: str,
    small_disk: Callable[[int], Path],
    feed: Path,
    run_dedup: Run,
    uninterrupted: dict[str, bytes],
    tmp_path: Path,
) -> None:
    """With more and more room, a run goes further; with enough it comes to the same bytes."""
    clusters = tmp_path / "clusters.jsonl"
    arguments = ["--skip-invalid", "--clusters", str(clusters)]
    room, refused = 1 << 16, 0
    while True:
        small = small_disk(room)
        if where == "run":
            done = run_dedup("batch", feed, *arguments, "--resume", small / "run")
        elif where == "temporary":
            done = run_dedup("batch", feed, *arguments, env={"TMPDIR": str(small)})
        else:
            stdin = feed.read_bytes()
            done = run_dedup("batch", "-", *arguments, stdin=stdin, env={"TMPDIR": str(small)})
        if done.returncode == 0:
            break
        assert done.returncode == 2
        folder = small / "run" if where == "run" else small
        assert f"dedup: {folder}: No space left on device; ".encode() in done.stderr
        assert not clusters.exists()
        room, refused = room * 3 // 2, refused + 1
    assert refused > 5
    assert clusters.read_bytes() == uninterrupted["clusters.html"]
    assert not any(small.iterdir())
