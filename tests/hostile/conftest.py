"""Hostile files are read in a process of their own, whose memory is measured."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

_READ = """
import builtins, json, os, resource, socket, sys

opened, connected = [], []

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(os.fsdecode(arguments[0]))
    elif event.startswith("socket.connect") or event == "socket.getaddrinfo":
        connected.append(str(arguments))

from dedup.errors import DedupError
from dedup.formats import read_records
from dedup.formats.registry import known_formats

def peak_bytes():
    # What getrusage tells begins with the most that the starting process ever used.
    try:
        with open("/proc/self/status") as status:
            return int(status.read().partition("VmHWM:")[2].split()[0]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

paths, extract = json.loads(sys.argv[1]), sys.argv[2]
known_formats()
sys.addaudithook(watch)
reader = read_records(paths, skip_invalid=True, extract=extract)
error, texts, ids = None, [], []
try:
    for record in reader:
        texts.append(record.article.text[:10_000])
        ids.append(record.article.id)
except DedupError as found:
    error = str(found)
print(json.dumps({
    "error": error,
    "texts": texts,
    "ids": ids,
    "skipped": dict(reader.skipped),
    "notes": reader.notes(),
    "opened": opened,
    "connected": connected,
    "peak_bytes": peak_bytes(),
}))
"""


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
            [sys.executable, "-c", _READ, json.dumps([str(path) for path in paths]), extract],
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
        return outcome

    return read
