"""datasketch: `MinHash.generator` with xxhash (its own SHA-1 is slower), `MinHashLSH`.

Articles that share a band count as a match without another look, which is cheaper
than a check. It has no threads of its own: more jobs change nothing.
"""

import sys

from datasketch import MinHash, MinHashLSH
from feed import BANDS, PERMUTATIONS, ROWS, SEED, Components, read, shingles, write
from xxhash import xxh32_intdigest


def main(source: str, output: str, _jobs: int) -> None:
    """Read, sketch, query and insert, connect, write."""
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    ids: list[str] = []
    components = Components()
    tokens = ([one.encode() for one in shingles(text)] for text in read(source, ids))
    sketches = MinHash.generator(tokens, num_perm=PERMUTATIONS, seed=SEED, hashfunc=xxh32_intdigest)
    for number, sketch in enumerate(sketches):
        for other in index.query(sketch):
            components.connect(number, other)
        index.insert(number, sketch, check_duplication=False)
    write(output, components.clusters(), ids)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
