"""The command as a real process: exit status, streams, messages."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dedup
from dedup.cli import app
from dedup.cli.terminal import printable

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.csv"
    path.write_text("id_a,id_b,label\n1,2,copy\n1,3,template\n2,3,copy\n", encoding="utf-8")
    return path


def test_version(run_dedup: Run) -> None:
    """The version is printed on stdout."""
    done = run_dedup("--version")
    assert (done.returncode, done.stdout) == (0, f"dedup {dedup.__version__}\n".encode())


def test_without_a_verb_help_is_shown(run_dedup: Run) -> None:
    """And that is trouble, as nothing was done."""
    done = run_dedup()
    assert done.returncode == 2
    assert b"Usage: dedup" in done.stdout + done.stderr


VERBS = [
    "batch", "filter", "diff", "explain", "evaluate", "explore", "plot", "warm", "index",
    *(f"index {one}" for one in (
        "create", "import", "info", "verify", "repair", "compact", "forget", "export", "merge",
    )),
]  # fmt: skip


def test_every_help_fits_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """Examples can be copied from it as they are, and no word of a list is cut off."""
    for verb in VERBS:
        app([*verb.split(), "--help"], prog_name="dedup", standalone_mode=False)
        shown = capsys.readouterr().out
        assert f"Usage: dedup {verb}" in shown
        assert max(map(len, shown.splitlines())) <= 80, verb
        assert "..." not in shown.partition("Commands:")[2]


def test_no_line_of_the_list_of_verbs_is_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb says what it is for."""
    app(["--help"], prog_name="dedup", standalone_mode=False)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plot", "bogus", "r.dedup"], "bogus: no plot; name one of coverage, "),
        (["plot", "days", "r.dedup"], "r.dedup: no such file; `dedup batch --result FILE`"),
        (["explore", "r.dedup"], "r.dedup: "),
        (["filter", "--index", "."], ".: is a folder; name a file in it, as seen.db"),
        (["batch", "x.jsonl", "--extract", "most"], "extract is 'most': use best, fast or whole"),
        (["batch", "x.jsonl", "--rerun-days", "-3"], "--rerun-days is '-3': use a number of days"),
        (["batch", "x.jsonl", "--rerun-days", "nan"], "--rerun-days is 'nan': use a number"),
    ],
)
def test_a_wrong_argument_is_named(run_dedup: Run, arguments: list[str], said: str) -> None:
    """With what may stand there, before any work."""
    done = run_dedup(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"dedup: {said}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has such a device")
@pytest.mark.parametrize("output", ["--kept", "--report", "--clusters"])
def test_what_has_no_room_is_named(run_dedup: Run, fixtures: Path, output: str) -> None:
    """Where the system names no file."""
    done = run_dedup("batch", fixtures / "feeds", "--quiet", output, "/dev/full")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"dedup: /dev/full: No space left on device\n"


def test_an_unknown_verb_is_trouble(run_dedup: Run) -> None:
    """Said on stderr, exit status 2."""
    done = run_dedup("dance")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"dance" in done.stderr


def test_evaluate_prints_one_json_object_when_piped(run_dedup: Run, gold: Path) -> None:
    """Pairs from stdin, labels from a file, counts by label."""
    rows = b'{"a":"2","b":"1","relation":"copy"}\n{"a":"1","b":"3","relation":"revision"}\n'
    done = run_dedup("evaluate", "--pairs", "-", "--gold", gold, stdin=rows)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 0.5, 0.5)
    assert found["false_negatives"] == [["2", "3"]]
    assert found["labels"][1] == {
        "label": "template",
        "counts_as": "distinct",
        "pairs": 1,
        "matched": 1,
    }


def test_evaluate_takes_clusters_against_clusters(run_dedup: Run, tmp_path: Path) -> None:
    """With B-cubed and the adjusted Rand index."""
    labels = tmp_path / "clusters.csv"
    labels.write_text("id,cluster\n1,x\n2,x\n3,y\n", encoding="utf-8")
    rows = b'{"cluster":"c","representative":"1","members":["1","2"]}\n'
    done = run_dedup("evaluate", "--clusters", "-", "--gold", labels, stdin=rows)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["adjusted_rand"], found["bcubed_f1"], found["articles"]) == (1.0, 1.0, 3)


def test_evaluate_takes_clusters_against_pairs(run_dedup: Run, gold: Path) -> None:
    """Two articles of one cluster are a matched pair."""
    rows = b'{"cluster":"c","members":["1","2"]}\n'
    done = run_dedup("evaluate", "--clusters", "-", "--gold", gold, stdin=rows)
    assert json.loads(done.stdout)["true_positives"] == 1


def test_evaluate_can_leave_doubtful_clusters_out(
    run_dedup: Run, tmp_path: Path, gold: Path
) -> None:
    """Those which a pair with an ignored label touches."""
    labels = tmp_path / "clusters.csv"
    labels.write_text("id,cluster\n1,x\n2,x\n3,y\n4,z\n", encoding="utf-8")
    rows = b'{"cluster":"c","members":["1","2"]}\n'
    done = run_dedup(
        "evaluate", "--clusters", "-", "--gold", labels, "--without-touched", gold,
        "--ignore", "template", stdin=rows,
    )  # fmt: skip
    assert json.loads(done.stdout)["articles"] == 1, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--gold", "none.csv", "--pairs", "-"], b"none.csv: No such file"),
        (["--gold", "gold.csv"], b"give --pairs PRED or --clusters PRED"),
        (["--gold", "gold.csv", "--pairs", "none.jsonl"], b"none.jsonl: No such file"),
        (["--gold", "latin.csv", "--pairs", "-"], b"latin.csv: not UTF-8"),
        (["--pairs", "-"], b"--gold"),
    ],
)
def test_trouble_is_one_line_on_stderr(
    run_dedup: Run, gold: Path, arguments: list[str], words: bytes
) -> None:
    """Exit status 2, nothing on stdout, no traceback."""
    (gold.parent / "latin.csv").write_bytes(b"id,cluster\ncaf\xe9,1\n")
    done = run_dedup("evaluate", *arguments, cwd=gold.parent)
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_message_cannot_drive_the_terminal(run_dedup: Run) -> None:
    """Escape sequences in a file name are spelled out."""
    done = run_dedup("evaluate", "--pairs", "-", "--gold", "\x1b[2J.csv")
    assert b"\x1b" not in done.stderr
    assert rb"\x1b[2J.csv" in done.stderr


def test_a_closed_pipe_is_quiet(gold: Path) -> None:
    """As with ``dedup ... | head -0``."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "dedup", "evaluate", "--pairs", "-", "--gold", gold],
        input=b"",
        stdout=write_end,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_terminal_gets_a_table_without_colour_if_so_asked(gold: Path) -> None:
    """NO_COLOR holds even where FORCE_COLOR is set."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", "evaluate", "--pairs", os.devnull, "--gold", gold],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        env={**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "1", "COLUMNS": "80"},
    ) as process:
        os.close(follower)
        seen = b""
        try:
            while block := os.read(leader, 1 << 16):
                seen += block
        except OSError:  # Linux says so at the end of a terminal
            pass
        os.close(leader)
    assert process.returncode == 0
    assert b"missed" in seen
    assert b"\x1b[3" not in seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("日本語　café\u00a0x", "日本語　café\u00a0x"),
        ("a\x1b[31mb\x07\x9b", r"a\x1b[31mb\x07\x9b"),
        ("a\u202eb", r"a\u202eb"),
        ("a\ud800b", r"a\ud800b"),
        ("a\nb\tc", r"a\nb\tc"),
    ],
)
def test_printable_spells_out_what_drives_a_terminal(text: str, shown: str) -> None:
    """And leaves text of every language as it is."""
    assert printable(text) == shown
