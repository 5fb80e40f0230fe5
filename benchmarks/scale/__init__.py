"""What a run of `dedup batch` costs as feeds grow: see docs/speed.md."""
