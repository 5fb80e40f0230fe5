"""Floors hold, and none is lowered in silence."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.floors import (
    Figure,
    Floor,
    Floors,
    lowered_in_silence,
    parse_floors,
    past_floors,
)

KEY = ("wirepool", "recall")
ROOT = Path(__file__).parents[2]


def floors(floor: Floor | None) -> Floors:
    return Floors({KEY: floor} if floor else {}, {})


@pytest.mark.parametrize(
    ("before", "now", "is_refused"),
    [
        (Floor(at_least=0.9), Floor(at_least=0.9), False),
        (Floor(at_least=0.9), Floor(at_least=0.95), False),
        (Floor(at_least=0.9), Floor(at_least=0.89), True),
        (Floor(at_least=0.9), Floor(at_least=0.89, lowered="the corpus was mended"), False),
        (Floor(at_most=1), Floor(at_most=2), True),
        (Floor(at_most=1), Floor(at_most=0), False),
        (Floor(at_least=0.9), Floor(at_most=1), True),
        (Floor(at_least=0.9), None, True),
    ],
)
def test_a_lower_floor_needs_a_reason(before: Floor, now: Floor | None, is_refused: bool) -> None:
    """Lower, turned round or gone."""
    said = lowered_in_silence(floors(now), [floors(before)])
    assert bool(said) == is_refused
    assert all("wirepool, recall" in sentence for sentence in said)


def test_any_commit_counts() -> None:
    """A floor lowered step by step is still lower."""
    past = [floors(Floor(at_least=value)) for value in (0.8, 0.9, 0.7)]
    assert lowered_in_silence(floors(Floor(at_least=0.8)), past)
    assert not lowered_in_silence(floors(Floor(at_least=0.9)), past)


def test_floors_hold_on_the_right_side() -> None:
    """And are shown as they are."""
    assert Floor(at_least=0.9).holds(0.9)
    assert not Floor(at_least=0.9).holds(0.899)
    assert Floor(at_most=1).holds(1)
    assert not Floor(at_most=1).holds(2)
    assert (str(Floor(at_least=0.9)), str(Floor(at_most=1))) == (">= 0.9", "<= 1")


def test_figures_of_a_language_have_no_floor() -> None:
    """The corpus has."""
    figure = Figure(*KEY, 0.5)
    assert floors(Floor(at_least=0.9)).of(figure) == Floor(at_least=0.9)
    assert floors(Floor(at_least=0.9)).of(replace(figure, language="de")) is None


def test_history_is_read_from_the_repository(tmp_path: Path) -> None:
    """Every committed version; outside of one there is none."""
    file = tmp_path / "floors.toml"
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=n", "-c", "user.email=e", "-C", str(tmp_path)]
        subprocess.run([*command, *arguments], check=True, capture_output=True, env=environment)

    file.write_text("[floors.a]\nm = { at_least = 0.9 }\n")
    assert past_floors(file) == []
    git("init", "-q")
    git("add", "floors.toml")
    git("commit", "-qm", "one")
    file.write_text("[floors.a]\nm = { at_least = 0.8 }\n")
    git("commit", "-qam", "two")
    found = [past.floors["a", "m"].at_least for past in past_floors(file)]
    assert found == [0.8, 0.9]
    assert lowered_in_silence(parse_floors(file.read_text()), past_floors(file))


@pytest.mark.parametrize("file", sorted(ROOT.glob("benchmarks/*/floors.toml")), ids=str)
def test_the_shipped_floors_are_not_lower_than_they_were(file: Path) -> None:
    """As the gate says too."""
    assert lowered_in_silence(parse_floors(file.read_text("utf-8")), past_floors(file)) == []


def test_the_gate_passes_on_the_fixtures() -> None:
    """As a process: figures on standard output, nothing measured without data."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.quality",
        "--only",
        "fixtures",
        "--only",
        "reuters",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "DEDUP_DATA"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "not measured" in done.stdout
    assert "FAIL" not in done.stdout
