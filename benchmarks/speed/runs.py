"""Raw runs: made in rounds, kept as JSON, read again."""

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import orjson

from benchmarks.speed.process import Cost, ProcessError, measure
from benchmarks.speed.programs import ROOT, Program

__all__ = ["Run", "commit", "environment", "machine", "results_folder", "rounds", "save"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one program.

    Attributes
    ----------
    program : str
    jobs : int
    cost : Cost
    clusters, clustered, largest : int
        Clusters written, articles in them, articles in the largest.
    """

    program: str
    jobs: int
    cost: Cost
    clusters: int
    clustered: int
    largest: int


def rounds(
    programs: Sequence[Program], source: Path, jobs: Sequence[int], repeats: int
) -> Iterator[Run]:
    """Run every program once, then all again: a noisy minute then falls on all of them.

    A program that fails is said and left out from then on.
    """
    failed: set[str] = set()
    for _ in range(repeats):
        for program, number in product(programs, jobs):
            if program.name in failed:
                continue
            try:
                yield _run(program, source, number)
            except ProcessError as error:
                print(f"error: {error}", file=sys.stderr)
                failed.add(program.name)


def _run(program: Program, source: Path, jobs: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="dedup-bench-") as name:
        folder, output = Path(name), Path(name, "clusters.jsonl")
        command = program.arguments(source.resolve(), output, jobs)
        cost = measure(command, folder=folder, environment={"PYTHONPATH": str(ROOT)})
        with output.open("rb") as lines:
            sizes = [len(orjson.loads(line)["members"]) for line in lines]
    return Run(program.name, jobs, cost, len(sizes), sum(sizes), max(sizes, default=0))


def machine() -> dict[str, object]:
    """Return the processor, how many of it, the memory and the system."""
    model, memory = platform.machine(), 0
    cpuinfo, meminfo = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if cpuinfo.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)
        model = found[1] if found else model
    if meminfo.exists():
        found = re.search(r"^MemTotal:\s*(\d+) kB", meminfo.read_text(), re.MULTILINE)
        memory = int(found[1]) * 1024 if found else 0
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "memory_bytes": memory,
        "system": platform.system(),
    }


def commit() -> str:
    """Return the commit of the working tree, ``+`` after it if `dedup/` has changes on top."""
    git = ["git", "-C", str(ROOT)]
    try:
        head = subprocess.run(
            [*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True
        )
        changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "dedup"], check=False)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head.stdout.strip() + ("+" if changed.returncode else "")


def environment(programs: Iterable[Program]) -> dict[str, object]:
    """Return what a claim has to carry: machine, commit, command, date, versions, load."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "load": os.getloadavg()[0],
        "commit": commit(),
        "command": " ".join(map(_bare, sys.orig_argv[1:])),
        "versions": {program.name: dict(program.versions) for program in programs},
    }


def _bare(argument: str) -> str:
    """Return an argument without where its file is on this machine."""
    return Path(argument).name if argument.startswith("/") else argument


def results_folder(results: Path) -> Path:
    """Return ``DATE-MACHINE/`` in a folder, made if need be."""
    about = machine()
    short = re.sub(r"\((R|TM)\)|CPU|Processor|@", " ", str(about["processor"]))
    slug = re.sub(r"[^a-z0-9.]+", "-", short.lower()).strip("-")
    folder = results / f"{datetime.now(UTC):%Y-%m-%d}-{slug}-{about['processors']}x"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def save(path: Path, about: dict[str, object], runs: Iterable[Run]) -> None:
    """Write the runs beside what they were made with."""
    content = {**about, "runs": [asdict(run) for run in runs]}
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
