"""Measure quality and hold it above the floors: ``python -m benchmarks.quality``.

``--data DIR`` (or ``DEDUP_DATA``) names the folder with ``wirepool/`` and
``reuters/``; without it their rows say "not measured". The fixtures and a generated
corpus are always gated. Exit status: 0, or 1 under a floor.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.floors import Figure
from benchmarks.gate import Gate
from benchmarks.quality.data import CORPORA, data_figures
from benchmarks.quality.own import fixture_figures, generated_figures

FLOORS = Path(__file__).with_name("floors.toml")
OWN: dict[str, Callable[[], tuple[str, list[Figure]]]] = {
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
    gate = Gate(FLOORS, is_json=options.json)
    for name in options.only or [*OWN, *CORPORA]:
        if name in OWN:
            digest, figures = OWN[name]()
        elif options.data is not None and Path(options.data, name).is_dir():
            digest, figures = data_figures(name, Path(options.data, name))
        else:
            gate.show_unmeasured(name)
            continue
        gate.check_digest(name, digest, is_own=name in OWN)
        gate.show(figures)
    return gate.close()


if __name__ == "__main__":
    sys.exit(main())
