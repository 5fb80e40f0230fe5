"""Verified pairs to clusters: connected components, and whom to keep."""

from dedup.cluster.connect import LINKAGES, Cluster, check_linkage, connect
from dedup.cluster.keep import KEEP_POLICIES, Member, keep_order
from dedup.cluster.members import Members

__all__ = [
    "KEEP_POLICIES",
    "LINKAGES",
    "Cluster",
    "Member",
    "Members",
    "check_linkage",
    "connect",
    "keep_order",
]
