"""Hostile files are read in a process of their own, whose memory and CPU time are measured.

The time is the process's own, without loading libraries and reading the bytes, so
that neither a busy machine nor a slow disk counts. A file is made to harm by taking
long, so a bound on it belongs to the law; it is five times what the worst takes
(0.6 s; `python -m benchmarks.feeds` holds the worst files below 1 s).
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

MAX_CPU_SECONDS = 5.0
_READING = Path(__file__).parents[2] / "benchmarks" / "feeds" / "reading.py"


@dataclass(frozen=True)
class Outcome:
    """What reading a hostile file came to."""

    error: str | None
    texts: list[str]
    ids: list[str]
    skipped: dict[str, int]
    notes: list[str]
    opened: list[str]
    connected: list[str]
    peak_bytes: int
    cpu_seconds: float

    @property
    def is_said(self) -> bool:
        """Whether there was a clear error or a counted skip."""
        return self.error is not None or bool(self.skipped) or bool(self.notes)


ReadHostile = Callable[..., Outcome]


@pytest.fixture
def read_hostile(tmp_path: Path) -> ReadHostile:
    """Read files in a process that is ended after a minute, and may write only to a folder."""

    def read(*paths: Path, extract: str = "best") -> Outcome:
        done = subprocess.run(
            [sys.executable, str(_READING), json.dumps([str(path) for path in paths]), extract],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        assert done.returncode == 0, done.stderr[-2000:]
        outcome = Outcome(**json.loads(done.stdout.splitlines()[-1]))
        assert outcome.connected == []
        assert outcome.peak_bytes < 300_000_000
        assert outcome.cpu_seconds < MAX_CPU_SECONDS
        return outcome

    return read
