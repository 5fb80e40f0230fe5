"""Print every figure of the diff: ``python -m benchmarks.diff --data FOLDER``."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.diff.corpora import aligned_read, alignments, seeds, versions
from benchmarks.diff.speed import hostile, process, speed

_SEEDS = Path(__file__).parent.parent.parent / "fixtures" / "seeds"


def main() -> None:
    """Run the parts asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="seeds read alignments versions speed ...")
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    parser.add_argument("--verbose", action="store_true", help="show what is wrong")
    chosen = parser.parse_args()
    data: Path | None = None if chosen.data is None else Path(chosen.data)
    verbose = chosen.verbose
    parts: dict[str, Callable[[], list[str]]] = {
        "seeds": lambda: seeds(_SEEDS),
        "hostile": hostile,
        "process": lambda: process(_SEEDS),
    }
    if data is not None:
        parts |= {
            "read": lambda: aligned_read(data, is_verbose=verbose),
            "alignments": lambda: alignments(data, is_verbose=verbose),
            "versions": lambda: versions(data),
            "speed": lambda: speed(data),
        }
    for name in chosen.parts or parts:
        if name not in parts:
            print(f"{name}: not measured; name the data with --data or DEDUP_DATA")
            continue
        print("\n".join(parts[name]()), flush=True)
    if data is None and not chosen.parts:
        print("read, alignments, versions, speed: not measured; name the data with --data")


main()
