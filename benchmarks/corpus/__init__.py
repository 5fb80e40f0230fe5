"""Articles with copies whose gold is known, as many as wanted: see `stream`."""

from benchmarks.corpus.stream import Piece, Settings, generate

__all__ = ["Piece", "Settings", "generate"]
