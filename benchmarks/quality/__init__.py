"""The quality gate: ``python -m benchmarks.quality`` (see ``docs/quality.md``)."""
