"""Medians of runs, and their ratios to ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.speed.process import Cost
from benchmarks.speed.programs import FLOOR, OURS
from benchmarks.speed.runs import Run

__all__ = ["Figures", "figures", "over_floor", "speedups", "table"]

_HEADER = (
    "program", "jobs", "CPU s", "wall s", "peak MB", "CPU ×", "wall ×", "memory ×", "clusters",
    "articles in them", "largest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of one program's runs; the ratios are its figure over ours, same jobs."""

    program: str
    jobs: int
    repeats: int
    cost: Cost
    cpu_ratio: float
    wall_ratio: float
    memory_ratio: float
    clusters: int
    clustered: int
    largest: int


def figures(runs: Iterable[Run]) -> list[Figures]:
    """Return a row for each program and number of jobs, in the order they came first."""
    of: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        of.setdefault((run.program, run.jobs), []).append(run)
    medians = {key: _medians(some) for key, some in of.items()}
    return [
        _row(some, medians[program, jobs], medians[OURS, jobs])
        for (program, jobs), some in of.items()
    ]


def _medians(runs: Sequence[Run]) -> Cost:
    return Cost(
        median(run.cost.cpu_seconds for run in runs),
        median(run.cost.wall_seconds for run in runs),
        int(median(run.cost.peak_bytes for run in runs)),
    )


def _row(runs: Sequence[Run], cost: Cost, base: Cost) -> Figures:
    last = runs[-1]
    return Figures(
        program=last.program,
        jobs=last.jobs,
        repeats=len(runs),
        cost=cost,
        cpu_ratio=cost.cpu_seconds / base.cpu_seconds,
        wall_ratio=cost.wall_seconds / base.wall_seconds,
        memory_ratio=cost.peak_bytes / base.peak_bytes,
        clusters=last.clusters,
        clustered=last.clustered,
        largest=last.largest,
    )


def speedups(rows: Iterable[Figures]) -> dict[int, float]:
    """Return our throughput with each number of jobs, over that with one."""
    walls = {row.jobs: row.cost.wall_seconds for row in rows if row.program == OURS}
    return {jobs: walls[1] / wall for jobs, wall in walls.items() if jobs > 1 and 1 in walls}


def over_floor(rows: Iterable[Figures]) -> dict[int, float]:
    """Return our CPU over that of reading and parsing alone, for each number of jobs."""
    return {row.jobs: 1 / row.cpu_ratio for row in rows if row.program == FLOOR}


def table(rows: Iterable[Figures]) -> str:
    """Return the figures as a Markdown table."""
    cells = [_HEADER, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADER))]
    lines = []
    for row in cells:
        padded = (
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("| " + " | ".join(padded) + " |")
    rule = (("-" * (width - 1) + ":") if column else "-" * width
            for column, width in enumerate(widths))  # fmt: skip
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return "\n".join(lines)


def _cells(row: Figures) -> tuple[str, ...]:
    return (
        row.program,
        str(row.jobs),
        f"{row.cost.cpu_seconds:.2f}",
        f"{row.cost.wall_seconds:.2f}",
        f"{row.cost.peak_bytes / 1e6:.0f}",
        f"{row.cpu_ratio:.2f}",
        f"{row.wall_ratio:.2f}",
        f"{row.memory_ratio:.2f}",
        f"{row.clusters:,}",
        f"{row.clustered:,}",
        f"{row.largest:,}",
    )
