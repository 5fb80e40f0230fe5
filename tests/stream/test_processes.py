"""Law 8 with real processes: they race, and they are killed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import find_postgres, find_redis

ROOT = Path(__file__).parent.parent.parent


def run(module: str, *arguments: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.filter.{module}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_processes_never_both_accept(index_url: str) -> None:
    """Of four that admit the same, and nearly the same, exactly one is told it is new."""
    if index_url == "memory:":
        pytest.skip("processes share no memory")
    tally = run("races", "--processes", "4", "--articles", "40", "--index", index_url)
    assert tally["accepted_once"] == 40


def test_killed_writers_lose_nothing() -> None:
    """What was acknowledged before SIGKILL is there, and everything is consistent."""
    tally = run("kills", "--kills", "30")
    assert tally["kills"] == 60
    assert (tally["lost"], tally["inconsistent"]) == (0, 0)


def test_killed_moves_lose_nothing() -> None:
    """One merges an index into another while a second writes to it; both are killed."""
    tally = run("kills", "moves", "--kills", "10")
    assert tally["kills"] == 20
    assert (tally["lost"], tally["inconsistent"]) == (0, 0)


@pytest.mark.parametrize("kind", ["redis", "postgres"])
def test_killed_servers_lose_nothing(kind: str) -> None:
    """What was acknowledged is there when the server has been started again."""
    if (find_redis if kind == "redis" else find_postgres)() is None:
        pytest.skip("the server is not installed")
    tally = run("kills", "servers", "--index", kind, "--kills", "6")
    assert tally["kills"] == 6
    assert (tally["lost"], tally["inconsistent"]) == (0, 0)


def test_a_missing_article_would_be_noticed(tmp_path: Path) -> None:
    """The check behind the test above can fail."""
    from benchmarks.filter.kills import check
    from dedup.index import open_index

    url = f"sqlite:///{tmp_path}/seen.db"
    open_index(url).close()
    assert check(url, {"never admitted"})[0] == 1


def test_faults_are_noticed() -> None:
    """Flipped bits, files cut short, a full disk: all are said, and nothing is lost."""
    tally = run("faults", "--flips", "60")
    for kind in ("flips", "cuts"):
        assert set(tally[kind]) <= {"found by verify", "refused to open"}  # type: ignore[call-overload]
