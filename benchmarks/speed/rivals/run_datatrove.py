"""datatrove: the first three steps of its MinHash pipeline, as its example has them.

The reader takes one file for one task, so more jobs speed up only the second step.
"""

import struct
import sys
import tempfile
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.readers import JsonlReader
from feed import BANDS, ROWS, SEED, SHINGLE_WORDS, Components, read, write


def main(source: str, output: str, jobs: int) -> None:
    """Run the steps in a folder of their own, then write the clusters."""
    config = MinhashConfig(
        n_grams=SHINGLE_WORDS, num_buckets=BANDS, hashes_per_bucket=ROWS, seed=SEED
    )
    file = Path(source).resolve()
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        steps = [
            ([JsonlReader(str(file.parent), glob_pattern=file.name, compression=None),
              MinhashDedupSignature(f"{folder}/signatures", config)], 1),
            ([MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/pairs", config=config)],
             BANDS),
            ([MinhashDedupCluster(f"{folder}/pairs", f"{folder}/clusters", config,
                                  save_cluster_id=True)], 1),
        ]  # fmt: skip
        for number, (pipeline, tasks) in enumerate(steps):
            LocalPipelineExecutor(
                pipeline, tasks=tasks, workers=min(jobs, tasks), logging_dir=f"{folder}/{number}"
            ).run()
        components = _components(Path(folder, "clusters"))
    texts_ids: list[str] = []
    # The reader leaves out articles without text, and its numbers with them.
    given = [bool(text) for text in read(source, texts_ids)]
    ids = [one for one, is_read in zip(texts_ids, given, strict=True) if is_read]
    write(output, components.clusters(), ids)


def _components(folder: Path) -> Components:
    components = Components()
    first_of: dict[int, int] = {}
    for file in folder.glob("*.clusters"):
        for number, cluster in struct.iter_unpack("<2I", file.read_bytes()):
            components.connect(number, first_of.setdefault(cluster, number))
    return components


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
