"""One run of `dedup batch` over articles that another process generates meanwhile."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.process import measure
from benchmarks.speed.programs import ROOT, Program

__all__ = ["Point", "run_point"]


@dataclass(frozen=True, slots=True)
class Point:
    """What a run over so many articles took.

    Attributes
    ----------
    articles : int
    cpu_seconds : float
    wall_seconds : float
        With waiting for the generator, which may well be the slower of the two.
    peak_bytes : int
    clusters : int
    """

    articles: int
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    clusters: int

    @property
    def cpu_micros(self) -> float:
        """CPU an article, µs."""
        return self.cpu_seconds / self.articles * 1e6


def run_point(
    program: Program,
    articles: int,
    source: Path | None,
    options: Sequence[str],
    folder: Path | None,
) -> Point:
    """Pipe generated articles through ``dedup batch -``.

    Parameters
    ----------
    program : Program
        `dedup`, of which only the interpreter is taken.
    source : Path or None
        A feed that the articles are made of; none to invent them.
    options : sequence of str
        Further options of `dedup batch`.
    folder : Path or None
        For its temporary files; at most about three times the articles' size.
    """
    given = "-" if source is None else str(source.resolve())
    with tempfile.TemporaryDirectory(prefix="dedup-scale-", dir=folder) as name:
        output = Path(name, "clusters.jsonl")
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.scale.feeding", str(articles), given],
            stdout=subprocess.PIPE, cwd=ROOT,
        ) as feeding:  # fmt: skip
            python = program.command[0]
            command = [python, "-m", "dedup", "batch", "-", "--clusters", str(output), "--quiet",
                       *options]  # fmt: skip
            environment = {"PYTHONPATH": str(ROOT), "TMPDIR": name}
            cost = measure(
                command, folder=Path(name), environment=environment, stdin=feeding.stdout
            )
        if feeding.returncode:
            raise RuntimeError(f"the generator ended with {feeding.returncode}")
        with output.open("rb") as lines:
            clusters = sum(1 for _ in lines)
    return Point(articles, cost.cpu_seconds, cost.wall_seconds, cost.peak_bytes, clusters)
