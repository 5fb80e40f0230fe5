"""Write generated articles: ``python -m benchmarks.scale.feeding N SOURCE|- [FILE]``.

A process of its own, so that what generating costs is not counted as ours.
"""

import fcntl
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from benchmarks.corpus import Piece, Settings, generate

SEED = 1
#: How often it is said how many are written.
_SHOWN_ARTICLES = 500_000
#: As much is written at once, and waits in a pipe: as much as a reader of a file takes.
_BLOCK_BYTES = 1 << 20
#: Sites for so many articles: a feed that grows comes from more sites.
ARTICLES_A_SITE, FEWEST_SITES, MOST_SITES = 2500, 40, 1000


def settings(articles: int) -> Settings:
    """Return a corpus of so many articles."""
    sites = min(max(articles // ARTICLES_A_SITE, FEWEST_SITES), MOST_SITES)
    return Settings(articles, seed=SEED, sites=sites)


def main() -> None:
    """Write one article a line into a pipe, until all are written or nobody reads."""
    articles, source = int(sys.argv[1]), sys.argv[2]
    sources = [] if source == "-" else [Path(source)]
    output = Path(sys.argv[3] if len(sys.argv) > 3 else "/dev/stdout")
    rows = (piece.as_row() for piece in _shown(generate(settings(articles), sources)))
    try:
        with output.open("wb", buffering=_BLOCK_BYTES) as lines:
            _widen(lines.fileno())
            lines.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    except BrokenPipeError:
        sys.exit(1)


def _shown(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Say on stderr now and then how many articles were written, where they are many."""
    for count, piece in enumerate(pieces, 1):
        yield piece
        if count % _SHOWN_ARTICLES == 0:
            sys.stderr.write(f"{count:,} articles written\n")


def _widen(handle: int) -> None:
    """Let more wait in a pipe, where that can be set: a reader takes what is there."""
    if stat.S_ISFIFO(os.fstat(handle).st_mode) and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, _BLOCK_BYTES)


if __name__ == "__main__":
    main()
