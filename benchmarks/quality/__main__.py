"""Measure quality and hold it above the floors: ``python -m benchmarks.quality``.

``--data DIR`` (or ``DEDUP_DATA``) names the folder with ``wirepool/`` and
``reuters/``; without it their rows say "not measured". The fixtures and a generated
corpus are always gated. Exit status: 0, or 1 under a floor.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import orjson

from benchmarks.quality.data import CORPORA, data_figures
from benchmarks.quality.floors import FILE, Floors, lowered_in_silence, parse_floors, past_floors
from benchmarks.quality.measure import NO_VALUE, Figure
from benchmarks.quality.own import fixture_figures, generated_figures

Measured = tuple[str, list[Figure]]
OWN: dict[str, Callable[[], Measured]] = {
    "fixtures": fixture_figures,
    "generated": generated_figures,
}


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    parser.add_argument("--only", action="append", choices=[*OWN, *CORPORA], help="these corpora")
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    options = parser.parse_args()
    floors = parse_floors(FILE.read_text("utf-8"))
    wrong = lowered_in_silence(floors, past_floors())
    wanted = options.only or [*OWN, *CORPORA]
    rows: list[dict[str, object]] = []
    for name in wanted:
        data = None if options.data is None else Path(options.data)
        digest, figures, is_own = _measured(name, data, floors)
        if digest is not None and digest != floors.digests.get(name):
            said = f"{name}: digest {digest}, the floors were set on {floors.digests.get(name)}"
            wrong += [said] if is_own else []
            print(f"note: {said}", file=sys.stderr)
        for row in _rows(figures, floors):
            rows.append(row)
            print(orjson.dumps(row).decode() if options.json else _line(row), flush=True)
            if row["ok"] is False:
                wrong.append(
                    f"{row['corpus']}, {row['metric']}: {row['value']}, not {row['floor']}"
                )
    for said in wrong:
        print(f"error: {said}", file=sys.stderr)
    return 1 if wrong else 0


def _measured(
    name: str, data: Path | None, floors: Floors
) -> tuple[str | None, list[Figure], bool]:
    if name in OWN:
        return *OWN[name](), True
    if data is None or not (data / name).is_dir():
        keys = [key for key in floors.floors if key[0].split(",")[0] == name]
        return None, [Figure(corpus, metric, None) for corpus, metric in keys], False
    return *partial(data_figures, name)(data / name), False


def _rows(figures: list[Figure], floors: Floors) -> Iterator[dict[str, object]]:
    for figure in figures:
        floor = floors.of(figure)
        ok = None if floor is None or figure.value is None else floor.holds(figure.value)
        yield {
            "corpus": figure.corpus,
            "metric": figure.metric,
            "language": figure.language,
            "value": figure.value,
            "floor": None if floor is None else str(floor),
            "ok": ok,
        }


def _line(row: dict[str, object]) -> str:
    metric = f"{row['metric']} [{row['language']}]" if row["language"] else str(row["metric"])
    value = row["value"]
    shown = (
        f"{value:.4g}" if isinstance(value, float) else str(NO_VALUE if value is None else value)
    )
    ok = "-" if row["ok"] is None else "ok" if row["ok"] else "FAIL"
    return f"{row['corpus']:<32}{metric:<44}{shown:>14}  {row['floor'] or '-':<10}{ok}"


if __name__ == "__main__":
    sys.exit(main())
