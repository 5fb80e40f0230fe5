"""A result as one SQLite file that `dedup explore` opens, a page at a time.

Format 2. ``application_id`` is ``0x64726573``, ``user_version`` the format.

================  ===============================================================
``meta``          key, value (JSON in UTF-8, deflated), CRC-32 of the value
``site``          name, articles learned from, units, shingles (64-bit, little-endian)
``article``       route id, its cluster's, 1 if it is kept, JSON of the fields, text (as in an
                  index: checksum, codec, bytes)
``cluster``       number (largest first), route id, what the list sorts by and shows
``view``          cluster; ids, lags and evidence (JSON)
``in_source``     source, cluster
``with_kind``     what changed, cluster
================  ===============================================================

Route ids are ids as a permalink spells them, so that any id can be a key.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path

from dedup.article import Article
from dedup.batch import Deduplication
from dedup.index.seal import TextPacker
from dedup.match import Evidence, Match
from dedup.output import output_path
from dedup.reports.figures import figures_of
from dedup.reports.listing import KINDS, index_of, kinds_of, what_if
from dedup.reports.result_rows import article_to_row, view_to_row
from dedup.reports.review import review_queue
from dedup.reports.survey import ClusterView, Survey
from dedup.reports.words import clip, pair_route, quoted

__all__ = ["APPLICATION", "FORMAT", "write_result_file"]

#: "dres"; an index of the filter has a number of its own.
APPLICATION, FORMAT = 0x64726573, 2
#: Texts are packed so many at once.
_AT_ONCE = 256
#: Of pages of 4 kB two rows of articles with their texts leave a quarter empty.
_PAGE_BYTES = 16384
_REVIEWED = 200
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE site (name TEXT PRIMARY KEY, articles INTEGER, units BLOB, shingles BLOB);
CREATE TABLE article (id TEXT PRIMARY KEY, cluster TEXT, kept INTEGER, fields TEXT, text BLOB);
CREATE TABLE cluster (number INTEGER PRIMARY KEY, id TEXT UNIQUE, size INTEGER, spread INTEGER,
  lag REAL, weakest REAL, title TEXT, words TEXT, sources TEXT, kinds TEXT);
CREATE TABLE view (cluster INTEGER PRIMARY KEY, view TEXT);
CREATE TABLE in_source (source INTEGER, cluster INTEGER, PRIMARY KEY (source, cluster))
  WITHOUT ROWID;
CREATE TABLE with_kind (kind INTEGER, cluster INTEGER, PRIMARY KEY (kind, cluster))
  WITHOUT ROWID;
"""
#: In the direction that is asked for first; equals in the order of their numbers.
_INDEXES = """
CREATE INDEX by_size ON cluster (size DESC, number);
CREATE INDEX by_spread ON cluster (spread DESC, number);
CREATE INDEX by_lag ON cluster (lag DESC, number);
CREATE INDEX by_weakest ON cluster (weakest, number);
"""


def write_result_file(
    survey: Survey,
    texts: Callable[[str], Article],
    path: str | os.PathLike[str],
    shell: str,
) -> None:
    """Write a result; the file is whole or not there.

    Parameters
    ----------
    texts : Callable[[str], Article]
        Gives an article with its text, by id; asked for every one.
    shell : str
        The page without clusters, for the server to send.
    """
    with output_path(path) as temporary:
        _fill(temporary, survey, texts, shell)


def _fill(path: Path, survey: Survey, texts: Callable[[str], Article], shell: str) -> None:
    queue = review_queue(survey.result, _REVIEWED)
    connection = sqlite3.connect(path)
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        with connection:
            connection.executemany("INSERT INTO meta VALUES (?, ?, ?)", _meta(survey, queue, shell))
            connection.executemany("INSERT INTO site VALUES (?, ?, ?, ?)", _sites(survey.result))
            connection.executemany(
                "INSERT INTO article VALUES (?, ?, ?, ?, ?)", _articles(survey, texts)
            )
            _write_clusters(connection, survey)
        connection.executescript(_INDEXES)
    finally:
        connection.close()


def _meta(survey: Survey, queue: Iterable[Match], shell: str) -> Iterator[tuple[str, bytes, int]]:
    result = survey.result
    pairs = [
        {"a": m.a, "b": m.b, "route": pair_route(m.a, m.b), "relation": str(m.relation),
         "duplicate": m.is_duplicate, "strength": round(m.strength, 4)}
        for m in queue
    ]  # fmt: skip
    policy = {**asdict(result.policy), "duplicates": sorted(map(str, result.policy.duplicates))}
    values = {
        "index": index_of(survey, pairs, what_if(survey)),
        "policy": policy,
        "recipe": asdict(result.recipe),
        "recipe_digest": result.recipe.digest,
        "run": {"keep": result.keep, "linkage": result.linkage, "tally": asdict(result.tally)},
        "is_whole": result.is_whole,
        "evidence": [field.name for field in fields(Evidence)],
        "figures": figures_of(survey),
        "shell": shell,
    }
    for key, value in values.items():
        packed = zlib.compress(json.dumps(value).encode())
        yield key, packed, zlib.crc32(packed)


def _sites(result: Deduplication) -> Iterator[tuple[str, int, bytes, bytes]]:
    for name, learned in result.boilerplate.sites.items():
        arrays = (array.astype("<u8").tobytes() for array in (learned.units, learned.shingles))
        yield (quoted(name), learned.articles, *arrays)  # type: ignore[misc]


def _articles(
    survey: Survey, texts: Callable[[str], Article]
) -> Iterator[tuple[str, str | None, bool, str, bytes]]:
    result, packer = survey.result, TextPacker("zstd")
    homes = {
        one: quoted(view.cluster.id) for view in survey.clusters for one in view.cluster.members
    }
    members = iter(result.members)
    while some := list(islice(members, _AT_ONCE)):
        articles = [texts(one) for one in some]
        packed = packer.pack([article.text for article in articles])
        for one, article, text in zip(some, articles, packed, strict=True):
            fields = json.dumps(article_to_row(article, result.members[one]))
            yield quoted(one), homes.get(one), one not in result.dropped, fields, text


def _write_clusters(connection: sqlite3.Connection, survey: Survey) -> None:
    outlets = {row.name: number for number, row in enumerate(survey.sources)}
    for number, view in enumerate(survey.clusters):
        sources = [outlets[name] for name in view.sources]
        kinds = [KINDS.index(kind) for kind in kinds_of(view, {})]
        connection.execute(
            "INSERT INTO cluster VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _row(number, view, sources, kinds),
        )
        connection.execute(
            "INSERT INTO view VALUES (?, ?)", (number, json.dumps(view_to_row(view)))
        )
        connection.executemany(
            "INSERT INTO in_source VALUES (?, ?)", ((source, number) for source in sources)
        )
        connection.executemany(
            "INSERT INTO with_kind VALUES (?, ?)", ((kind, number) for kind in kinds)
        )


def _row(
    number: int, view: ClusterView, sources: list[int], kinds: list[int]
) -> tuple[object, ...]:
    articles = [view.kept.article, *(copy.article for copy in view.copies)]
    titles = dict.fromkeys(clip(article.title, 160) for article in articles if article.title)
    words = [*titles, *view.sources, *(article.id for article in articles)]
    return (
        number,
        quoted(view.cluster.id),
        view.size,
        len(view.sources),
        view.lag_minutes,
        view.cluster.weakest.strength,
        clip(view.kept.article.title or view.kept.article.id, 160),
        "\n".join(clip(word, 160) for word in words).casefold(),
        json.dumps(sources),
        json.dumps(kinds),
    )
