"""Measure `dedup batch` against its peers: ``python -m benchmarks.speed --source FEED.jsonl``.

All run on the same articles, in rounds, as whole processes from the JSON Lines to
the clusters written. Prints the medians and their ratios to ours; keeps the raw runs
in ``--results``/DATE-MACHINE/ with a drawing. Rivals are installed into environments
of their own under ``--cache``.
"""

import argparse
import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

from benchmarks.speed.figures import figures, over_floor, speedups, table
from benchmarks.speed.programs import OURS, RIVALS, ROOT, floor, ours, rival, warm
from benchmarks.speed.runs import Run, environment, results_folder, rounds, save

_MEGABYTE = 1_000_000
#: Above this load average the figures are said to be doubtful. What was installed and
#: made just before counts too: run it again.
QUIET_LOAD = 1.0


def main() -> int:
    """Install, make the articles, run, print, keep."""
    options = _options()
    unknown = sorted(set(options.rivals) - RIVALS.keys())
    if unknown:
        print(f"error: no rival {unknown[0]}; there are: {', '.join(RIVALS)}", file=sys.stderr)
        return 2
    mine = ours(None if options.here else options.cache)
    programs = [floor(mine), mine, *(rival(name, options.cache) for name in options.rivals)]
    source = _articles(options.source, options.articles, options.cache / "articles")
    about = {
        **environment(programs),
        "articles": options.articles,
        "bytes": source.stat().st_size,
        "digest": _digest(source),
    }
    warm(mine)
    if os.getloadavg()[0] > QUIET_LOAD:
        print("note: the machine is busy with something else", file=sys.stderr)
    runs = []
    for run in rounds(programs, source, options.jobs, options.repeats):
        runs.append(run)
        print(_said(run), file=sys.stderr, flush=True)
    finished = {run.program for run in runs}
    if OURS not in finished:
        return 1
    _print(about, runs)
    if options.results:
        _keep(results_folder(options.results), about, runs)
    return 0 if len(finished) == len(programs) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--source", type=Path, help="a feed; without one articles are invented")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument(
        "--rivals", type=_names, default=list(RIVALS), help="comma-separated, or none; by default "
        + ",".join(RIVALS)
    )  # fmt: skip
    parser.add_argument("--jobs", type=_numbers, default=[1], help="such as 1,2")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--results", type=Path, help="keep the runs in DATE-MACHINE/ in there")
    parser.add_argument(
        "--cache", type=Path, default=ROOT / ".bench", help="environments and articles"
    )
    parser.add_argument(
        "--here", action="store_true", help="run dedup from this environment, not one of its own"
    )
    options = parser.parse_args()
    # Measured processes run in folders of their own.
    options.cache = options.cache.resolve()
    return options


def _names(option: str) -> list[str]:
    return [name for name in option.split(",") if name not in ("", "none")]


def _numbers(option: str) -> list[int]:
    return [int(number) for number in option.split(",")]


def _articles(source: Path | None, articles: int, folder: Path) -> Path:
    """Return the file of the articles, made unless it is there."""
    name = "invented"
    if source is not None:
        name = f"{source.parent.name}-{source.name.split('.')[0]}-{source.stat().st_size}"
    path = folder / f"{name}-{articles}.jsonl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"making {path}", file=sys.stderr)
        given = "-" if source is None else str(source.resolve())
        command = [sys.executable, "-m", "benchmarks.speed.articles", given, str(articles)]
        subprocess.run([*command, str(path)], check=True, cwd=ROOT)
    return path


def _digest(path: Path) -> str:
    digest = blake2b(digest_size=8)
    with path.open("rb") as file:
        while part := file.read(_MEGABYTE):
            digest.update(part)
    return digest.hexdigest()


def _said(run: Run) -> str:
    cost = run.cost
    return (
        f"{run.program}, {_jobs(run.jobs)}: {cost.cpu_seconds:.2f} s CPU, {cost.wall_seconds:.2f} "
        f"s, {cost.peak_bytes / _MEGABYTE:.0f} MB, {run.clusters} clusters"
    )


def _jobs(number: int) -> str:
    return "1 job" if number == 1 else f"{number} jobs"


def _print(about: dict[str, object], runs: list[Run]) -> None:
    rows = figures(runs)
    print(table(rows))
    print()
    for jobs, ratio in over_floor(rows).items():
        print(f"{_jobs(jobs)}: {ratio:.1f}× the CPU of reading and parsing alone")
    for jobs, ratio in speedups(rows).items():
        print(f"{_jobs(jobs)}: {ratio:.2f}× the throughput of one")
    repeats = rows[0].repeats
    print(f"\n× = figure over that of dedup with as many jobs; medians of {repeats} run(s).")
    print(_note(about))


def _note(about: dict[str, object]) -> str:
    machine = about["machine"]
    assert isinstance(machine, dict)
    return (
        f"{about['articles']:,} articles, {int(str(about['bytes'])) / _MEGABYTE:.0f} MB "
        f"(digest {about['digest']}); {machine['processors']}× {machine['processor']}; "
        f"commit {about['commit']}"
    )


def _keep(folder: Path, about: dict[str, object], runs: list[Run]) -> None:
    # Imported when nothing is measured any more: see `measure`.
    from benchmarks.speed.drawing import bars

    articles = about["articles"]
    save(folder / f"speed-{articles}.json", about, runs)
    rows = figures(runs)
    for jobs in sorted({row.jobs for row in rows}):
        shown = [row for row in rows if row.jobs == jobs]
        title = f"{articles:,} articles, JSON Lines to clusters, {_jobs(jobs)}"
        drawing = bars(shown, title, _note(about))
        (folder / f"speed-{articles}-jobs{jobs}.svg").write_text(drawing, "utf-8")
    print(f"kept in {folder}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
