"""How well and how fast feeds are read."""
