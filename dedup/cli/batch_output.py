"""What a batch run reads, and the files that it writes."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.progress import ProgressLine
from dedup.errors import ArgumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dedup.article import Article
    from dedup.batch import Deduplication
    from dedup.cli.batch_against import Archive
    from dedup.cli.unchanged import Unchanged
    from dedup.detector import MemoryBudget
    from dedup.formats.remembered import Extract

__all__ = ["Input", "Outputs"]


@dataclass(frozen=True, slots=True)
class Input:
    """What is read, and how.

    Attributes
    ----------
    feeds : list[str]
        As the user named them.
    paths : list[str]
        The same, standard input being a file by now.
    unchanged : Unchanged | None
        What they were, where they are read again.
    """

    feeds: list[str]
    paths: list[str]
    fields: "Mapping[str, str]" = field(default_factory=dict)
    skip_invalid: bool = False
    extract: "Extract" = "best"
    unchanged: "Unchanged | None" = None

    def check_unchanged(self) -> None:
        """Refuse to write what is not of what was judged.

        Raises
        ------
        InputError
            A feed that is read again is not what it was.
        """
        if self.unchanged is not None:
            self.unchanged.check()


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files asked for; ``None`` is not asked for."""

    clusters: str | None = None
    pairs: str | None = None
    kept: str | None = None
    report: str | None = None
    result: str | None = None
    boilerplate: str | None = None
    report_bytes: int = 8_000_000
    articles: str | None = None

    def check(self, feeds: list[str]) -> None:
        """Refuse names that are given twice, are inputs, or lie in no folder.

        Raises
        ------
        ArgumentError
            Two are the same, or one is read.
        InputError
            A folder is missing: said before the work, not behind it.
        """
        named = self.named
        if len(set(named)) < len(named):
            raise ArgumentError("two outputs have the same name: each needs a file of its own")
        for name in set(named) & set(feeds) - {"-"}:
            raise ArgumentError(f"{name} is input and output: name another file")
        for name in named:
            folder = Path(name).absolute().parent
            if not folder.is_dir() and not name.endswith("/"):  # --kept makes its own
                raise InputError(f"{name}: there is no folder {folder}; make it first")

    def check_kept(self, read: Input) -> None:
        """Refuse feeds that cannot be written into the file that ``--kept`` names.

        Raises
        ------
        InputError
            Said before the work, too.
        """
        from dedup.formats.kept import check_kept

        if self.kept is not None:
            check_kept(
                self.kept,
                read.paths,
                fields=read.fields,
                skip_invalid=read.skip_invalid,
                extract=read.extract,
            )

    @property
    def named(self) -> list[str]:
        """The names of the files and folders asked for."""
        files = (
            self.clusters, self.pairs, self.kept, self.report, self.result, self.boilerplate,
            self.articles,
        )  # fmt: skip
        return [name for name in files if name is not None]

    def written(self) -> list[str]:
        """Return the line that says which files were written, and how large they are."""
        from dedup.reports.words import file_size

        paths = {name: Path(name) for name in self.named}
        told = [
            f"{name} ({file_size(path.stat().st_size)})" if path.is_file() else name
            for name, path in paths.items()
            if path.is_file() or path.is_dir()
        ]
        return [f"Written: {', '.join(told)}"] if told else []

    @property
    def reads_again(self) -> bool:
        """One of the files shows or repeats what was read."""
        return any(
            name is not None for name in (self.kept, self.report, self.result, self.articles)
        )

    @property
    def shows_texts(self) -> bool:
        """One of the files shows the texts of the articles in pairs."""
        return self.report is not None or self.result is not None

    @property
    def pages_bytes(self) -> "Mapping[str, int]":
        """What memory the pages need, at the least, as a budget takes it."""
        if not self.shows_texts:
            return {}
        from dedup.reports.report import ARTICLE_BYTES, page_bytes

        beside = 0 if self.report is None else page_bytes(self.report_bytes)
        return {"pages_bytes": beside, "pages_bytes_an_article": ARTICLE_BYTES}

    @property
    def has_stdout(self) -> bool:
        """One of the files is standard output."""
        return "-" in (self.clusters, self.pairs, self.kept, self.report, self.articles)

    def write(
        self,
        result: "Deduplication",
        read: Input,
        notes: list[str],
        progress: ProgressLine,
        archive: "Archive | None" = None,
        budget: "MemoryBudget | None" = None,
    ) -> None:
        """Write the files asked for: rows and records all of them whole, or none.

        Raises
        ------
        MemoryBudgetError
            The pages have no room.
        """
        from dedup.boilerplate.stored import pack_boilerplate
        from dedup.formats.kept import write_kept
        from dedup.formats.tables import write_rows
        from dedup.match.match import ROW_KEYS as PAIR_KEYS
        from dedup.match.rows import pair_rows
        from dedup.output import open_output

        progress("write", len(result.members), None)
        read.check_unchanged()
        if budget is not None and self.shows_texts:
            from dedup.reports.report import shown_bytes

            beside = self.pages_bytes["pages_bytes"]
            budget.check_pages(len(result.members), beside + shown_bytes(result))
        with ExitStack() as files:
            if self.clusters is not None:
                stream = files.enter_context(open_output(self.clusters))
                rows = result.cluster_rows()
                write_rows(stream, self.clusters, rows, columns=result.cluster_keys)
            if self.pairs is not None:
                stream = files.enter_context(open_output(self.pairs))
                write_rows(stream, self.pairs, pair_rows(result.matches), columns=PAIR_KEYS)
            if self.boilerplate is not None:
                stream = files.enter_context(open_output(self.boilerplate))
                stream.write(pack_boilerplate(result.boilerplate, result.recipe.digest))
            if self.articles is not None:
                from dedup.reports.main_text import ROW_KEYS as ARTICLE_KEYS

                stream = files.enter_context(open_output(self.articles))
                write_rows(stream, self.articles, _articles(result, read), columns=ARTICLE_KEYS)
            if self.kept is not None:
                write_kept(
                    self.kept,
                    read.paths,
                    result.dropped,
                    fields=read.fields,
                    skip_invalid=read.skip_invalid,
                    extract=read.extract,
                    check=read.check_unchanged,
                )
            read.check_unchanged()
        if self.shows_texts:
            self._write_pages(result, read, notes, progress, archive)

    def _write_pages(
        self,
        result: "Deduplication",
        read: Input,
        notes: list[str],
        progress: ProgressLine,
        archive: "Archive | None",
    ) -> None:
        """Write what shows texts: they are read again, and wait in a temporary file."""
        from dedup.formats.lookup import ArticleLookup
        from dedup.reports.report import write_report, write_result

        ids = result.matches.involved if self.result is None else result.members
        with ArticleLookup(
            read.paths,
            ids,
            fields=read.fields,
            skip_invalid=read.skip_invalid,
            extract=read.extract,
        ) as texts_of_feeds:
            read.check_unchanged()
            result, texts, notes = _with_archive(result, texts_of_feeds, notes, archive)
            if self.report is not None:
                write_report(
                    result,
                    texts,
                    self.report,
                    size_bytes=self.report_bytes,
                    inputs=read.feeds,
                    fields=read.fields,
                    notes=notes,
                    progress=progress,
                )
            if self.result is not None:
                write_result(
                    result,
                    texts,
                    self.result,
                    inputs=read.feeds,
                    fields=read.fields,
                    notes=notes,
                )


def _with_archive(
    result: "Deduplication",
    texts: "Callable[[str], Article]",
    notes: list[str],
    archive: "Archive | None",
) -> "tuple[Deduplication, Callable[[str], Article], list[str]]":
    """Return a result with what it knows of an archive, and what gives all texts."""
    if archive is None:
        return result, texts, notes
    from dedup.daily import Continuation, shown

    assert isinstance(result, Continuation)  # noqa: S101 - that is what an archive finds
    archived, texts_of_archive = result.archived, archive.texts(result)
    whole = shown(result, map(texts_of_archive, archived))

    def text(identity: str) -> "Article":
        return texts_of_archive(identity) if identity in archived else texts(identity)

    return whole, text, [*notes, whole.notes[-1]]


def _articles(result: "Deduplication", read: Input) -> "Iterator[dict[str, object]]":
    """Yield the kept articles, their texts without what their sites repeat."""
    from dedup.formats import read_articles
    from dedup.reports.main_text import article_row

    articles = read_articles(
        read.paths, fields=read.fields, skip_invalid=read.skip_invalid, extract=read.extract
    )
    for article in articles:
        if article.id not in result.dropped:
            yield article_row(article, result.boilerplate, seed=result.recipe.seed)
