"""Read a result file: the list by SQL, clusters and pairs rendered when asked for."""

import json
import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from dedup.article import Article
from dedup.batch import Deduplication, Tally
from dedup.boilerplate.learned import Boilerplate, SiteBoilerplate
from dedup.cluster import Member, Members
from dedup.errors import IndexCorruptError, IndexFormatError, InputError
from dedup.fingerprint import Recipe
from dedup.index.seal import checked, unpack_text
from dedup.match import Evidence, Matches, Policy, Relation
from dedup.reports.figures import Figures
from dedup.reports.pages import Change, cluster_fragment, pair_fragment
from dedup.reports.pair_view import view_pair
from dedup.reports.result_file import APPLICATION, FORMAT
from dedup.reports.result_rows import row_to_article, row_to_member, row_to_view
from dedup.reports.survey import ClusterView
from dedup.reports.words import pair_route, quoted, unquoted

__all__ = ["PAGE_ROWS", "SORTS", "StoredResult", "is_result_file"]

PAGE_ROWS = 50
SORTS = ("size", "spread", "lag", "weakest")
#: Copies of a cluster that are compared when its page is opened, 20 ms each.
_COMPARED = 24
_REMEMBERED = 512
#: Articles that are read at once.
_AT_ONCE = 256
#: The header of an SQLite file, and where in it the application's number stands.
_HEAD_BYTES, _APPLICATION_AT = 100, 68
_NO_RESULT = "no result file; `dedup batch --result FILE` writes one"
_OTHER_RELEASE = "made by a release that judges otherwise: run the batch again"


def is_result_file(path: str | Path) -> bool:
    """Say whether a file says of itself that it is a result."""
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return False
    return head[_APPLICATION_AT : _APPLICATION_AT + 4] == APPLICATION.to_bytes(4)


class StoredResult:
    """A result file, open for reading; safe to share between threads.

    Raises
    ------
    IndexFormatError
        No result file, or of a format that this release does not read.
    IndexCorruptError
        A checksum does not hold.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        if not Path(path).exists():
            raise InputError(f"{path}: no such file; `dedup batch --result FILE` writes one")
        self._lock = threading.Lock()
        self._changes: OrderedDict[tuple[str, str], Change] = OrderedDict()
        try:
            uri = f"{Path(path).resolve().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            found = [self._one(f"PRAGMA {name}")[0] for name in ("application_id", "user_version")]
        except sqlite3.DatabaseError as error:
            raise IndexFormatError(self.path, _NO_RESULT) from error
        if found[0] != APPLICATION:
            raise IndexFormatError(self.path, _NO_RESULT)
        if found[1] != FORMAT:
            reason = f"format {found[1]}, and this release reads {FORMAT}: run the batch again"
            raise IndexFormatError(self.path, reason)
        self.result = self._result()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def shell(self) -> str:
        """The page without clusters."""
        return str(self._meta("shell"))

    @property
    def index(self) -> Mapping[str, object]:
        """What the page's scripts need besides the list."""
        found: Mapping[str, object] = self._meta("index")
        return found

    @property
    def figures(self) -> Figures:
        """The numbers behind the plots."""
        found: Figures = self._meta("figures")
        return found

    @property
    def is_whole(self) -> bool:
        """Every article that the run knew is here; not so after a run with an archive."""
        return bool(self._meta("is_whole"))

    def articles(self) -> Iterator[tuple[Article, bool]]:
        """Yield every article, and whether it is kept, in the order of the input."""
        last = 0
        query = (
            "SELECT rowid, kept, fields, text FROM article WHERE rowid > ? ORDER BY rowid LIMIT ?"
        )
        while rows := self._all(query, (last, _AT_ONCE)):
            for _, kept, held, text in rows:
                yield self._unpacked(held, text), bool(kept)
            last = rows[-1][0]

    def listed(
        self,
        *,
        words: Sequence[str] = (),
        source: int | None = None,
        kind: int | None = None,
        sort: str = "size",
        is_down: bool = True,
        page: int = 0,
    ) -> dict[str, object]:
        """Return a page of the list of clusters, and how many there are."""
        tests: list[str] = []
        values: list[str] = []
        for word in words:
            tests.append("instr(words, ?) > 0")
            values.append(word.casefold())
        for number, table, column in ((source, "in_source", "source"), (kind, "with_kind", "kind")):
            if number is not None:
                tests.append(f"number IN (SELECT cluster FROM {table} WHERE {column} = ?)")  # noqa: S608
                values.append(str(number))
        where = f"WHERE {' AND '.join(tests)}" if tests else ""
        column = sort if sort in SORTS else "size"
        is_usual = is_down == (column != "weakest")
        order = f"{column} {'DESC' if is_down else 'ASC'}, number {'ASC' if is_usual else 'DESC'}"
        total = self._one(f"SELECT count(*) FROM cluster {where}", values)[0]  # noqa: S608
        rows = self._all(
            "SELECT id, title, size, sources, lag, weakest, kinds FROM cluster "  # noqa: S608
            f"{where} ORDER BY {order} LIMIT {PAGE_ROWS} OFFSET {max(page, 0) * PAGE_ROWS}",
            values,
        )
        return {"total": total, "rows": [_listed_row(row) for row in rows]}

    def fragment(self, route: str) -> str | None:
        """Return the page of a cluster or a pair, or None if there is none."""
        kind, *ids = route.strip("/").split("/")
        if kind == "cluster" and len(ids) == 1:
            return self._cluster(ids[0])
        if kind == "pair" and len(ids) == 2:
            return self._pair(*ids)
        return None

    def _cluster(self, route_id: str) -> str | None:
        view = self._view(route_id)
        if view is None:
            return None
        kept = view.kept.article.id
        known = {
            (kept, copy.article.id): change
            for copy in view.copies[:_COMPARED]
            if (change := self._change(kept, copy.article.id)) is not None
        }
        weakest = view.cluster.weakest
        route = pair_route(weakest.a, weakest.b)
        return str(cluster_fragment(view, self.result, known, weakest_route=route))

    def _pair(self, a: str, b: str) -> str | None:
        one, other = self._article(unquoted(a)), self._article(unquoted(b))
        if one is None or other is None:
            return None
        pair = view_pair(one, other, self.result)
        self._remember((one.id, other.id), Change(pair.shares, pair.kinds))
        homes = [self._one("SELECT cluster FROM article WHERE id = ?", (x,)) for x in (a, b)]
        view = self._view(homes[0][0]) if homes[0] == homes[1] and homes[0][0] else None
        return str(pair_fragment(pair, self.result, "p-", view))

    def _change(self, a: str, b: str) -> Change | None:
        if (a, b) not in self._changes:
            one, other = self._article(a), self._article(b)
            if one is None or other is None:
                return None
            pair = view_pair(one, other, self.result)
            self._remember((a, b), Change(pair.shares, pair.kinds))
        return self._changes.get((a, b))

    def _remember(self, key: tuple[str, str], change: Change) -> None:
        with self._lock:
            self._changes[key] = change
            while len(self._changes) > _REMEMBERED:
                self._changes.popitem(last=False)

    def _view(self, route_id: str) -> ClusterView | None:
        query = "SELECT view FROM view WHERE cluster = (SELECT number FROM cluster WHERE id = ?)"
        row = self._one(query, (route_id,))
        if not row:
            return None
        return row_to_view(json.loads(row[0]), self._member)

    def _member(self, identity: str) -> Member:
        return row_to_member(json.loads(self._row_of(identity)[0]))

    def _article(self, identity: str) -> Article | None:
        row = self._row_of(identity)
        if not row:
            return None
        return self._unpacked(*row)

    def _unpacked(self, held: str, text: bytes) -> Article:
        article = json.loads(held)
        checked(text, self.path, f"the text of {article['id']!r}", mend="run the batch again")
        return row_to_article(article, unpack_text(text))

    def _row_of(self, identity: str) -> tuple[Any, ...]:
        query = "SELECT fields, text FROM article WHERE id = ?"
        return self._one(query, (quoted(identity),))

    def _result(self) -> Deduplication:
        run, policy = self._meta("run"), self._meta("policy")
        duplicates = frozenset(map(Relation, policy.pop("duplicates")))
        try:
            recipe = Recipe(**self._meta("recipe"))
            judged = Policy(**policy, duplicates=duplicates)
            tally = Tally(**run["tally"])
        except TypeError as error:
            raise IndexFormatError(self.path, _OTHER_RELEASE) from error
        names = [field.name for field in fields(Evidence)]
        if recipe.digest != self._meta("recipe_digest") or names != self._meta("evidence"):
            raise IndexFormatError(self.path, _OTHER_RELEASE)
        learned = self._boilerplate()
        pairs, members = Matches.of((), judged), Members.of(())
        return Deduplication(
            pairs, members, learned, recipe, judged, run["keep"], run["linkage"], tally
        )

    def _boilerplate(self) -> Boilerplate:
        rows = self._all("SELECT name, articles, units, shingles FROM site")
        return Boilerplate(
            MappingProxyType({
                unquoted(name): SiteBoilerplate(articles, *(_hashes(x) for x in (units, shingles)))
                for name, articles, units, shingles in rows
            })
        )  # fmt: skip

    def _meta(self, key: str) -> Any:  # noqa: ANN401 - what JSON holds
        row = self._one("SELECT value, crc FROM meta WHERE key = ?", (key,))
        if not row or zlib.crc32(row[0]) != row[1]:
            raise IndexCorruptError(self.path, f"{key!r} is missing or damaged")
        return json.loads(zlib.decompress(row[0]))

    def _one(self, query: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
        with self._lock:
            return self._connection.execute(query, values).fetchone() or ()

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _listed_row(row: tuple[Any, ...]) -> dict[str, object]:
    route_id, title, size, sources, lag, weakest, kinds = row
    return {
        "route": f"/cluster/{route_id}", "title": title, "size": size,
        "outlets": json.loads(sources), "lag": lag, "weakest": weakest, "kinds": json.loads(kinds),
    }  # fmt: skip


def _hashes(raw: bytes) -> "np.typing.NDArray[np.uint64]":
    return np.frombuffer(raw, "<u8").astype(np.uint64)
