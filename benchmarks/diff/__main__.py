"""Measure the diff, and hold it above the floors: ``python -m benchmarks.diff``.

``--data DIR`` (or ``DEDUP_DATA``) names the folder with ``edits/``, ``wirepool/`` and
``reuters/``; without it the seeds, hostile texts and the whole process are measured.
Exit status: 0, or 1 under a floor.
"""

import argparse
import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.diff.corpora import aligned_read, alignments, seeds, versions
from benchmarks.diff.speed import hostile, process, speed
from benchmarks.floors import Figure
from benchmarks.gate import Gate

_SEEDS = Path(__file__).parent.parent.parent / "fixtures" / "seeds"
_FLOORS = Path(__file__).with_name("floors.toml")
#: The file of each corpus, in the folder of the data.
_FILES = {
    "edits": "edits/alignments.jsonl.gz",
    "read": "edits/aligned_read.jsonl",
    "versions": "wirepool/versions.jsonl.gz",
}


def main() -> int:
    """Run the parts asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diff", description=__doc__)
    parser.add_argument("parts", nargs="*", help="seeds read edits versions speed hostile process")
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    parser.add_argument("--verbose", action="store_true", help="show what is wrong")
    chosen = parser.parse_args()
    data: Path | None = None if chosen.data is None else Path(chosen.data)
    gate = Gate(_FLOORS, is_json=chosen.json)
    own: Mapping[str, Callable[[], list[Figure]]] = {
        "seeds": lambda: seeds(_SEEDS),
        "hostile": hostile,
        "process": lambda: process(_SEEDS),
    }
    given: Mapping[str, Callable[[Path], list[Figure]]] = {
        "read": lambda file: aligned_read(file, is_verbose=chosen.verbose),
        "edits": lambda file: alignments(file, is_verbose=chosen.verbose),
        "versions": versions,
        "speed": speed,
    }
    for name in chosen.parts or [*own, *given]:
        if name in own:
            gate.show(own[name]())
        elif name not in given:
            parser.error(f"{name}: no such part; name one of {' '.join([*own, *given])}")
        elif data is None:
            gate.show_unmeasured(name)
        else:
            file = data / _FILES.get(name, "")
            if file.is_file():
                digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
                gate.check_digest(name, digest)
            gate.show(given[name](file))
    return gate.close()


if __name__ == "__main__":
    sys.exit(main())
