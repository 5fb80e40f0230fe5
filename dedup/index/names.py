"""Keys by which an index finds articles by name: id, page, site, twin.

They stand beside the posting keys of :mod:`dedup.index.keys` in one structure; the
two lowest bits of all of them are 3.
"""

import hashlib

from dedup.shingles import mix

__all__ = ["id_key", "name_keys", "page_key", "page_names", "site_key", "twin_key"]

_NAME = 3
#: Sets numbers apart from the hashes of other names.
_TWIN = 0x74_77_69_6E << 32


def id_key(identity: str) -> int:
    """Return the key of an article's id."""
    return _key(b"id", identity)


def page_key(url: str) -> int:
    """Return the key of an article's URL."""
    return _key(b"page", url)


def site_key(site: str) -> int:
    """Return the key of a site: all of its articles, each text once."""
    return _key(b"site", site)


def twin_key(number: int) -> int:
    """Return the key of the articles that repeat the text of an article."""
    return mix(number ^ _TWIN) | _NAME


def page_names(identity: str, url: str | None) -> list[int]:
    """Return the keys under which versions of one page are found."""
    return [id_key(identity), page_key(url)] if url else [id_key(identity)]


def name_keys(identity: str, url: str | None, site: str, same_as: int) -> list[int]:
    """Return every name under which an article is posted."""
    return [*page_names(identity, url), twin_key(same_as) if same_as else site_key(site)]


def _key(kind: bytes, name: str) -> int:
    raw = name.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(raw, digest_size=8, person=kind).digest()
    return int.from_bytes(digest, "little") | _NAME
