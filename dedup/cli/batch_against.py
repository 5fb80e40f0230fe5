"""``dedup batch --against``: the day's articles and those of an index."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.batch_output import Outputs
from dedup.errors import ArgumentError, IndexFormatError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.cli.progress import ProgressLine
    from dedup.daily import Continuation
    from dedup.detector import Scratch
    from dedup.match import Policy

__all__ = ["check_against", "run_against"]

_SQLITE = b"SQLite format 3\0"


def check_against(url: str, outputs: Outputs, resume: str | None) -> None:
    """Refuse what is no index, and what cannot be made with one.

    Raises
    ------
    ArgumentError
        An option does not go with ``--against``.
    IndexFormatError
        A file or folder is something else.
    """
    from dedup.reports.stored_result import is_result_file

    if outputs.report is not None or outputs.result is not None:
        raise ArgumentError(
            "--report and --result show a run that has all texts: leave them out, import the "
            f"articles into {url}, and look at all of it with `dedup explore {url}`"
        )
    if resume is not None:
        raise ArgumentError("--resume does not go with --against: leave one of them out")
    if is_result_file(url):
        raise IndexFormatError(
            url,
            "a result has the texts of articles in pairs only, so a new article could not be "
            "matched with the others: make an index of the feeds that it was made of, "
            "`dedup index create seen.db FEED...`, and give that",
        )
    if Path(url).exists() and not _is_database(Path(url)):
        raise IndexFormatError(
            url,
            "no index: make one of the articles seen before, "
            "`dedup index create seen.db FEED...`, and give that",
        )


def _is_database(path: Path) -> bool:
    if path.is_dir():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


def run_against(
    url: str,
    articles: "Iterable[Article]",
    *,
    policy: "Policy",
    keep: str,
    linkage: str,
    scratch: "Scratch",
    jobs: int,
    progress: "ProgressLine",
) -> "Continuation":
    """Match articles with each other and with an index that is there; note what that means."""
    from dedup.daily import deduplicate_against
    from dedup.index import open_index

    with open_index(url, create=False) as index:
        found = deduplicate_against(
            articles,
            index,
            policy=policy,
            keep=keep,
            linkage=linkage,
            scratch=scratch,
            jobs=jobs,
            progress=progress,
        )
    return replace(found, notes=(*found.notes, *_notes_of(found, url)))


def _notes_of(result: "Continuation", url: str) -> list[str]:
    seen = sum(len(one.members) - len(one.archived) for one in result.clusters if one.archived)
    add = f"`dedup index import {url} FEED...` adds the new ones"
    notes = [f"{seen:,} articles are in clusters of {url}, which stays as it is: {add}"]
    merged = sum(len(one.merged) for one in result.clusters)
    if merged:
        notes.append(f"{merged:,} clusters of {url} are part of older ones now: see `merged`")
    if result.unlisted:
        notes.append(
            f"{result.unlisted:,} pairs of articles with the very same body are not listed: "
            "each of those is paired with the first or the strongest"
        )
    return notes
