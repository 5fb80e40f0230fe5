"""Print every figure of the feeds: ``python -m benchmarks.feeds --data FOLDER``."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.feeds.hostile import hostile
from benchmarks.feeds.pages import pages
from benchmarks.feeds.throughput import archives, throughput


def main() -> None:
    """Run the parts asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="pages throughput archives hostile")
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    parser.add_argument("--verbose", action="store_true", help="show the worst pages")
    chosen = parser.parse_args()
    parts: dict[str, Callable[[], list[str]]] = {"hostile": hostile}
    if chosen.data is not None:
        data = Path(chosen.data)
        parts |= {
            "pages": lambda: pages(data, is_verbose=chosen.verbose),
            "throughput": lambda: throughput(data),
            "archives": lambda: archives(data),
        }
    for name in chosen.parts or parts:
        if name not in parts:
            print(f"{name}: not measured; name the data with --data or DEDUP_DATA")
            continue
        print("\n".join(parts[name]()), flush=True)
    if chosen.data is None and not chosen.parts:
        print("pages, throughput, archives: not measured; name the data with --data")


main()
