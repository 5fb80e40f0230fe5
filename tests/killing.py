"""Commands that are killed, and what they leave."""

import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: A command that ends itself by SIGKILL when a stage says how far it is.
_KILLED = """
import os, signal, sys
from dedup.cli import main
from dedup.cli.progress import ProgressLine

def kill(line, stage, done, total):
    if stage == wanted:
        os.kill(os.getpid(), signal.SIGKILL)

wanted = sys.argv[1]
ProgressLine.__call__ = kill
sys.argv[1:] = sys.argv[2:]
main()
"""


def kill_at(stage: str, arguments: Sequence[str]) -> None:
    """Run a command until a stage says how far it is."""
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, stage, *arguments], check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr


def kill_until_done(arguments: Sequence[str], *, seed: int) -> int:
    """Run a command again and again, each time killed after a while; return how often."""
    draw, patience, kills = random.Random(seed), 0.5, 0
    while True:
        process = subprocess.Popen(
            [sys.executable, "-m", "dedup", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _, said = process.communicate(timeout=draw.uniform(0.2, patience))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            patience *= 1.2
            continue
        assert process.returncode == 0, said
        return kills


def written(out: Path) -> dict[str, bytes]:
    """Return the outputs; a killed process may also leave a hidden one that is not whole."""
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name[0] != "."}
