"""How large the report of a large run is, and how fast it opens."""
