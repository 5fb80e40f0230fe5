"""What ``dedup batch`` reads twice: pipes, and feeds that others write to meanwhile."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.stories import story

#: A command in which another writes to a file at a stage.
MEDDLED = """
import sys
from pathlib import Path
from dedup.cli import main
from dedup.cli.progress import ProgressLine

def meddle(line, stage, done, total):
    if stage == "write":
        if how == "grows":
            path.write_bytes(path.read_bytes() * 2)
        elif how == "goes":
            path.unlink()
        else:
            path.with_name("new.jsonl").write_bytes(path.read_bytes())

how, path = sys.argv.pop(1), Path(sys.argv.pop(1))
ProgressLine.__call__ = meddle
main()
"""


def lines(*numbers: int) -> bytes:
    return b"".join(json.dumps({"text": story(n)}).encode() + b"\n" for n in numbers)


def test_ids_of_standard_input_are_the_same_each_time(run_dedup: Run) -> None:
    """Law 1: not those of the file that keeps it."""
    for _ in range(2):
        done = run_dedup("batch", "-", "--quiet", stdin=lines(1, 2, 1))
        assert json.loads(done.stdout)["members"] == ["-:1", "-:3"]


def test_errors_name_standard_input(run_dedup: Run) -> None:
    """As the user did."""
    done = run_dedup("batch", "-", stdin=lines(1) + b"{broken\n")
    assert done.returncode == 2
    assert b"dedup: -:2: broken JSON" in done.stderr


def test_a_pipe_may_be_read_again(run_dedup: Run, tmp_path: Path) -> None:
    """It is kept meanwhile: what is written from it is not nothing."""
    pipe, kept = tmp_path / "pipe", tmp_path / "kept.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[lines(1, 2, 1)])
    writer.start()
    done = run_dedup("batch", pipe, "--kept", kept)
    writer.join()
    assert done.returncode == 0
    assert json.loads(done.stdout)["members"] == [f"{pipe}:1", f"{pipe}:3"]
    assert kept.read_bytes() == lines(1, 2)


@pytest.mark.parametrize("kept", ["clean.jsonl", "clean/"])
def test_what_a_run_writes_beside_its_feeds_is_no_change(
    run_dedup: Run, tmp_path: Path, kept: str
) -> None:
    """It came with the run."""
    (tmp_path / "a.jsonl").write_bytes(lines(1, 2, 1))
    done = run_dedup("batch", tmp_path, "--kept", f"{tmp_path}/{kept}")
    assert done.returncode == 0, done.stderr
    (found,) = tmp_path.rglob("clean*/a.jsonl" if kept == "clean/" else kept)
    assert found.read_bytes() == lines(1, 2)


def test_feeds_that_no_one_file_takes_are_said_first(run_dedup: Run, tmp_path: Path) -> None:
    """Not behind the work: the last feed is broken, which nobody comes to read."""
    feed, page = tmp_path / "a.jsonl", tmp_path / "b.json"
    feed.write_bytes(lines(1, 2))
    page.write_bytes(b'[{"text": "broken')
    done = run_dedup("batch", feed, page, "--kept", tmp_path / "kept.jsonl")
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"kept.jsonl: {page} is of another kind".encode() in done.stderr


@pytest.mark.parametrize("output", ["--kept", "--report", "--result", "--articles"])
@pytest.mark.parametrize("how", ["grows", "goes", "has company"])
def test_a_feed_that_changes_meanwhile_is_said(tmp_path: Path, output: str, how: str) -> None:
    """Nothing is written: what was found is not of what would be."""
    folder, written, clusters = tmp_path / "feeds", tmp_path / "out", tmp_path / "clusters"
    folder.mkdir()
    feed = folder / "feed.jsonl"
    feed.write_bytes(lines(1, 2, 1))
    (folder / "other.jsonl").write_bytes(lines(3))
    options = ["batch", output, str(written), "--clusters", str(clusters), str(folder)]
    command = [sys.executable, "-c", MEDDLED, how, str(feed), *options]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 2
    changed = folder / "new.jsonl" if how == "has company" else feed
    assert f"dedup: {changed}: changed while the run lasted".encode() in done.stderr
    assert not written.exists()
    assert not clusters.exists()
