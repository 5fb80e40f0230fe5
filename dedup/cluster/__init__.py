"""Verified pairs to clusters: connected components, and whom to keep."""

from dedup.cluster.clusters import ROW_KEYS, Cluster, Clusters
from dedup.cluster.connect import LINKAGES, check_linkage, connect, linkage_bytes
from dedup.cluster.dropped import Dropped, dropped_of
from dedup.cluster.keep import KEEP_POLICIES, Member, check_keep
from dedup.cluster.members import Members

__all__ = [
    "KEEP_POLICIES",
    "LINKAGES",
    "ROW_KEYS",
    "Cluster",
    "Clusters",
    "Dropped",
    "Member",
    "Members",
    "check_keep",
    "check_linkage",
    "connect",
    "dropped_of",
    "linkage_bytes",
]
