"""Verified pairs to clusters: connected components, and whom to keep."""

from dedup.cluster.connect import LINKAGES, Cluster, check_linkage, connect
from dedup.cluster.keep import KEEP_POLICIES, Member, keep_order

__all__ = [
    "KEEP_POLICIES",
    "LINKAGES",
    "Cluster",
    "Member",
    "check_linkage",
    "connect",
    "keep_order",
]
