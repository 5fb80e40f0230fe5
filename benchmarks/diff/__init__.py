"""How well, and how fast, the diff does: ``python -m benchmarks.diff --data FOLDER``."""
