"""One run of `dedup batch` over articles that another process generates meanwhile."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.process import ProcessError, measure
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
    *,
    is_named: bool = False,
) -> Point:
    """Pipe generated articles into ``dedup batch``.

    Parameters
    ----------
    program : Program
        `dedup`, of which only the interpreter is taken.
    source : Path or None
        A feed that the articles are made of; none to invent them.
    options : sequence of str
        Further options of `dedup batch`.
    folder : Path or None
        For its temporary files.
    is_named : bool
        Through a named pipe. Standard input is kept on disk while the run lasts, a
        named pipe is not, and can be read only once.
    """
    given = "-" if source is None else str(source.resolve())
    feeder = [sys.executable, "-m", "benchmarks.scale.feeding", str(articles), given]
    with tempfile.TemporaryDirectory(prefix="dedup-scale-", dir=folder) as name:
        output, pipe = Path(name, "clusters.jsonl"), Path(name, "articles.jsonl")
        if is_named:
            os.mkfifo(pipe)
            feeder.append(str(pipe))
        with subprocess.Popen(feeder, stdout=subprocess.PIPE, cwd=ROOT) as feeding:
            try:
                cost = measure(
                    [program.command[0], "-m", "dedup", "batch", str(pipe) if is_named else "-",
                     "--clusters", str(output), "--quiet", *options],
                    folder=Path(name),
                    environment={"PYTHONPATH": str(ROOT), "TMPDIR": name},
                    stdin=None if is_named else feeding.stdout,
                )  # fmt: skip
            except ProcessError:
                # It may wait for a reader that never comes.
                feeding.kill()
                raise
        if feeding.returncode:
            raise RuntimeError(f"the generator ended with {feeding.returncode}")
        with output.open("rb") as lines:
            clusters = sum(1 for _ in lines)
    return Point(articles, cost.cpu_seconds, cost.wall_seconds, cost.peak_bytes, clusters)
