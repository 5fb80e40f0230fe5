"""``dedup batch --against``: the day's articles and those of an index or an earlier result."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.batch_output import Outputs
from dedup.errors import IndexFormatError, InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.cli.progress import ProgressLine
    from dedup.daily import Continuation
    from dedup.detector import Scratch
    from dedup.index import Index
    from dedup.match import Policy

__all__ = ["Archive", "check_against", "open_archive"]

_SQLITE = b"SQLite format 3\0"


def check_against(name: str) -> None:
    """Refuse what is neither index nor result.

    Raises
    ------
    IndexFormatError
        A file or folder is something else.
    """
    if Path(name).exists() and not _is_database(Path(name)):
        raise IndexFormatError(
            name,
            "no index: make one of the articles seen before, "
            "`dedup index create seen.db FEED...`, and give that",
        )


def _is_database(path: Path) -> bool:
    if path.is_dir():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


@dataclass(frozen=True, slots=True)
class Archive:
    """Articles that were seen before.

    Attributes
    ----------
    name : str
        As the user has it.
    index : Index
    is_result : bool
        The index is that of a result file, for the while.
    """

    name: str
    index: "Index"
    is_result: bool

    def find(
        self,
        articles: "Iterable[Article]",
        *,
        policy: "Policy",
        keep: str,
        linkage: str,
        scratch: "Scratch",
        jobs: int,
        progress: "ProgressLine",
    ) -> "Continuation":
        """Match articles with each other and with these; note what that means."""
        from dedup.daily import deduplicate_against

        found = deduplicate_against(
            articles,
            self.index,
            policy=policy,
            keep=keep,
            linkage=linkage,
            learns=True if self.is_result else None,
            scratch=scratch,
            jobs=jobs,
            progress=progress,
        )
        return replace(found, notes=(*found.notes, *self._notes_of(found)))

    def _notes_of(self, found: "Continuation") -> list[str]:
        from dedup.reports.words import plural

        seen = sum(len(one.members) - len(one.archived) for one in found.clusters if one.archived)
        add = (
            "day by day an index grows: `dedup index create seen.db FEED...`"
            if self.is_result
            else f"`dedup index import {self.name} FEED...` adds the new ones"
        )
        notes = [
            f"{plural(seen, 'article')} in clusters of {self.name}, which stays as it is: {add}"
        ]
        merged = sum(len(one.merged) for one in found.clusters)
        if merged:
            notes.append(
                f"{plural(merged, 'cluster')} of {self.name} now part of older ones: see `merged`"
            )
        if found.unlisted:
            notes.append(
                f"{plural(found.unlisted, 'pair')} of articles with the very same body left out: "
                "each of those is paired with the first or the strongest"
            )
        return notes

    def texts(self, found: "Continuation") -> "Callable[[str], Article]":
        """Return what gives the archive's articles in pairs with their texts, by name."""
        from dedup.index.seal import unpack_text

        def text(name: str) -> "Article":
            one = found.archived[name]
            packed = self.index.text_of(one.number)
            if packed is None:
                raise InputError(f"{self.name}: {one.article.id} was forgotten meanwhile")
            return replace(one.article, id=name, text=unpack_text(packed))

        return text


@contextmanager
def open_archive(
    name: str, outputs: Outputs, scratch: "Scratch", progress: "ProgressLine"
) -> Iterator[Archive]:
    """Open an index, or make one of a result's articles for the while.

    Raises
    ------
    InputError
        Texts are to be shown that the index does not keep.
    IndexFormatError
        The result does not have all articles.
    """
    from dedup.cli.result_archive import open_result
    from dedup.index import open_index
    from dedup.reports.stored_result import is_result_file

    if is_result_file(name):
        with open_result(name, scratch, progress) as index:
            yield Archive(name, index, is_result=True)
        return
    with open_index(name, create=False) as index:
        if outputs.shows_texts and not index.settings.keeps_text:
            raise InputError(
                f"{name}: keeps no texts, which --report and --result show: leave these out"
            )
        yield Archive(name, index, is_result=False)
