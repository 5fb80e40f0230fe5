"""What each stage of a run takes: ``python -m benchmarks.scale.stages FEED --jobs 2``.

Of CPU time it says how much the caller's thread took: where it alone works, other jobs
wait. Beside other work wall time says little, these shares still do.
"""

import argparse
import gc
import os
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import orjson

from dedup import deduplicate, read_articles
from dedup.detector import MemoryBudget, Scratch, parse_size

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a stage began: seconds since, and the resident set in bytes.

    ``peak``: the most it was since the stage before began.
    """

    stage: str
    wall: float
    cpu: float
    caller: float
    resident: int
    peak: int

    @classmethod
    def now(cls, stage: str) -> "_Moment":
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
        times = time.perf_counter(), time.process_time(), time.thread_time()
        return cls(stage, *times, resident, _peak())


def _peak() -> int:
    """Return the most that the resident set was since this was asked before, in bytes."""
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5")  # see proc(5): begins anew
    return int(peak.split()[1]) << 10


class _Stages:
    """Notes when the stage changes."""

    def __init__(self) -> None:
        self.moments: list[_Moment] = []

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        del done, total
        if not self.moments or self.moments[-1].stage != stage:
            self.moments.append(_Moment.now(stage))


def main() -> None:
    """Run in this process, print a line a stage."""
    options = _options()
    budget = MemoryBudget(parse_size(options.memory)) if options.memory else None
    stages = _Stages()
    gc.disable()  # as `dedup batch` does
    stages("read", 0, None)
    with Scratch(budget=budget) as scratch:
        found = deduplicate(
            read_articles(options.feed), scratch=scratch, jobs=options.jobs, progress=stages
        )
        stages("cluster", 0, None)
        rows = (cluster.as_row() for cluster in found.clusters)
        size = sum(len(orjson.dumps(row)) for row in rows)
        stages("end", 0, None)
    print(f"{'stage':20}{'wall s':>9}{'CPU s':>9}{'caller s':>9}{'MB then':>9}{'MB most':>9}")
    moments = stages.moments
    for one, after in (*pairwise(moments), (moments[0], moments[-1])):
        stage = "all" if after.stage == "end" and one is moments[0] else one.stage
        peak = max(one.peak for one in moments[1:]) if stage == "all" else after.peak
        print(
            f"{stage:20}{after.wall - one.wall:9.2f}{after.cpu - one.cpu:9.2f}"
            f"{after.caller - one.caller:9.2f}{after.resident / 1e6:9.0f}{peak / 1e6:9.0f}"
        )
    print(
        f"{len(found.members):,} articles, {len(found.matches):,} matches, {size:,} bytes of rows, "
        f"{scratch.peak_bytes:,} bytes on disk"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.scale.stages", description=__doc__)
    parser.add_argument("feed", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--memory", help="as of dedup batch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
