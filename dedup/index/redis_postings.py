"""Posting lists in Redis: strings of article number and sample size, oldest first."""

import struct
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index.posting_lists import Posted
from dedup.shingles import Hashes

__all__ = ["RedisPostings"]

_POSTING = struct.Struct("<QQ")
_LISTS_AT_ONCE = 1_000
_GET_NEWEST = """
    local found = {}
    for i, key in ipairs(KEYS) do found[i] = redis.call('GETRANGE', key, ARGV[1], -1) end
    return found
"""
#: Numbers only grow in a list, so that one is found by halving.
_PLACE_OF = f"""
    local function place_of(key, number)
        local low, high = 0, redis.call('STRLEN', key) / {_POSTING.size}
        while low < high do
            local middle = math.floor((low + high) / 2)
            local start = middle * {_POSTING.size}
            local found = struct.unpack('<I8', redis.call('GETRANGE', key, start, start + 7))
            if found == number then return nil end
            if found < number then low = middle + 1 else high = middle end
        end
        return low * {_POSTING.size}
    end
"""
_GET_MISSING = f"""{_PLACE_OF}
    local missing = {{}}
    for i, key in ipairs(KEYS) do missing[i] = place_of(key, tonumber(ARGV[1])) and 1 or 0 end
    return missing
"""
_INSERT = f"""{_PLACE_OF}
    if redis.call('EXISTS', KEYS[1]) == 0 then return end
    for i = 2, #KEYS do
        local place = place_of(KEYS[i], tonumber(ARGV[1]))
        if place then
            local newer = redis.call('GETRANGE', KEYS[i], place, -1)
            redis.call('SETRANGE', KEYS[i], place, ARGV[2] .. newer)
        end
    end
"""


class RedisPostings:
    """The posting lists of one index.

    Parameters
    ----------
    db
        A client of redis.
    prefix : bytes
        What the names of its keys begin with.
    """

    def __init__(self, db: Any, prefix: bytes) -> None:  # noqa: ANN401 - its types allow for text
        self._db = db
        self._prefix = prefix
        self._get_newest = db.register_script(_GET_NEWEST)
        self._get_missing = db.register_script(_GET_MISSING)
        self._insert = db.register_script(_INSERT)

    @property
    def count(self) -> int:
        """Postings so far."""
        total = 0
        for names in self.lists():
            with self._db.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.strlen(name)
                total += sum(pipe.execute()) // _POSTING.size
        return total

    def newest(self, keys: Sequence[int], most: int) -> list[Posted]:
        """Return the newest postings of each key."""
        start = -min(most, 1 << 40) * _POSTING.size
        found = self._get_newest(keys=self._names(keys), args=[start])
        return [np.frombuffer(raw, np.uint64).reshape(-1, 2) for raw in found]

    def append(self, pipe: Any, keys: Hashes, number: int, samples: int) -> None:  # noqa: ANN401
        """Append the postings of the newest article."""
        posting = _POSTING.pack(number, samples)
        for name in self._names(keys.tolist()):
            pipe.append(name, posting)

    def missing(self, asked: Sequence[tuple[int, Hashes]]) -> list[NDArray[np.bool_]]:
        """Return for articles and their keys which of these are not posted."""
        with self._db.pipeline(transaction=False) as pipe:
            for number, keys in asked:
                self._get_missing(keys=self._names(keys.tolist()), args=[number], client=pipe)
            return [np.array(one, np.bool_) for one in pipe.execute()]

    def insert(self, pipe: Any, keys: Hashes, number: int, samples: int) -> None:  # noqa: ANN401
        """Insert postings of an article where they belong, if it is still there."""
        names = [self._prefix + b"article:%d" % number, *self._names(keys.tolist())]
        self._insert(keys=names, args=[number, _POSTING.pack(number, samples)], client=pipe)

    def thin(self, names: Sequence[bytes], live: Hashes, last: int) -> None:
        """Drop from lists the postings of articles up to the last that are not live."""
        for name, raw in zip(names, self._db.mget(names), strict=True):
            if not _are_kept(raw or b"", live, last).all():
                self._db.transaction(partial(_thin, name=name, live=live, last=last), name)

    def lists(self) -> Iterator[list[bytes]]:
        """Yield the names of some lists at a time."""
        found = self._db.scan_iter(self._prefix + b"k:*", count=_LISTS_AT_ONCE)
        while names := list(islice(found, _LISTS_AT_ONCE)):
            yield names

    def _names(self, keys: Sequence[int]) -> list[bytes]:
        return [self._prefix + b"k:%016x" % key for key in keys]


def _thin(pipe: Any, name: bytes, live: Hashes, last: int) -> None:  # noqa: ANN401
    raw = pipe.get(name) or b""
    kept = np.frombuffer(raw, np.uint64).reshape(-1, 2)[_are_kept(raw, live, last)]
    pipe.multi()
    if len(kept):
        pipe.set(name, kept.tobytes())
    else:
        pipe.delete(name)


def _are_kept(postings: bytes, live: Hashes, last: int) -> NDArray[np.bool_]:
    numbers = np.frombuffer(postings, np.uint64)[::2]
    is_live = np.append(live, np.uint64(0))[np.searchsorted(live, numbers)] == numbers
    kept: NDArray[np.bool_] = is_live | (numbers > last)
    return kept
