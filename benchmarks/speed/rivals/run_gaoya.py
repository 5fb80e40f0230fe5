"""gaoya: cuts words and shingles itself, in Rust; batches are inserted, then asked for.

Inserting a batch before asking makes each pair come up with its later article.
A match's resemblance is estimated from both signatures and at least the threshold.
"""

import os
import sys

from feed import BANDS, ROWS, SHINGLE_WORDS, THRESHOLD, Components, batches, read, write


def main(source: str, output: str, jobs: int) -> None:
    """Read, insert and query, connect, write."""
    os.environ["RAYON_NUM_THREADS"] = str(jobs)
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=THRESHOLD,
        num_bands=BANDS,
        band_size=ROWS,
        analyzer="word",
        lowercase=True,
        ngram_range=(SHINGLE_WORDS, SHINGLE_WORDS),
        id_container="smallvec",
    )
    ids: list[str] = []
    components, first = Components(), 0
    for texts in batches(read(source, ids)):
        numbers = list(range(first, first + len(texts)))
        index.par_bulk_insert_docs(numbers, texts)
        for number, found in zip(numbers, index.par_bulk_query(texts), strict=True):
            for other in found:
                if other != number:
                    components.connect(number, other)
        first += len(texts)
    write(output, components.clusters(), ids)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
