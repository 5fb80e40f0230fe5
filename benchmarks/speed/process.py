"""Run a whole process and say what it took."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["Cost", "ProcessError", "measure"]

#: So much of what a failed process said is shown.
_SAID_CHARACTERS = 2000


class ProcessError(RuntimeError):
    """A measured process failed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took.

    Attributes
    ----------
    cpu_seconds : float
        User and system, of the process and of the children that it waited for.
    wall_seconds : float
    peak_bytes : int
        Peak resident set of the largest process; processes are not added up.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int


def measure(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    stdin: IO[bytes] | None = None,
) -> Cost:
    """Run a command to its end, by ``wait4``.

    The kernel counts the memory of whoever starts a process as that process's own
    until it runs its program: call this from a small process.

    Parameters
    ----------
    folder : Path
        Where it runs; its output on stdout and stderr goes to files there.
    environment : Mapping, optional
        Variables on top of this process's.
    stdin : IO[bytes], optional
        What it reads; without, nothing.

    Raises
    ------
    ProcessError
        It did not end with 0.
    """
    said = folder / "said.txt"
    variables = {**os.environ, **(environment or {})}
    with said.open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=stdin or subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=variables,
            cwd=folder,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = said.read_text("utf-8", "replace")[-_SAID_CHARACTERS:]
        raise ProcessError(f"{' '.join(command)}\nended with {process.returncode}:\n{last}")
    # Linux counts in kilobytes.
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024)
