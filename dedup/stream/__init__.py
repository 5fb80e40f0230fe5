"""A gate that articles pass one by one, and that knows which were seen before."""

from dedup.stream.gate import REJECTED, DuplicateFilter
from dedup.stream.verdict import Verdict

__all__ = ["REJECTED", "DuplicateFilter", "Verdict"]
