"""Write a corpus: ``python -m benchmarks.corpus --articles N SOURCE.jsonl... > out.jsonl``.

Without a source the articles are invented. Standard output gets one article a
line; ``--gold`` gets ``id,cluster,kind,language``, ``--gold-pairs``
``id_a,id_b,label,kind``: what ``dedup evaluate --gold`` reads. Both are written as
the articles are, in bounded memory.
"""

import argparse
import csv
import sys
from contextlib import ExitStack
from pathlib import Path

import orjson

from benchmarks.corpus import Settings, generate


def main() -> None:
    """Parse, generate, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("sources", nargs="*", type=Path, metavar="SOURCE.jsonl")
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--gold", type=Path, help="clusters, as CSV")
    parser.add_argument("--gold-pairs", type=Path, help="pairs of a copy and what it is of, as CSV")
    options = parser.parse_args()
    settings = Settings(options.articles, seed=options.seed, sites=options.sites)
    with ExitStack() as stack:
        clusters = pairs = None
        if options.gold:
            file = stack.enter_context(options.gold.open("w", encoding="utf-8", newline=""))
            clusters = csv.writer(file)
            clusters.writerow(["id", "cluster", "kind", "language"])
        if options.gold_pairs:
            file = stack.enter_context(options.gold_pairs.open("w", encoding="utf-8", newline=""))
            pairs = csv.writer(file)
            pairs.writerow(["id_a", "id_b", "label", "kind"])
        for piece in generate(settings, options.sources):
            sys.stdout.buffer.write(orjson.dumps(piece.as_row(), option=orjson.OPT_APPEND_NEWLINE))
            if clusters:
                clusters.writerow([piece.id, piece.cluster, piece.kind, piece.language])
            if pairs and piece.pair:
                pairs.writerow([piece.pair[0], piece.id, piece.pair[1], piece.kind])


if __name__ == "__main__":
    main()
