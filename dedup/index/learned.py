"""What an index knows of sites: how much it has seen, and what it has learned."""

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from dedup.index.seal import CRC, sealed
from dedup.shingles import Hashes

__all__ = [
    "SiteCounts",
    "SiteState",
    "pack_counts",
    "pack_site",
    "unpack_counts",
    "unpack_site",
]

_SITE = struct.Struct("<IIQQ")
_COUNTS = struct.Struct("<QQ")
_NO_HASHES: Hashes = np.empty(0, np.uint64)


class SiteCounts(NamedTuple):
    """How much an index has seen of a site.

    ``articles``: different texts; ``learned_at``: how many they were when its
    boilerplate was last learned.
    """

    articles: int = 0
    learned_at: int = 0


@dataclass(frozen=True, slots=True)
class SiteState:
    """What an index has learned of a site.

    Attributes
    ----------
    name : str
        ``""`` stands for all articles without a site.
    learned_from : int
        Articles that the boilerplate was learned from.
    units, shingles : uint64
        Its boilerplate, sorted.
    """

    name: str
    learned_from: int = 0
    units: Hashes = field(default_factory=lambda: _NO_HASHES)
    shingles: Hashes = field(default_factory=lambda: _NO_HASHES)


def pack_counts(counts: SiteCounts) -> bytes:
    """Return the row of a site's counts."""
    return sealed(_COUNTS.pack(*counts))


def unpack_counts(raw: bytes) -> SiteCounts:
    """Read the row of a site's counts, checked."""
    return SiteCounts(*_COUNTS.unpack_from(raw, CRC.size))


def pack_site(state: SiteState) -> bytes:
    """Return the row of what was learned of a site."""
    name = state.name.encode("utf-8", "surrogatepass")
    head = _SITE.pack(0, len(name), state.learned_from, len(state.units))
    arrays = [x.astype("<u8", copy=False).tobytes() for x in (state.units, state.shingles)]
    return sealed(head[CRC.size :], *arrays, name)


def unpack_site(raw: bytes) -> SiteState:
    """Read the row of what was learned of a site, checked."""
    _, name, learned_from, units = _SITE.unpack_from(raw)
    shingles = (len(raw) - _SITE.size - name) // 8 - units
    return SiteState(
        raw[len(raw) - name :].decode("utf-8", "surrogatepass"),
        learned_from,
        np.frombuffer(raw, np.uint64, units, _SITE.size),
        np.frombuffer(raw, np.uint64, shingles, _SITE.size + 8 * units),
    )
