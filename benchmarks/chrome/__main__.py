"""Measure how much site chrome is told from one article: ``python -m benchmarks.chrome``.

``--data DIR`` (or ``DEDUP_DATA``) names the folder with ``webpages/``, ``edits/`` and
``wirepool/``; without it nothing is measured. Exit status: 0, or 1 under a floor.
"""

import argparse
import gzip
import hashlib
import json
import os
import sys
import time
from pathlib import Path

from benchmarks.chrome.pages import measure_pages
from benchmarks.chrome.pairs import measure_pairs
from benchmarks.gate import Gate
from dedup.boilerplate.cues import cue_chrome
from dedup.text import tokenize

FLOORS = Path(__file__).with_name("floors.toml")
_ROUNDS = 3


def main() -> int:
    """Print recall and precision of chrome by corpus."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chrome", description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEDUP_DATA"))
    parser.add_argument("--verbose", action="store_true", help="show the worst pages")
    chosen = parser.parse_args()
    gate = Gate(FLOORS)
    if chosen.data is None:
        for corpus in ("webpages", "pairs marked by reading"):
            gate.show_unmeasured(corpus)
        return gate.close()
    data = Path(chosen.data)
    path = data / "webpages" / "scrapinghub.tar.gz"
    gate.check_digest("webpages", hashlib.sha256(path.read_bytes()).hexdigest()[:16])
    for lines, figures in (
        measure_pages(path, is_verbose=chosen.verbose),
        measure_pairs(data / "edits" / "aligned_read.jsonl"),
    ):
        print("\n".join(lines))
        gate.show(figures)
    print(_cost(data / "wirepool" / "articles.jsonl.gz"))
    return gate.close()


def _cost(path: Path) -> str:
    """Return the CPU time of prose cues beside that of tokenising, best of some rounds."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] or "" for line in lines]
    tokenising, judging = [], []
    for _ in range(_ROUNDS):
        start = time.process_time()
        tokens = [tokenize(text) for text in texts]
        middle = time.process_time()
        for text, cut in zip(texts, tokens, strict=True):
            cue_chrome(text, cut)
        tokenising.append(middle - start)
        judging.append(time.process_time() - middle)
    share = min(judging) / min(tokenising)
    words = sum(map(len, tokens))
    return (
        f"cost of prose cues: {share:.2f} of tokenising; "
        f"{min(judging) / words * 500 * 1000:.3f} ms for 500 words"
    )


if __name__ == "__main__":
    sys.exit(main())
