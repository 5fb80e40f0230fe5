"""Predictions and labels as files: rows of a batch run, and CSVs of gold."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

import orjson

from dedup.errors import FormatError, RecordError

__all__ = ["GoldPairs", "Pair", "make_pair", "read_clusters", "read_gold", "read_pairs"]

#: Two ids, the smaller first: a pair has no direction here.
Pair: TypeAlias = tuple[str, str]
#: What each labelled pair was labelled.
GoldPairs: TypeAlias = dict[Pair, str]

_PAIR_COLUMNS = (("id_a", "a"), ("id_b", "b"), ("label", "relation"))
_CLUSTER_COLUMNS = (("id",), ("cluster",))
#: So much of a line that names no columns is shown.
_SHOWN_COLUMNS = 120


def make_pair(a: str, b: str) -> Pair:
    """Return the pair of two ids, whichever comes first."""
    return (a, b) if a <= b else (b, a)


def read_pairs(lines: Iterable[bytes], path: str, *, matched: Collection[str]) -> set[Pair]:
    """Read the predicted pairs that count as matched.

    Parameters
    ----------
    lines : Iterable[bytes]
        JSON Lines as ``dedup batch --pairs`` writes them.
    path : str
        What errors call the file.
    matched : Collection[str]
        Relations that count; a row without a relation counts.
    """
    found: set[Pair] = set()
    for number, row in _objects(lines, path):
        a, b = row.get("a"), row.get("b")
        if not isinstance(a, str) or not isinstance(b, str):
            raise RecordError(path, number, 'no "a" and "b" with ids: not a file of pairs')
        if "relation" not in row or row["relation"] in matched:
            found.add(make_pair(a, b))
    return found


def read_clusters(lines: Iterable[bytes], path: str) -> dict[str, str]:
    """Read predicted clusters: for each id the cluster it is in.

    Raises
    ------
    RecordError
        If a row is no cluster, or an id is in two.
    """
    found: dict[str, str] = {}
    for number, row in _objects(lines, path):
        cluster, members = row.get("cluster"), row.get("members")
        if cluster is None or not isinstance(members, list):
            reason = 'no "cluster" and "members": not a file of clusters'
            raise RecordError(path, number, reason)
        ids = [m for m in (*members, row.get("representative")) if isinstance(m, str)]
        for member in dict.fromkeys(ids):
            if found.setdefault(member, str(cluster)) != str(cluster):
                raise RecordError(path, number, f"id {member!r} is in two clusters")
    return found


def read_gold(lines: Iterable[str], path: str) -> tuple[GoldPairs | None, dict[str, str] | None]:
    """Read a CSV of labels: pairs or clusters, as its columns say.

    Parameters
    ----------
    lines : Iterable[str]
        CSV with the columns ``id_a,id_b,label`` or ``id,cluster``; further
        columns are not read.
    path : str
        What errors call the file.

    Returns
    -------
    tuple[GoldPairs | None, dict[str, str] | None]
        The labelled pairs, or the cluster of each id; the other is None.

    Raises
    ------
    FormatError
        If the columns are neither.
    RecordError
        If a row is cut short, or two rows contradict each other.
    """
    reader = csv.DictReader(lines)
    columns = [name.strip().removeprefix("\ufeff") for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    if (names := _choose(_PAIR_COLUMNS, columns)) is not None:
        return _gold_pairs(_cells(reader, names, path), path), None
    if (names := _choose(_CLUSTER_COLUMNS, columns)) is not None:
        return None, _gold_clusters(_cells(reader, names, path), path)
    shown = ", ".join(columns) or "none"
    if len(shown) > _SHOWN_COLUMNS:
        shown = f"{shown[:_SHOWN_COLUMNS]}…"
    raise FormatError(path, f"needs columns id_a,id_b,label or id,cluster; it has {shown}")


def _choose(wanted: Iterable[tuple[str, ...]], columns: Collection[str]) -> list[str] | None:
    names = [next((name for name in names if name in columns), None) for names in wanted]
    chosen = [name for name in names if name is not None]
    return chosen if len(chosen) == len(names) else None


def _cells(
    reader: "csv.DictReader[str]", names: list[str], path: str
) -> Iterator[tuple[int, list[str]]]:
    for row in reader:
        cells = [row[name] for name in names]
        if not all(cells):
            reason = f"a row without {', '.join(names)}"
            raise RecordError(path, reader.line_num, reason)
        yield reader.line_num, cells


def _gold_pairs(rows: Iterable[tuple[int, list[str]]], path: str) -> GoldPairs:
    gold: GoldPairs = {}
    for number, (a, b, label) in rows:
        if a == b:
            raise RecordError(path, number, f"a pair of {a!r} with itself")
        if gold.setdefault(make_pair(a, b), label) != label:
            reason = f"the pair {a!r}, {b!r} has another label further up"
            raise RecordError(path, number, reason)
    return gold


def _gold_clusters(rows: Iterable[tuple[int, list[str]]], path: str) -> dict[str, str]:
    gold: dict[str, str] = {}
    for number, (identity, cluster) in rows:
        if gold.setdefault(identity, cluster) != cluster:
            raise RecordError(path, number, f"id {identity!r} is in two clusters")
    return gold


def _objects(lines: Iterable[bytes], path: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise RecordError(path, number, f"broken JSON: {error}") from error
        if not isinstance(row, dict):
            raise RecordError(path, number, "not a JSON object")
        yield number, row
