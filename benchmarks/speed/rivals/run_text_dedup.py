"""text-dedup: its command ``text_dedup.minhash`` as it is, with the faster hash.

Clusters are taken from its union-find, which its own command only pickles.
"""

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from feed import BANDS, PERMUTATIONS, ROWS, SHINGLE_WORDS, THRESHOLD, Components, read, write

FIELDS = "id", "title", "text", "url", "source", "published", "language"


def main(source: str, output: str, jobs: int) -> None:
    """Run the command in a folder of its own, then write its clusters."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        os.environ["HF_HOME"] = folder
        from datasets import Features, Value, load_dataset
        from text_dedup import minhash
        from text_dedup.utils import load

        # It takes a feed's columns from the first lines alone, and refuses others.
        columns = Features({name: Value("string") for name in FIELDS})
        load.load_dataset = partial(load_dataset, features=columns)
        options = {
            "path": "json",
            "data_files": source,
            "split": "train",
            "cache_dir": f"{folder}/cache",
            "output": f"{folder}/kept",
            "column": "text",
            "num_proc": jobs,
            "ngram": SHINGLE_WORDS,
            "min_length": SHINGLE_WORDS,
            "num_perm": PERMUTATIONS,
            "threshold": THRESHOLD,
            "b": BANDS,
            "r": ROWS,
            "hash_func": "xxh3",
            "hash_bits": 32,
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        minhash.main(arguments, standalone_mode=False)
        components = Components()
        for number in minhash.uf.parent:
            components.connect(number, minhash.uf.find(number))
    ids: list[str] = []
    for _ in read(source, ids):
        pass
    write(output, components.clusters(), ids)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
