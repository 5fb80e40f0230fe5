"""Keys by which an index finds articles by name: id, page, site, words, twin.

They stand beside the posting keys of :mod:`dedup.index.keys` in one structure; the
two lowest bits of all of them are 3.
"""

import hashlib
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dedup.shingles import Hashes, mix

__all__ = ["id_key", "name_keys", "page_key", "page_names", "site_key", "twin_key", "words_key"]

_NAME = 3
#: Sites whose keys need not be made again: each is asked for with every article of it.
_SITES_AT_HAND = 4096
#: Sets numbers apart from the hashes of other names.
_TWIN = 0x74_77_69_6E << 32
_WORDS = 0x77_6F_72_64 << 32


def id_key(identity: str) -> int:
    """Return the key of an article's id."""
    return _key(b"id", identity)


def page_key(url: str) -> int:
    """Return the key of an article's URL."""
    return _key(b"page", url)


@lru_cache(_SITES_AT_HAND)
def site_key(site: str) -> int:
    """Return the key of a site: all of its articles, each text once."""
    return _key(b"site", site)


def twin_key(number: int) -> int:
    """Return the key of the articles that repeat the text of an article."""
    return mix(number ^ _TWIN) | _NAME


def words_key(site: str, tokens: Hashes, units: NDArray[np.uint32]) -> int:
    """Return the key of an article of a site with these very words, chrome included.

    Others may have the same key: whoever looks up compares the words.
    """
    digest = zlib.crc32(tokens.data) << 32 ^ zlib.crc32(units.data)
    return mix(site_key(site) ^ _WORDS ^ digest) | _NAME


def page_names(identity: str, url: str | None) -> list[int]:
    """Return the keys under which versions of one page are found."""
    return [id_key(identity), page_key(url)] if url else [id_key(identity)]


def name_keys(
    identity: str,
    url: str | None,
    site: str,
    same_as: int,
    tokens: Hashes,
    units: NDArray[np.uint32],
) -> list[int]:
    """Return every name under which an article is posted."""
    names = page_names(identity, url)
    if same_as:
        return [*names, twin_key(same_as)]
    if len(tokens):
        names.append(words_key(site, tokens, units))
    return [*names, site_key(site)]


def _key(kind: bytes, name: str) -> int:
    raw = name.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(raw, digest_size=8, person=kind).digest()
    return int.from_bytes(digest, "little") | _NAME
