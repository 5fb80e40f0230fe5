"""Speed and memory of `dedup batch` against its peers: see docs/speed.md."""
