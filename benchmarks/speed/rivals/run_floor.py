"""The floor of every run: read the file and parse it, nothing else."""

import sys

from feed import read, write


def main(source: str, output: str, _jobs: int) -> None:
    """Count the characters and write no cluster."""
    ids: list[str] = []
    for _ in read(source, ids):
        pass
    write(output, [], ids)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
