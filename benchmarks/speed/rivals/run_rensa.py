"""rensa: signatures and bands in Rust, over shingles cut in Python.

Its digest matrices are faster still, but answer only whether an article has a
duplicate, not which: clusters cannot be had from them. Articles that share a band
count as a match without another look, which is cheaper than a check.
"""

import os
import sys

from feed import BANDS, PERMUTATIONS, SEED, THRESHOLD, Components, batches, read, shingles, write


def main(source: str, output: str, jobs: int) -> None:
    """Read, sketch, insert and query, connect, write."""
    os.environ["RAYON_NUM_THREADS"] = str(jobs)
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(THRESHOLD, PERMUTATIONS, BANDS)
    ids: list[str] = []
    components, first = Components(), 0
    for texts in batches(read(source, ids)):
        tokens = [list(shingles(text)) for text in texts]
        sketches = RMinHash.from_token_sets(tokens, num_perm=PERMUTATIONS, seed=SEED)
        index.insert_many(sketches, first)
        for number, found in enumerate(index.query_all(sketches), first):
            for other in found:
                if other != number:
                    components.connect(number, other)
        first += len(texts)
    write(output, components.clusters(), ids)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
