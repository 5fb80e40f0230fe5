"""A gate that articles pass one by one: which of them were seen before?"""

from dedup.stream.gate import REJECTED, DuplicateFilter
from dedup.stream.verdict import Verdict

__all__ = ["REJECTED", "DuplicateFilter", "Verdict"]
