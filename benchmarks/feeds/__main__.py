"""Measure how feeds are read, and hold it above the floors: ``python -m benchmarks.feeds``.

``--data DIR`` (or ``DEDUP_DATA``) names the folder with ``webpages/``, ``wirepool/``,
``edits/`` and ``reuters/``; without it only hostile files are measured. Exit status:
0, or 1 under a floor.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.feeds.hostile import hostile
from benchmarks.feeds.pages import pages
from benchmarks.feeds.siblings import siblings
from benchmarks.feeds.throughput import archives, throughput
from benchmarks.floors import Figure
from benchmarks.gate import Gate

Measured = tuple[list[str], list[Figure]]
FLOORS = Path(__file__).with_name("floors.toml")


def main() -> int:
    """Run the parts asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feeds", description=__doc__)
    parser.add_argument("parts", nargs="*", help="hostile pages siblings throughput archives")
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    parser.add_argument("--verbose", action="store_true", help="show the worst pages")
    chosen = parser.parse_args()
    gate = Gate(FLOORS)
    data = None if chosen.data is None else Path(chosen.data)
    parts: Mapping[str, tuple[str, Callable[[Path], Measured]]] = {
        "pages": ("webpages", lambda folder: pages(folder, gate, is_verbose=chosen.verbose)),
        "siblings": ("pages with siblings", siblings),
        "throughput": ("throughput", throughput),
        "archives": ("throughput", archives),
    }
    for name in chosen.parts or ["hostile", *parts]:
        if name == "hostile":
            _show(gate, hostile())
        elif data is None:
            gate.show_unmeasured(parts[name][0])
        else:
            _show(gate, parts[name][1](data))
    return gate.close()


def _show(gate: Gate, measured: Measured) -> None:
    lines, figures = measured
    print("\n".join(lines), flush=True)
    gate.show(figures)


if __name__ == "__main__":
    sys.exit(main())
