r"""Learned boilerplate in a file, to be used by another run or a filter.

Little-endian: ``b"dedup-boilerplate-1\n"``; the SHA-256 of all that follows (32
bytes); the recipe's digest (16 hexadecimal digits); u64 number of sites; then for
each site, by name: u32 length of its name, the name in UTF-8, u64 articles it was
learned from, u64 number of units, u64 number of shingles, their hashes as u64,
sorted.
"""

import hashlib
import os
import struct
from pathlib import Path
from types import MappingProxyType

import numpy as np

from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.errors import FormatError, RecipeMismatchError

__all__ = ["pack_boilerplate", "read_boilerplate", "unpack_boilerplate"]

MAGIC = b"dedup-boilerplate-1\n"
_FAMILY = b"dedup-boilerplate-"
_DIGEST_BYTES = 32
_RECIPE_BYTES = 16
_COUNT = struct.Struct("<Q")
_NAME = struct.Struct("<I")
_SITE = struct.Struct("<QQQ")


def pack_boilerplate(boilerplate: Boilerplate, recipe_digest: str) -> bytes:
    """Return boilerplate as the content of a file.

    Parameters
    ----------
    recipe_digest : str
        ``Recipe.digest`` of the run that learned it.
    """
    parts = [recipe_digest.encode("ascii"), _COUNT.pack(len(boilerplate.sites))]
    for site, learned in sorted(boilerplate.sites.items()):
        name = site.encode("utf-8", "surrogatepass")
        parts += [
            _NAME.pack(len(name)),
            name,
            _SITE.pack(learned.articles, len(learned.units), len(learned.shingles)),
            learned.units.astype("<u8").tobytes(),
            learned.shingles.astype("<u8").tobytes(),
        ]
    content = b"".join(parts)
    return MAGIC + hashlib.sha256(content).digest() + content


def read_boilerplate(path: str | os.PathLike[str], recipe_digest: str) -> Boilerplate:
    """Read a file of boilerplate.

    Parameters
    ----------
    recipe_digest : str
        ``Recipe.digest`` of who wants to use it.

    Raises
    ------
    FormatError
        It is no such file, of another version, or damaged.
    RecipeMismatchError
        It was learned with another recipe: its hashes would match nothing.
    """
    return unpack_boilerplate(Path(path).read_bytes(), recipe_digest, os.fspath(path))


def unpack_boilerplate(raw: bytes, recipe_digest: str, name: str) -> Boilerplate:
    """Read what :func:`pack_boilerplate` returned; errors call it by a name."""
    if not raw.startswith(MAGIC):
        what = "of another version" if raw.startswith(_FAMILY) else "no file of boilerplate"
        raise FormatError(name, f"is {what}; write one with `dedup batch --boilerplate-out FILE`")
    content = memoryview(raw)[len(MAGIC) + _DIGEST_BYTES :]
    if hashlib.sha256(content).digest() != raw[len(MAGIC) : len(MAGIC) + _DIGEST_BYTES]:
        raise FormatError(name, "is damaged: its checksum does not hold; write it again")
    found = bytes(content[:_RECIPE_BYTES]).decode("ascii")
    if found != recipe_digest:
        mend = f"learn {name} again with the recipe that is to use it"
        raise RecipeMismatchError(recipe_digest, found, mend)
    return Boilerplate(MappingProxyType(dict(_sites(content))))


def _sites(content: memoryview) -> list[tuple[str, SiteBoilerplate]]:
    sites = []
    at = _RECIPE_BYTES + _COUNT.size
    for _ in range(_COUNT.unpack_from(content, _RECIPE_BYTES)[0]):
        (length,) = _NAME.unpack_from(content, at)
        at += _NAME.size
        name = bytes(content[at : at + length]).decode("utf-8", "surrogatepass")
        at += length
        articles, units, shingles = _SITE.unpack_from(content, at)
        at += _SITE.size
        hashes = np.frombuffer(content, "<u8", units + shingles, at).astype(np.uint64)
        at += hashes.nbytes
        sites.append((name, SiteBoilerplate(articles, hashes[:units], hashes[units:])))
    return sites
