"""An index in Redis, for many workers on many machines.

A transaction writes nothing until its end, when all of it is sent as one
``MULTI``/``EXEC`` that fails if another was faster (``WATCH``); then the work is done
again. A short-lived key that workers take turns by saves them most of these
repetitions, but nothing depends on it.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from dedup.errors import IndexFormatError, OptionalDependencyError, StoredIndexError
from dedup.index.address import split_options
from dedup.index.protocol import Info, Settings
from dedup.index.redis_postings import RedisPostings
from dedup.index.server import Additions, ServerIndex
from dedup.shingles import Hashes

__all__ = ["RedisIndex"]

T = TypeVar("T")

_MAGIC = "dedup-index"
_TURN_MILLISECONDS = 10_000
_WAIT_SECONDS = 0.0005
_NUMBERS_AT_ONCE = 10_000
_END_TURN = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class RedisIndex(ServerIndex):
    """An index in Redis, under keys that begin with its name (``?name=``, ``dedup``).

    Raises
    ------
    StoredIndexError
        The server cannot be reached, or keeps nothing when it is killed
        (``appendonly no``; ``?durability=none`` accepts that).
    """

    _postings: RedisPostings

    def __init__(self, url: str, settings: Settings | None, *, may_exist: bool = True) -> None:
        super().__init__(url)
        server, options = split_options(url, "name", "durability")
        self._prefix = options.get("name", "dedup").encode() + b":"
        try:
            import redis
        except ImportError as error:
            raise OptionalDependencyError("redis", "redis", "an index in Redis") from error
        self._error: type[Exception] = redis.RedisError
        self._race: type[Exception] = redis.WatchError
        # Its types allow for answers decoded to text, which these never are.
        self._db: Any = redis.Redis.from_url(server)
        self._postings = RedisPostings(self._db, self._prefix)
        self._end_turn = self._db.register_script(_END_TURN)
        with self._errors():
            if options.get("durability") != "none":
                self._check_durability()
            self._set_up(settings, may_exist=may_exist)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read while the context lasts; what others add meanwhile may be seen."""
        with self._lock, self._errors():
            yield

    def transact(self, work: Callable[[], T]) -> T:
        """Do work alone: all of what it adds is kept, or nothing."""
        with self._lock, self._errors(), self._turn(), self._db.pipeline() as pipe:
            while True:
                pipe.watch(self._key(b"stamp"))
                last = int(self._db.get(self._key(b"last")) or 0)
                self._new = Additions(last, self._read_version())
                try:
                    result = work()
                    if not self._new.is_empty:
                        self._write(pipe, self._new)
                except self._race:
                    continue
                finally:
                    self._new = None
                    pipe.reset()
                return result

    @property
    def state(self) -> str:
        """Another whenever something else is in it, in whatever process."""
        return f"{self._id}-{self._number_at(b'stamp')}"

    @property
    def last_number(self) -> int:
        """The number of the newest article."""
        return self._number_at(b"last")

    def info(self) -> Info:
        """Say what is in it."""
        articles = accepted = repeats = 0
        for row in self.scan():
            articles, accepted = articles + 1, accepted + row.is_accepted
            repeats += row.same_as > 0
        with self._errors():
            memory = int(self._db.info("memory")["used_memory"])
            sites, postings = len(self._names("counts")), self._postings.count
        return Info(articles, accepted, repeats, sites, postings, 0, memory)

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def _set_up(self, settings: Settings | None, *, may_exist: bool) -> None:
        meta = self._key(b"meta")
        if settings is not None:
            row = json.dumps({"magic": _MAGIC, "id": uuid.uuid4().hex, **settings.as_row()})
            is_made = self._db.setnx(meta, row)
            if not is_made and not may_exist:
                raise StoredIndexError(self.url, "exists already")
        raw = self._db.get(meta)
        if raw is None:
            raise StoredIndexError(self.url, "there is no such index; `dedup index create` it")
        try:
            row = json.loads(raw)
        except ValueError as error:
            raise IndexFormatError(self.url, "is no index of dedup") from error
        if not isinstance(row, dict) or row.get("magic") != _MAGIC:
            raise IndexFormatError(self.url, "is no index of dedup")
        self.settings = Settings.from_row(row, self.url)
        self._id = str(row.get("id"))

    def _check_durability(self) -> None:
        try:
            is_kept = self._db.config_get("appendonly").get("appendonly")
        except self._error:
            return  # a hosted server does not tell
        if is_kept == "no":
            raise StoredIndexError(
                self.url,
                "this server forgets everything when it is killed: set `appendonly yes`, "
                "or accept that with ?durability=none",
            )

    @contextmanager
    def _turn(self) -> Iterator[None]:
        token = uuid.uuid4().hex
        key = self._key(b"turn")
        while not self._db.set(key, token, nx=True, px=_TURN_MILLISECONDS):
            time.sleep(_WAIT_SECONDS)
        try:
            yield
        finally:
            self._end_turn(keys=[key], args=[token])

    def _write(self, pipe: Any, new: Additions) -> None:  # noqa: ANN401 - its type is private
        pipe.multi()
        for number, (row, text) in new.articles.items():
            pipe.set(self._key(b"article:%d" % number), row)
            pipe.zadd(self._key(b"numbers"), {str(number): number})
            if text is not None:
                pipe.set(self._key(b"text:%d" % number), text)
        for number, keys, samples in new.postings:
            if number in new.articles:
                self._postings.append(pipe, keys, number, samples)
        for table, rows in ((b"counts", new.counts), (b"site", new.sites)):
            for name, row in rows.items():
                pipe.hset(self._key(table), _raw(name), row)
        for number in new.removed:
            pipe.delete(self._key(b"article:%d" % number), self._key(b"text:%d" % number))
            pipe.zrem(self._key(b"numbers"), str(number))
        pipe.set(self._key(b"last"), new.last)
        pipe.set(self._key(b"version"), new.version)
        pipe.incr(self._key(b"stamp"))
        pipe.execute()

    def _post(self, missing: Sequence[tuple[int, Hashes, int]]) -> None:
        # In turn, as whoever writes meanwhile would have to do his work again.
        with self._turn(), self._db.pipeline() as pipe:
            for number, keys, samples in missing:
                self._postings.insert(pipe, keys, number, samples)
            pipe.incr(self._key(b"stamp"))
            pipe.execute()

    def _thin(self) -> Iterator[None]:
        # Asked first: what is added meanwhile stays.
        last, live = self.last_number, np.fromiter(self._numbers(), np.uint64)
        for names in self._postings.lists():
            self._postings.thin(names, live, last)
            yield

    def _numbers(self) -> Iterator[int]:
        after = 0
        while numbers := self._numbers_after(after, _NUMBERS_AT_ONCE):
            yield from numbers
            after = numbers[-1]

    def _read(self, table: str, names: Sequence[int | str]) -> list[bytes | None]:
        with self._errors():
            if table in ("counts", "site"):
                asked = [_raw(str(name)) for name in names]
                return list(self._db.hmget(self._key(table.encode()), asked))
            return list(self._db.mget([self._key(f"{table}:{name}".encode()) for name in names]))

    def _names(self, table: str) -> list[str]:
        with self._errors():
            names = self._db.hkeys(self._key(table.encode()))
        return sorted(name.decode("utf-8", "surrogatepass") for name in names)

    def _numbers_after(self, number: int, most: int) -> list[int]:
        found = self._db.zrangebyscore(
            self._key(b"numbers"), f"({number}", "+inf", start=0, num=most
        )
        return [int(one) for one in found]

    def _read_version(self) -> int:
        return self._number_at(b"version")

    def _number_at(self, name: bytes) -> int:
        with self._errors():
            return int(self._db.get(self._key(name)) or 0)

    def _key(self, name: bytes) -> bytes:
        return self._prefix + name

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise StoredIndexError(self.url, str(error)) from error


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
