"""New articles beside an archive of those before: what of them was seen, and what is new."""

from dedup.daily.result import Continuation, ContinuedCluster
from dedup.daily.run import deduplicate_against
from dedup.daily.shown import shown

__all__ = ["Continuation", "ContinuedCluster", "deduplicate_against", "shown"]
