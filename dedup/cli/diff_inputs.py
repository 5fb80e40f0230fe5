"""What ``dedup diff`` compares: files, one record of a feed, a cluster's articles."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dedup.article import Article
from dedup.errors import FormatError, InputError

__all__ = ["ClusterInput", "read_article", "read_cluster"]

_STDIN = "-"
_SHOWN_IDS = 3
#: As of a text in a feed.
_MOST_BYTES = 32 << 20
_FEED_SUFFIXES = (".jsonl", ".ndjson", ".jl", ".jsonl.gz", ".ndjson.gz", ".jl.gz")
_BOM = b"\xef\xbb\xbf"
#: How gzip, zstd, bzip2 and xz begin.
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")
_PAGE_STARTS = (b"<!doctype html", b"<html")


def read_article(name: str) -> Article:
    """Read one article.

    Parameters
    ----------
    name : str
        A text or a saved web page, ``-`` for standard input, a JSONL file of one
        record, or ``FILE#ID`` for one record of many.

    Raises
    ------
    InputError
        If it cannot be read as one article; the message says how to mend it.
    """
    path = Path(name)
    if name != _STDIN and path.is_dir():
        raise InputError(f"{name}: a folder; name one file, or one record as FILE#ID")
    if name != _STDIN and not path.exists():
        found = _split_id(name)
        if found is not None:
            return _read_record(*found)
    if path.is_file() and not name.lower().endswith(_FEED_SUFFIXES):
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
        if not raw.startswith(_PACKED):
            return _read_whole(name, raw)  # the usual case needs no reader of feeds
    return _read_source(name)


def _read_source(name: str) -> Article:
    """Read one article from what may be packed, a feed or standard input."""
    from dedup.formats import read_articles
    from dedup.formats.sources import find_sources, open_source

    sources, _ = find_sources([name])
    with open_source(sources[0]) as (stream, head):
        start = head.removeprefix(_BOM).lstrip()
        is_stdin_feed = name == _STDIN and start.startswith(b"{")
        if is_stdin_feed:
            return _only(name, [_parse_line(line) for line in stream if line.strip()])
        if not name.lower().endswith(_FEED_SUFFIXES):
            return _read_whole(name, stream.read(_MOST_BYTES + 1))
    return _only(name, read_articles([name], unique_ids=False))


def _read_whole(name: str, raw: bytes) -> Article:
    if len(raw) > _MOST_BYTES:
        raise FormatError(name, f"larger than {_MOST_BYTES >> 20} MiB: no single article")
    start = raw[:1024].removeprefix(_BOM).lstrip()[:15].lower()
    if start.startswith(_PAGE_STARTS) or name.lower().endswith((".html", ".htm")):
        from dedup.formats.page import read_page

        # Nothing is left out: what is chrome, the diff sets apart.
        return read_page(name, raw, extract="whole")
    return Article(name, _decode(name, raw))


def _split_id(name: str) -> tuple[str, str] | None:
    """Cut ``FILE#ID`` at the first # behind which a file's name ends."""
    at = name.find("#")
    while at >= 0:
        if name[:at] == _STDIN or Path(name[:at]).is_file():
            return name[:at], name[at + 1 :]
        at = name.find("#", at + 1)
    return None


def _read_record(path: str, wanted: str) -> Article:
    from dedup.formats import read_articles

    seen: list[str] = []
    for article in read_articles([path], unique_ids=False):
        if article.id == wanted:
            return article
        if len(seen) < _SHOWN_IDS:
            seen.append(article.id)
    ids = ", ".join(seen) or "none"
    raise InputError(f"{path}: no record with id {wanted!r}; its ids begin: {ids}")


def _only(name: str, articles: Iterable[Article]) -> Article:
    found: Article | None = None
    for article in articles:
        if found is not None:
            raise InputError(
                f"{name}: holds several records; name one as FILE#ID, such as {name}#{found.id}"
            )
        found = article
    if found is None:
        raise InputError(f"{name}: holds no record")
    return found


def _parse_line(line: bytes) -> Article:
    from dedup.formats.fields import FieldMap

    try:
        fields = json.loads(line)
    except ValueError as error:
        raise InputError(f"-: {error}; one JSON object a line is read") from error
    mapped = FieldMap().article(fields, fallback_id=_STDIN)
    if mapped.article is None:
        raise InputError(f"-: {mapped.problem}")
    return mapped.article


def _decode(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            name,
            f"byte {error.start} is not UTF-8; convert the file first: "
            f"iconv -f WINDOWS-1252 -t UTF-8 {name}",
        ) from error


class ClusterInput:
    """A cluster's articles, and what their sites repeat.

    Attributes
    ----------
    representative : Article
    copies : list[Article]
        The other members, in the cluster's order.
    boilerplate : Boilerplate
        Learned from all articles of the feeds.
    """

    def __init__(self, cluster: str, clusters: str, feeds: Sequence[str]) -> None:
        from dedup.boilerplate.learned import learn_boilerplate
        from dedup.detector import collect
        from dedup.formats import read_articles

        row = _find_cluster(cluster, clusters)
        members = [str(member) for member in row["members"]]  # type: ignore[attr-defined]
        wanted = set(members)
        articles: dict[str, Article] = {}

        def keep_members() -> Iterator[Article]:
            for article in read_articles(feeds):
                if article.id in wanted:
                    articles[article.id] = article
                yield article

        corpus = collect(keep_members())
        missing = [member for member in members if member not in articles]
        if missing:
            raise InputError(
                f"{clusters}: cluster {cluster!r} has {len(missing)} members that the feeds "
                f"lack, such as {missing[0]!r}; name all feeds of that batch"
            )
        first = str(row["representative"])
        self.representative = articles[first]
        self.copies = [articles[member] for member in members if member != first]
        self.boilerplate = learn_boilerplate(corpus.batch, corpus.sites)


def read_cluster(cluster: str, clusters: str, feeds: Sequence[str]) -> ClusterInput:
    """Read one cluster of a batch result with its articles.

    Parameters
    ----------
    cluster : str
        Its id, or the id of any of its members.
    clusters : str
        The file that ``dedup batch --clusters`` wrote.
    feeds : Sequence[str]
        What that batch read.
    """
    return ClusterInput(cluster, clusters, feeds)


def _find_cluster(cluster: str, clusters: str) -> dict[str, object]:
    from dedup.formats.sources import find_sources, open_source

    sources, _ = find_sources([clusters])
    with open_source(sources[0]) as (stream, _):
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                members = row["members"]
                is_found = cluster == row["cluster"] or cluster in members
                row["representative"]
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{clusters}:{number}: no row of a clusters file "
                    '({"cluster", "representative", "members"})'
                ) from error
            if is_found:
                return dict(row)
    raise InputError(f"{clusters}: no cluster {cluster!r}, nor one with such a member")
