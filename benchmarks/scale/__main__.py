"""The cost curve: ``python -m benchmarks.scale --source FEED.jsonl``.

Articles are generated on the fly and piped into `dedup batch -`: 10,000, 100,000 and a
million of them, ten million with ``--articles 10000000 --fifo``. Prints CPU an article, over
that of the 100,000 (or of the smallest), and peak memory. Further options, such as
``--memory 2G``, go to `dedup batch` after ``--``.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import orjson

from benchmarks.scale.points import Point, run_point
from benchmarks.speed.programs import ROOT, ours, warm
from benchmarks.speed.runs import environment, results_folder

#: The run that the others' CPU an article is compared with.
BASE = 100_000


def main() -> int:
    """Run, print, keep."""
    options = _options()
    program = ours(None if options.here else options.cache.resolve())
    warm(program)
    about = {**environment([program]), "options": options.batch, "is_fifo": options.fifo}
    points: list[Point] = []
    for articles in sorted(options.articles):
        points.append(
            run_point(
                program,
                articles,
                options.source,
                options.batch,
                options.folder,
                is_named=options.fifo,
            )
        )
        print(_line(points[-1], points), flush=True)
    if options.results:
        _keep(results_folder(options.results), about, points)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--source", type=Path, help="a feed; without one articles are invented")
    parser.add_argument(
        "--articles", type=_numbers, default=[10_000, 100_000, 1_000_000],
        help="comma-separated; by default 10000,100000,1000000"
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, help="for temporary files, by default the system's")
    parser.add_argument(
        "--fifo", action="store_true",
        help="through a named pipe, which is not kept on disk as standard input is",
    )  # fmt: skip
    parser.add_argument("--results", type=Path, help="keep the runs in DATE-MACHINE/ in there")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="dedup's environment")
    parser.add_argument(
        "--here", action="store_true", help="run dedup from this environment, not one of its own"
    )
    parser.add_argument("batch", nargs="*", metavar="-- OPTION", help="options of dedup batch")
    return parser.parse_args()


def _numbers(option: str) -> list[int]:
    return [int(number) for number in option.split(",")]


def _line(point: Point, points: list[Point]) -> str:
    base = next((one for one in points if one.articles == BASE), points[0])
    return (
        f"{point.articles:>11,} articles  {point.cpu_micros:8.0f} µs CPU an article "
        f"({point.cpu_micros / base.cpu_micros:.2f}× that of {base.articles:,})  "
        f"{point.wall_seconds:8.1f} s  {point.peak_bytes / 1e6:7.0f} MB  "
        f"{point.peak_bytes / point.articles:7.0f} bytes an article  {point.clusters:,} clusters"
    )


def _keep(folder: Path, about: dict[str, object], points: list[Point]) -> None:
    from benchmarks.scale.drawing import curve

    content = {**about, "points": [asdict(point) for point in points]}
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (folder / "scale.json").write_bytes(orjson.dumps(content, option=option))
    machine = about["machine"]
    assert isinstance(machine, dict)
    note = " ".join(
        [f"{machine['processors']}× {machine['processor']}; commit {about['commit']};",
         "dedup batch -", *map(str, about["options"] or ())]  # type: ignore[call-overload]
    )  # fmt: skip
    drawing = curve(points, "What an article costs as feeds grow", note)
    (folder / "scale.svg").write_text(drawing, "utf-8")
    print(f"kept in {folder}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
