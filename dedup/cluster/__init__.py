"""Verified pairs to clusters: connected components, and whom to keep."""

from dedup.cluster.connect import LINKAGES, Cluster, connect
from dedup.cluster.keep import KEEP_POLICIES, Member, keep_order

__all__ = ["KEEP_POLICIES", "LINKAGES", "Cluster", "Member", "connect", "keep_order"]
