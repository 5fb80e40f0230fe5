"""Verified pairs to clusters: connected components, and whom to keep."""

from dedup.cluster.connect import LINKAGES, Cluster, check_linkage, connect
from dedup.cluster.keep import KEEP_POLICIES, Member, check_keep
from dedup.cluster.members import Members

__all__ = [
    "KEEP_POLICIES",
    "LINKAGES",
    "Cluster",
    "Member",
    "Members",
    "check_keep",
    "check_linkage",
    "connect",
]
